"""Why a container does not come up: each cause that users meet is recognised by what the programs themselves say."""

from typing import Any

import pytest

from stack.docker_trouble import Container, reasons, unwell

DIED: dict[str, Any] = {"Status": "restarting", "Restarting": True, "ExitCode": 1}
SICK: dict[str, Any] = {"Status": "running", "Health": {"Status": "unhealthy", "Log": []}}


def only_reason(service: str, log: str, state: dict[str, Any] = DIED) -> str:
    [reason] = reasons([Container(service, state, log)])
    return reason


@pytest.mark.parametrize(
    ("service", "line"),
    [
        (
            "elasticsearch",
            "java.lang.IllegalStateException: cannot downgrade a node from version [9.6.0] to version [9.5.3]",
        ),
        (
            "elasticsearch",
            '{"error.message":"cannot upgrade a node from version [7.17.0] directly to version [9.5.3], upgrade to '
            'version [8.19.0] first."}',
        ),
        (
            "kafka",
            "java.lang.IllegalArgumentException: No MetadataVersion with feature level 99. Valid feature levels",
        ),
    ],
)
def test_a_volume_of_another_version(service: str, line: str) -> None:
    said = only_reason(service, f"starting\n{line}\nstopped")

    assert said.startswith(f"{service} does not come up: its volume was written by another version")
    assert "Its data are as they were" in said
    assert "another DATA_DIR" in said


def test_a_volume_of_another_cluster() -> None:
    said = only_reason(
        "kafka", "RuntimeException: Invalid cluster.id in: /data/meta.properties. Expected a, but read b"
    )

    assert "belongs to another cluster" in said


def test_too_few_memory_maps() -> None:
    line = "max virtual memory areas vm.max_map_count [65530] is too low, increase to at least [262144]"

    assert "sudo sysctl -w vm.max_map_count=262144" in only_reason("elasticsearch", line)


def test_a_container_that_took_more_memory_than_it_may() -> None:
    assert "mem_limit" in only_reason("elasticsearch", "", DIED | {"OOMKilled": True})


def test_a_full_disk() -> None:
    assert "the disk is full" in only_reason("kafka", "java.io.IOException: No space left on device")


def test_a_password_that_elasticsearch_refuses_to_its_health_check() -> None:
    check = {"ExitCode": 22, "Output": "curl: (22) The requested URL returned error: 401\n"}
    sick = {"Status": "running", "Health": {"Status": "unhealthy", "Log": [check]}}

    said = only_reason("elasticsearch", "", sick)

    assert "ELASTIC_PASSWORD" in said


def test_what_our_own_services_say_is_passed_on() -> None:
    line = '2026-11-26T08:00:00Z ERROR provisioning cannot_start reason="ELASTIC_PASSWORD is not \\"it\\""'
    state = {"Status": "exited", "ExitCode": 2}

    assert only_reason("passwords", line, state) == 'passwords does not come up: ELASTIC_PASSWORD is not "it"'


def test_who_does_not_come_up_is_named_also_where_it_is_not_known_why() -> None:
    ill = [Container(service, SICK, "") for service in ("producer", "kafka", "producer")]
    others = [
        Container("gateway", {"Status": "created"}, ""),
        Container("passwords", {"Status": "exited", "ExitCode": 0}, ""),
    ]

    assert unwell([*ill, *others]) == ["kafka", "producer"]


def test_nothing_is_made_up_about_what_is_not_known() -> None:
    assert reasons([Container("kafka", SICK, "something else")]) == []


def test_who_is_well_waits_or_has_done_its_work_is_left_alone() -> None:
    complaint = "No space left on device"
    states: list[dict[str, Any]] = [
        {"Status": "running"},
        {"Status": "running", "Health": {"Status": "healthy"}},
        {"Status": "exited", "ExitCode": 0},
        {"Status": "created"},
    ]

    assert reasons(Container("kafka", state, complaint) for state in states) == []
