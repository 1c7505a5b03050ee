"""The stack as `docker compose` runs it, under a project name and on ports of its own, and what happens to it."""

import json
import os
import subprocess
import urllib.request
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

from stack.compose import COMPOSE_FILE
from stack.ports import free_port

ALL_BUT_KIBANA = ("producer", "processor", "query_api", "gateway", "youtube_emulator", "health_recorder")
COMMAND_S = 600.0
ANSWER_S = 30.0

ENGINE_VARIABLES = ("DOCKER_HOST", "DOCKER_CONFIG", "DOCKER_CONTEXT")
"""What says where the tester's engine is."""


class Composed:
    """A project of `docker compose` with settings of its own, and nothing of the tester's."""

    def __init__(self, name: str, settings: Mapping[str, str]) -> None:
        self.name = name
        self.port = free_port()
        kafka, elasticsearch = free_port({self.port}), free_port({self.port})
        inherited = {each: os.environ[each] for each in ("PATH", "HOME", *ENGINE_VARIABLES) if each in os.environ}
        self._environment = {
            **inherited,
            "IMAGE_TAG": "test",
            "API_PORT": str(self.port),
            "KAFKA_PORT": str(kafka),
            "ELASTICSEARCH_PORT": str(elasticsearch),
            **settings,
        }

    @property
    def url(self) -> str:
        """Where the gateway is published."""
        return f"http://127.0.0.1:{self.port}"

    def compose(self, *arguments: str) -> str:
        """What a command of compose writes; it has to succeed."""
        return self._succeed(*self._compose(*arguments))

    def lines_of(self, *arguments: str) -> Iterator[str]:
        """The lines of a command of compose as they come, for as long as they are asked for."""
        process = subprocess.Popen(
            self._compose(*arguments),
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert process.stdout is not None
        try:
            yield from process.stdout
        finally:
            process.kill()
            process.wait()

    def docker(self, *arguments: str) -> str:
        """What a command of the engine writes; it has to succeed."""
        return self._succeed("docker", *arguments)

    def up(self, **replicas: int) -> None:
        """Starts everything but Kibana, and returns once it is healthy."""
        scale = [word for service, count in replicas.items() for word in ("--scale", f"{service}={count}")]
        self.compose("build", "--quiet")
        self.compose("up", "--detach", "--no-recreate", "--wait", "--wait-timeout", "500", *scale, *ALL_BUT_KIBANA)

    def containers(self, service: str) -> list[str]:
        """The ids of the containers of a service, those that ended as well."""
        return self.compose("ps", "--all", "--quiet", service).split()

    def state(self, container: str) -> dict[str, Any]:
        """What the engine knows of a container."""
        described: dict[str, Any] = json.loads(self.docker("inspect", container))[0]
        return described

    def is_well(self, container: str) -> bool:
        """Whether it runs, and answers as far as it is asked."""
        state = self.state(container)["State"]
        return state["Running"] and state.get("Health", {}).get("Status", "healthy") == "healthy"

    def get(self, path: str, **parameters: object) -> Any:
        """The body of a good answer through the gateway."""
        with urllib.request.urlopen(self._address(path, parameters), timeout=ANSWER_S) as answer:
            return json.load(answer)

    def lines(self, path: str, **parameters: object) -> list[Any]:
        """The lines of a good answer, each as JSON."""
        with urllib.request.urlopen(self._address(path, parameters), timeout=ANSWER_S) as answer:
            return [json.loads(line) for line in answer]

    def text(self, path: str) -> list[str]:
        """The lines of a good answer."""
        with urllib.request.urlopen(self._address(path, {}), timeout=ANSWER_S) as answer:
            return answer.read().decode().splitlines()

    def header(self, path: str, name: str, **parameters: object) -> str:
        """A header of a good answer."""
        with urllib.request.urlopen(self._address(path, parameters), timeout=ANSWER_S) as answer:
            return str(answer.headers[name])

    def count(self) -> int:
        """How many videos can be found; -1 while nobody answers."""
        try:
            return int(self.get("/search", limit=1)["total"]["value"])
        except OSError:
            return -1

    def remove(self) -> None:
        """Ends all of it and removes its data; the images stay, which make the next start short."""
        self.compose("down", "--volumes", "--timeout", "5")

    def _compose(self, *arguments: str) -> tuple[str, ...]:
        file = ("--file", str(COMPOSE_FILE), "--env-file", os.devnull, "--profile", "demo")
        return ("docker", "compose", *file, "--project-name", self.name, *arguments)

    def _address(self, path: str, parameters: Mapping[str, object]) -> str:
        return f"{self.url}{path}{'?' if parameters else ''}{urlencode(parameters)}"

    def _succeed(self, *command: str) -> str:
        ended = subprocess.run(
            command, env=self._environment, capture_output=True, text=True, timeout=COMMAND_S, check=False
        )
        assert ended.returncode == 0, f"{' '.join(command)} ended with {ended.returncode}:\n{ended.stderr[-4000:]}"
        return ended.stdout
