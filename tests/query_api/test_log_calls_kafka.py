"""Requests while a real Kafka is stopped in its tracks, or killed."""

import time
from pathlib import Path

import httpx2
import pytest

from stack.process import wait_until
from tests.engine import RunningEngine
from tests.query_api.test_following_kafka import serving
from tests.query_api.test_log_calls import ANSWERED, QUICK_S, REFUSED, crowd, slowest_search
from tests.video_index.contract import a_video, fill

pytestmark = pytest.mark.kafka


@pytest.mark.parametrize("killed", [False, True], ids=["stopped", "killed"])
def test_no_search_waits_for_an_absent_kafka_and_all_others_are_answered_quickly(
    tmp_path: Path, kafka_broker: RunningEngine, killed: bool
) -> None:
    with serving(tmp_path, kafka_broker) as (service, address):
        service.index.ensure()
        fill(service.index, [a_video("a", "cats")])
        assert httpx2.post(f"{address}/subjects", json={"query": "cats"}, timeout=30).status_code == 201
        if killed:
            kafka_broker.kill()
        else:
            kafka_broker.pause()
        try:
            began = time.monotonic()
            with crowd(address, (*REFUSED, *ANSWERED)) as asked:
                slowest = slowest_search(address, began + QUICK_S)
                answers = [answer.result() for answer in asked]
                assert time.monotonic() - began < 2 * QUICK_S
            assert slowest < QUICK_S / 2
            assert {answer.status_code for answer in answers if answer.url.path in REFUSED} == {503}
            assert {answer.status_code for answer in answers if answer.url.path in ANSWERED} == {200}

            began = time.monotonic()
            with crowd(address, (*REFUSED, *ANSWERED)) as asked:
                assert {answer.result().status_code for answer in asked} == {200, 503}
            assert time.monotonic() - began < QUICK_S / 2
        finally:
            if not killed:
                kafka_broker.resume()
        kafka_broker.start_unless_running()

        assert wait_until(lambda: httpx2.get(f"{address}/subjects").status_code == 200, 60, lambda: False)
        assert httpx2.get(f"{address}/subjects").json()[0]["query"] == "cats"
