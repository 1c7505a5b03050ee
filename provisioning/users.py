"""Users and roles of Elasticsearch: each service may do what it needs, and nobody uses `elastic` but people.

Elastic's documentation: "Create or update roles", "Create or update users", "Change passwords" and "Authenticate a
user" (elastic.co/docs/api/doc/elasticsearch/group/endpoint-security). Only images of Elastic's own have users.
"""

from collections.abc import Mapping
from typing import Any

from elasticsearch import ApiError, AuthenticationException, Elasticsearch
from pydantic import SecretStr

from observability import event_logger
from provisioning.errors import AccessRefusedError
from provisioning.passwords import DASHBOARD, ELASTIC, KIBANA_SYSTEM, READER, WRITER
from schemas.access import ElasticsearchAccess
from video_index import IndexUnavailableError
from video_index.elasticsearch_client import connect

logs = event_logger("provisioning")

_VIDEOS = "youtube-videos*"
_HEALTH = "topicreel-health*"

ROLES: dict[str, dict[str, Any]] = {
    "topicreel_writer": {
        "cluster": [
            "monitor",
            "manage_index_templates",
            # For backups and restores.
            "cluster:admin/repository/*",
            "cluster:admin/snapshot/*",
        ],
        "indices": [{"names": [_VIDEOS, _HEALTH], "privileges": ["manage", "read", "write"]}],
    },
    "topicreel_reader": {
        "cluster": [],
        "indices": [{"names": [_VIDEOS], "privileges": ["read", "view_index_metadata"]}],
    },
}

USERS: dict[str, tuple[str, list[str]]] = {
    "topicreel_writer": (WRITER, ["topicreel_writer"]),
    "topicreel_reader": (READER, ["topicreel_reader"]),
    "topicreel_dashboard": (DASHBOARD, ["kibana_admin"]),
}
"""The name of the password and the roles, by the name of the user."""

_NOT_NOW = (429, 503)
"""What a node answers that has too much to do, or whose users cannot be read yet: it is just up."""
_NO_SECURITY = (400, 404, 405)
"""What a node answers that has no such address: security is off, or not part of it."""


def prepare_users(url: str, passwords: Mapping[str, str], timeout_s: float = 30.0) -> bool:
    """Makes the users and roles as they are to be, whatever was there; False where Elasticsearch has no users.

    Raises AccessRefusedError when it does not let `elastic` in, IndexUnavailableError when it cannot do it now, and
    TransportError when there is no answer.
    """
    elastic = ElasticsearchAccess("ELASTIC_PASSWORD", None, "elastic", SecretStr(passwords[ELASTIC]))
    with connect(url, elastic, timeout_s=timeout_s) as client:
        try:
            return _prepare(client, passwords)
        except AuthenticationException:
            raise AccessRefusedError(
                f"Elasticsearch at {url} refuses the password of its user elastic (401): it is not the one that the "
                "data were made with, or was changed since. Put that one back where ELASTIC_PASSWORD is set, or "
                "change it back: bin/elasticsearch-reset-password -u elastic -i"
            ) from None
        except ApiError as error:
            # Not the answer's body: it may repeat what was sent.
            if error.status_code in _NOT_NOW:
                raise IndexUnavailableError(
                    f"Elasticsearch at {url} cannot make users now ({error.status_code})"
                ) from None
            raise AccessRefusedError(f"Elasticsearch at {url} refuses to make users ({error.status_code})") from None


def _prepare(client: Elasticsearch, passwords: Mapping[str, str]) -> bool:
    try:
        client.security.authenticate()
    except ApiError as error:
        if error.status_code not in _NO_SECURITY:
            raise
        logs.warning("no_users", reason="this Elasticsearch has no security: whoever reaches it may do everything")
        return False
    for role, privileges in ROLES.items():
        client.security.put_role(name=role, **privileges)
    for user, (password, roles) in USERS.items():
        client.security.put_user(username=user, password=passwords[password], roles=roles)
    client.security.change_password(username="kibana_system", password=passwords[KIBANA_SYSTEM])
    logs.info("users_made", users=",".join(USERS))
    return True
