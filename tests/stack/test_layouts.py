from pathlib import Path

import pytest

from stack.directory import StackDirectory
from stack.errors import RefusedError
from stack.layouts import native_layout
from stack.settings import StackSettings


def test_a_kafka_that_would_be_started_here_speaks_no_tls(tmp_path: Path) -> None:
    settings = StackSettings(stack="native", kafka_bootstrap_servers=None, kafka_security_protocol="SSL")

    with pytest.raises(RefusedError, match="set KAFKA_BOOTSTRAP_SERVERS as well"):
        native_layout(settings, StackDirectory.of(tmp_path), print)


def test_where_both_engines_are_somebody_elses_none_is_started_here(tmp_path: Path) -> None:
    settings = StackSettings(
        stack="native",
        kafka_bootstrap_servers="kafka.example:9093",
        kafka_security_protocol="SSL",
        elasticsearch_url="https://search.example:9243",
    )

    [services] = native_layout(settings, StackDirectory.of(tmp_path), print).stages

    assert [part.name for part in services] == ["producer", "processor", "query_api"]
    assert all(part.environment["KAFKA_BOOTSTRAP_SERVERS"] == "kafka.example:9093" for part in services)
