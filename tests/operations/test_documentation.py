"""docs/operations.md against the code: commands and options exist, and every metric to watch is there."""

import re
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from event_log import NewRecord
from operations.__main__ import _COMMANDS, _parser
from schemas import ALL_TOPICS, POLL_STATE
from tests.query_api.service import KEY, serving
from tests.query_api.test_status import a_status

ROOT = Path(__file__).parent.parent.parent
TEXT = (ROOT / "docs" / "operations.md").read_text()
MAKEFILE = (ROOT / "Makefile").read_text()
CODE = "\n".join(re.findall(r"`[^`]+`|```.*?```", TEXT, re.DOTALL))
SOURCES = "\n".join(
    path.read_text() for room in ("operations", "processor", "schemas") for path in (ROOT / room).glob("*.py")
)


def test_every_make_target_it_names_exists() -> None:
    named = set(re.findall(r"\bmake ([a-z]+)\b", CODE))

    assert named <= set(re.findall(r"^([a-z]+):", MAKEFILE, re.MULTILINE))
    assert named >= {"reindex", "backup", "restore", "verify", "rotate", "up", "down"}


def test_every_command_there_is_has_its_target_and_its_place_in_it() -> None:
    for command in _COMMANDS:
        assert re.search(rf"^{command}: environment", MAKEFILE, re.MULTILINE)
        assert f"make {command}" in CODE


def test_every_module_it_runs_exists() -> None:
    for module in re.findall(r"python -m ([a-z_]+)", TEXT):
        assert (ROOT / module / "__main__.py").exists()


def test_every_option_it_names_is_one_of_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    helps = ""
    for command in _COMMANDS:
        with pytest.raises(SystemExit):
            _parser().parse_args([command, "--help"])
        helps += capsys.readouterr().out
    named = set(re.findall(r"(?:ARGS=|`)(--[a-z-]+)", TEXT))

    assert named == set(re.findall(r"--[a-z-]+", helps)) - {"--help"}


def test_every_log_line_it_names_is_written_somewhere() -> None:
    named = re.findall(r"Log lines to look for: (.*)\.", TEXT)[0]

    assert len(re.findall(r"`([a-z_]+)`", named)) >= 3
    for event in re.findall(r"`([a-z_]+)`", named):
        assert f'"{event}"' in SOURCES


def test_every_metric_to_watch_is_one_that_a_service_has(tmp_path: Path) -> None:
    watched = set(re.findall(r"^\| `(topicreel_[a-z_]+)`", TEXT, re.MULTILINE))
    with serving(tmp_path) as service:
        service.log.create_topics(ALL_TOPICS)
        service.index.ensure()
        status = a_status()
        service.log.append([NewRecord(POLL_STATE.name, status.key, status.to_json())])
        service.client.post("/add_api_key", json={"key": KEY})
        service.search()

        text = service.client.get("/metrics").text

    families = list(text_string_to_metric_families(text))
    known = {sample.name for family in families for sample in family.samples} | {family.name for family in families}
    assert len(watched) > 10
    assert watched <= known
