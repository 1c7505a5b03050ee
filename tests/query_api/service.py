"""The service on a real log and a real index in a directory, and what a problem must look like."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from httpx2 import Response
from jsonschema import Draft202012Validator
from starlette.testclient import TestClient

from event_log.embedded import EmbeddedLog
from key_vault import KeyVault
from query_api.app import create_app
from query_api.problems import MEDIA_TYPE, SCHEMA
from query_api.settings import ApiSettings
from schemas import CONTROL
from video_index import VideoIndex
from video_index.embedded import EmbeddedIndex

KEY = "AIzaSy-not_a_real_key_0123456789abcdefg"
JSON = {"Content-Type": "application/json"}

_PROBLEM = Draft202012Validator(SCHEMA)


@dataclass(frozen=True)
class Service:
    """A service, and what it stands on."""

    app: FastAPI
    client: TestClient
    log: EmbeddedLog
    index: VideoIndex

    def search(self, **parameters: object) -> dict[str, Any]:
        """What `GET /search` answers."""
        return self._page("/search", parameters)

    def newest(self, **parameters: object) -> dict[str, Any]:
        """What `GET /get` answers."""
        return self._page("/get", parameters)

    def records(self) -> list[tuple[str | None, bytes | None]]:
        """Keys and values of the control topic."""
        reader = self.log.reader([CONTROL.name])
        try:
            return [(record.key, record.value) for record in reader.read_to_end()]
        finally:
            reader.close()

    def _page(self, path: str, parameters: dict[str, object]) -> dict[str, Any]:
        answer = self.client.get(path, params={name: str(value) for name, value in parameters.items()})
        assert answer.status_code == 200, answer.text
        page: dict[str, Any] = answer.json()
        return page


@contextmanager
def serving(
    directory: Path, index: VideoIndex | None = None, given_log: EmbeddedLog | None = None, **settings: Any
) -> Iterator[Service]:
    """A service in `directory`; `settings` as in `ApiSettings`."""
    settings = {"key_check_wait": 0.0} | settings
    read = ApiSettings(_env_file=None, stack="embedded", data_dir=directory, **settings)  # type: ignore[call-arg]
    vault = KeyVault.open(directory)
    with (
        given_log or EmbeddedLog(directory / "log.sqlite", busy_timeout_s=0.2) as log,
        index or EmbeddedIndex(directory / "index") as opened,
    ):
        app = create_app(read, log, opened, vault)
        with TestClient(app, base_url="http://localhost", raise_server_exceptions=False) as client:
            yield Service(app, client, log, opened)


def problem(answer: Response, status: int, parameter: str | None = None) -> dict[str, Any]:
    """The problem that `answer` is. It must be a valid one that names `parameter` and what that accepts."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == MEDIA_TYPE
    body: dict[str, Any] = answer.json()
    _PROBLEM.validate(body)
    assert body["status"] == status
    assert "Traceback" not in answer.text
    if parameter is not None:
        [error] = body["errors"]
        assert error["parameter"] == parameter
        assert error["reason"]
        assert error["accepted"]
        assert parameter in body["detail"]
    return body
