"""Who may do what in Elasticsearch, against a stand-in for its security API; and, on a real node without security,
that nothing is demanded of it."""

import pytest
from elasticsearch import TransportError

from provisioning import AccessRefusedError, prepare_users
from provisioning.users import ROLES
from stack.ports import free_port
from tests.provisioning.elastic_stand_in import elastic_stand_in
from video_index import IndexUnavailableError

PASSWORDS = {
    "elastic_password": "of-elastic",
    "kibana_system_password": "of-kibana",
    "elasticsearch_password": "of-the-writer",
    "elasticsearch_read_password": "of-the-reader",
    "kibana_password": "of-the-dashboard",
}


def test_each_service_has_a_user_with_its_password_and_again_changes_nothing() -> None:
    with elastic_stand_in("of-elastic") as node:
        for _ in range(2):
            assert prepare_users(node.url, PASSWORDS)

        assert node.passwords == {
            "elastic": "of-elastic",
            "kibana_system": "of-kibana",
            "topicreel_writer": "of-the-writer",
            "topicreel_reader": "of-the-reader",
            "topicreel_dashboard": "of-the-dashboard",
        }
        assert {name: user["roles"] for name, user in node.users.items()} == {
            "topicreel_writer": ["topicreel_writer"],
            "topicreel_reader": ["topicreel_reader"],
            "topicreel_dashboard": ["kibana_admin"],
        }
        assert node.roles == ROLES


def test_who_answers_searches_may_only_read() -> None:
    with elastic_stand_in("of-elastic") as node:
        prepare_users(node.url, PASSWORDS)

        [indices] = node.roles["topicreel_reader"]["indices"]
        assert indices == {"names": ["youtube-videos*"], "privileges": ["read", "view_index_metadata"]}
        assert node.roles["topicreel_reader"]["cluster"] == []


def test_a_password_that_is_not_that_of_elastic_is_named_and_not_said() -> None:
    with elastic_stand_in("of-old-elastic") as node:
        with pytest.raises(AccessRefusedError, match=r"refuses the password of its user elastic \(401\)") as refused:
            prepare_users(node.url, PASSWORDS)

        assert "ELASTIC_PASSWORD" in str(refused.value)
        assert not any(password in str(refused.value) for password in (*PASSWORDS.values(), "of-old-elastic"))
        assert node.users == {}


def test_a_node_without_security_is_left_alone() -> None:
    with elastic_stand_in(None) as node:
        assert not prepare_users(node.url, PASSWORDS)


@pytest.mark.parametrize("status", [429, 503])
def test_a_node_that_cannot_do_it_now_is_not_refused_for_good(status: int) -> None:
    with elastic_stand_in("of-elastic") as node:
        node.refuses_with = status
        with pytest.raises(IndexUnavailableError, match=str(status)):
            prepare_users(node.url, PASSWORDS)

        node.refuses_with = None
        assert prepare_users(node.url, PASSWORDS)


def test_what_a_node_refuses_otherwise_stays_refused() -> None:
    with elastic_stand_in("of-elastic") as node:
        node.refuses_with = 403
        with pytest.raises(AccessRefusedError, match="403"):
            prepare_users(node.url, PASSWORDS)


@pytest.mark.elasticsearch
def test_a_real_node_without_security_answers_as_the_stand_in_does(elasticsearch_url: str) -> None:
    assert not prepare_users(elasticsearch_url, PASSWORDS)


def test_a_node_that_does_not_answer_is_another_matter() -> None:
    with pytest.raises(TransportError):
        prepare_users(f"http://127.0.0.1:{free_port()}", PASSWORDS, timeout_s=1)
