"""The compose file against the settings, and what its variables are filled from."""

import json
import re
import shutil
import socket
import subprocess
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from kibana.settings import KibanaSettings
from processor.settings import ProcessorSettings
from producer.settings import ProducerSettings
from query_api.settings import ApiSettings
from schemas.engine_settings import ElasticsearchSettings, KafkaSettings
from schemas.settings import CommonSettings
from stack.compose import COMPOSE_FILE, compose, project
from stack.compose_variables import variables_to_look, variables_to_start
from stack.directory import StackDirectory
from stack.docker import scaling
from stack.errors import RefusedError
from stack.origin import Origin, write_origin
from stack.settings import DATA_DIR, DEMO_DATA_DIR, StackSettings

SERVICES: dict[str, type[CommonSettings]] = {
    "producer": ProducerSettings,
    "processor": ProcessorSettings,
    "query_api": ApiSettings,
    "dashboard": KibanaSettings,
    "health_recorder": KibanaSettings,
}
# Filled by the stack itself.
OWN_VARIABLES = {
    "KAFKA_PORT",
    "ELASTICSEARCH_PORT",
    "KIBANA_PORT",
    "CATALOGUE_INSIDE",
    "EMULATOR_ARGUMENTS",
    "IMAGE_TAG",
}
ENDING = {"passwords", "provisioning", "dashboard", "operations"}
OURS = (*SERVICES, "passwords", "provisioning", "operations", "youtube_emulator", "gateway")
# Of settings that are files where SECRETS_DIR says, compose gives the users alone.
BY_FILE = {"SECRETS_DIR"}
OWN_ENGINES = {
    "KAFKA_BOOTSTRAP_SERVERS",
    "KAFKA_PARTITIONS",
    "ELASTICSEARCH_URL",
    "ELASTICSEARCH_SHARDS",
    "ELASTICSEARCH_USERNAME",
    "ELASTICSEARCH_READ_USERNAME",
}
# Where data and engines are is the containers' own affair, and two containers must not have one name in the group.
NOT_PASSED_ON = {"DATA_DIR", "PROCESSOR_INSTANCE_ID"} | {
    # Nor is how other engines than the file's own let clients in.
    name.upper()
    for name in (*KafkaSettings.model_fields, *ElasticsearchSettings.model_fields, *ApiSettings.model_fields)
    if name.startswith(("kafka_", "elasticsearch_")) and name.upper() not in OWN_ENGINES
}


@pytest.fixture
def directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> StackDirectory:
    """Of a stack in an empty working directory, with nothing of the tester's settings."""
    monkeypatch.chdir(tmp_path)
    for name in (*_names(StackSettings), *(name for each in SERVICES.values() for name in _names(each))):
        monkeypatch.delenv(name, raising=False)
    for name in OWN_VARIABLES:
        monkeypatch.delenv(name, raising=False)
    return StackDirectory.of(tmp_path / "data")


@pytest.fixture
def compose_config(directory: StackDirectory) -> dict[str, Any]:
    """The file as compose understands it, for a stack with its settings at their defaults."""
    if shutil.which("docker") is None:
        pytest.skip("there is no docker command")
    if subprocess.run(["docker", "compose", "version"], capture_output=True, check=False).returncode != 0:
        pytest.skip("Docker has no compose plugin")
    return _config(directory, StackSettings())


def test_every_variable_of_the_compose_file_is_a_setting_or_the_stacks_own() -> None:
    variables = set(re.findall(r"\$\{([A-Z_]+)", COMPOSE_FILE.read_text()))

    settings = set(_names(StackSettings)).union(*(_names(each) for each in SERVICES.values()))

    assert variables - settings == OWN_VARIABLES


@pytest.mark.parametrize("service", sorted(SERVICES))
def test_each_service_is_given_all_its_settings_and_no_others(compose_config: dict[str, Any], service: str) -> None:
    given = set(compose_config["services"][service]["environment"])

    names = set(_names(SERVICES[service]))
    assert given - names <= set(_names(CommonSettings)) | BY_FILE
    assert names - given == NOT_PASSED_ON & names


def test_nothing_is_published_beyond_loopback(compose_config: dict[str, Any]) -> None:
    ports = [port for service in compose_config["services"].values() for port in service.get("ports", [])]

    assert {port["host_ip"] for port in ports} == {"127.0.0.1"}
    assert {port["target"] for port in ports} == {29092, 9200, 5601, 8000}


def test_each_image_is_built_by_one_service_which_all_that_use_it_wait_for(compose_config: dict[str, Any]) -> None:
    services = compose_config["services"]
    built = {service["image"]: name for name, service in services.items() if "build" in service}

    assert built == {"topicreel:local": "passwords", "topicreel-gateway:local": "gateway"}
    for name, service in services.items():
        if service["image"] in built and "build" not in service:
            assert service["pull_policy"] == "never"
            assert "passwords" in _waited_for(services, name), name


@pytest.mark.parametrize("service", OURS)
def test_our_containers_may_do_no_more_than_they_need(compose_config: dict[str, Any], service: str) -> None:
    container = compose_config["services"][service]

    assert container["read_only"]
    assert container["tmpfs"] == ["/tmp"]  # noqa: S108 - a path inside of the container
    assert "privileged" not in container


def test_every_container_is_bounded_and_comes_back(compose_config: dict[str, Any]) -> None:
    for name, container in compose_config["services"].items():
        assert container["init"], name
        assert container["cap_drop"] == ["ALL"], name
        assert container["security_opt"] == ["no-new-privileges:true"], name
        assert int(container["mem_limit"]) <= 1536 * 1024 * 1024, name
        assert container["logging"]["options"]["max-size"] == "10m", name
        assert (container["restart"] == "unless-stopped") == (name not in ENDING), name


def test_every_container_that_goes_on_is_asked_how_it_is(compose_config: dict[str, Any]) -> None:
    services = compose_config["services"]

    assert {name for name, service in services.items() if "healthcheck" not in service} == ENDING


def test_who_needs_another_waits_until_it_is_well_or_has_done_its_work(compose_config: dict[str, Any]) -> None:
    conditions = {
        (name, other): needed["condition"]
        for name, service in compose_config["services"].items()
        for other, needed in service.get("depends_on", {}).items()
    }

    # It waits longer than a container may take to be healthy.
    assert conditions.pop(("dashboard", "kibana")) == "service_started"
    for (name, other), condition in conditions.items():
        wanted = "service_completed_successfully" if other in ENDING else "service_healthy"
        assert condition == wanted, (name, other)


def test_only_engines_write_to_their_own_file_system(compose_config: dict[str, Any]) -> None:
    writing = {name for name, service in compose_config["services"].items() if not service.get("read_only")}

    assert writing == {"kafka", "elasticsearch", "kibana"}


def test_a_sign_of_life_is_where_the_check_looks_for_it(compose_config: dict[str, Any]) -> None:
    services = compose_config["services"]

    looked_for = {
        name
        for name in services.keys() - ENDING
        if "/tmp/alive" in services[name]["healthcheck"]["test"][1]  # noqa: S108
    }

    assert looked_for == {"producer", "processor", "health_recorder"}
    for name in looked_for:
        assert services[name]["environment"]["LIFE_SIGN_FILE"] == "/tmp/alive"  # noqa: S108


def test_only_who_needs_a_password_has_its_file(compose_config: dict[str, Any]) -> None:
    services = compose_config["services"]

    assert _with_volume(services, "engine-secrets") == {"passwords", "elasticsearch", "kibana", "provisioning"}
    assert _with_volume(services, "reader-secrets") == {"passwords", "query_api", "provisioning"}
    assert not _with_volume(services, "service-secrets") & {"query_api", "youtube_emulator", "gateway"}


def test_only_who_decrypts_has_the_secret_to_do_it_with(compose_config: dict[str, Any]) -> None:
    services = compose_config["services"]

    told = {name for name, service in services.items() if "ENCRYPTION_KEY" in (service.get("environment") or {})}

    assert told == _with_volume(services, "service-data") == {"producer", "query_api", "operations"}


def test_elasticsearch_takes_no_more_writes_before_the_disk_is_full(compose_config: dict[str, Any]) -> None:
    environment = compose_config["services"]["elasticsearch"]["environment"]

    disk = {name.rpartition("disk.")[2]: value for name, value in environment.items() if "allocation.disk." in name}

    assert disk == {
        "threshold_enabled": "true",
        "watermark.low": "2gb",
        "watermark.high": "1500mb",
        "watermark.flood_stage": "1gb",
    }


def test_no_password_is_among_what_a_container_is_started_with(compose_config: dict[str, Any]) -> None:
    kibana = compose_config["services"]["kibana"]

    assert not any("PASSWORD" in name for name in kibana["environment"])
    assert "--config /run/kibana/password.yml" in kibana["command"][0]
    assert kibana["tmpfs"] == ["/run/kibana"]


def test_the_demo_serves_the_catalogue_from_inside_its_container(
    compose_config: dict[str, Any], directory: StackDirectory
) -> None:
    catalogue = directory.root.parent / "my videos.jsonl.gz"

    emulator = _config(directory, StackSettings(simulated=True, catalogue=catalogue))["services"]["youtube_emulator"]

    assert emulator["command"][-2:] == ["--catalogue", "/catalogue.jsonl.gz"]
    (volume,) = emulator["volumes"]
    assert (volume["source"], volume["target"]) == (str(catalogue), "/catalogue.jsonl.gz")
    assert volume["read_only"]


def test_two_directories_have_containers_of_two_names(tmp_path: Path) -> None:
    one, other = (StackDirectory.of(tmp_path / name) for name in ("one", "other"))

    assert project(one) == project(StackDirectory.of(tmp_path / "one"))
    assert project(one) != project(other)
    assert project(one) in compose(one, "ps")


def test_plain_compose_means_the_stack_in_the_checkouts_own_directory() -> None:
    own = project(StackDirectory.of(COMPOSE_FILE.parent / DATA_DIR))

    assert f"\nname: {own}\n" in COMPOSE_FILE.read_text()
    assert own != project(StackDirectory.of(COMPOSE_FILE.parent / DEMO_DATA_DIR))


def test_more_replicas_are_made_by_plain_compose_and_nothing_else_is_made_anew(tmp_path: Path) -> None:
    own, other = StackDirectory.of(COMPOSE_FILE.parent / DATA_DIR), StackDirectory.of(tmp_path)

    assert scaling(own).startswith("docker compose up --detach --no-recreate --scale query_api=3")
    assert f"--project-name {project(other)} " in scaling(other)

    write_origin(other, Origin(stack="docker", simulated=True))
    assert scaling(other).startswith("SIMULATED=1 docker compose ")


def test_a_setting_in_the_env_file_is_read_as_the_services_read_it(directory: StackDirectory) -> None:
    Path(".env").write_text("ADMIN_TOKEN=a$b\npoll_overlap=60\nSEARCH_COST=2\nENCRYPTION_KEY=\n")

    variables = variables_to_start(StackSettings(), directory)

    assert variables["ADMIN_TOKEN"] == "a$b"
    assert variables["POLL_OVERLAP"] == "60"
    assert "ENCRYPTION_KEY" not in variables


def test_the_environment_comes_before_the_env_file(
    directory: StackDirectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path(".env").write_text("SEARCH_COST=2\nPOLL_OVERLAP=60\n")
    monkeypatch.setenv("SEARCH_COST", "3")
    monkeypatch.setenv("POLL_OVERLAP", "")

    variables = variables_to_start(StackSettings(), directory)

    assert (variables["SEARCH_COST"], variables["POLL_OVERLAP"]) == ("3", "60")


def test_a_port_the_user_gave_is_kept_and_the_others_are_remembered(
    directory: StackDirectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KIBANA_PORT", "5601")

    first, second = (variables_to_start(StackSettings(), directory) for _ in range(2))

    assert first["KIBANA_PORT"] == "5601"
    assert first["KAFKA_PORT"] == second["KAFKA_PORT"]
    assert first["KAFKA_PORT"] != first["ELASTICSEARCH_PORT"]


def test_an_engine_that_runs_keeps_the_port_that_it_is_published_on(directory: StackDirectory) -> None:
    with socket.create_server(("127.0.0.1", 0)) as kafka:
        port = kafka.getsockname()[1]

        variables = variables_to_start(StackSettings(), directory, {"kafka": port})

    assert variables["KAFKA_PORT"] == str(port)
    assert variables["ELASTICSEARCH_PORT"] != str(port)


def test_the_demo_asks_the_emulator_and_never_youtube(
    directory: StackDirectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YOUTUBE_API_URL", "https://youtube.example/youtube/v3")
    monkeypatch.setenv("YOUTUBE_API_KEYS", "the-users-own-key")

    settings = StackSettings(simulated=True, youtube_api_keys=SecretStr("demo-key"))
    variables = variables_to_start(settings, directory)

    assert variables["YOUTUBE_API_URL"] == "http://youtube_emulator:8080/youtube/v3"
    assert variables["YOUTUBE_API_KEYS"] == "demo-key"
    assert variables["SIMULATED"] == "1"


@pytest.mark.parametrize(
    ("host", "published_on"), [("localhost", "127.0.0.1"), ("127.0.0.1", "127.0.0.1"), ("127.0.0.2", "127.0.0.2")]
)
def test_a_name_is_published_on_its_address(directory: StackDirectory, host: str, published_on: str) -> None:
    variables = variables_to_start(StackSettings(api_host=host), directory)

    assert variables["API_HOST"] == published_on


def test_an_address_that_cannot_be_published_on_is_refused_by_its_setting(directory: StackDirectory) -> None:
    with pytest.raises(RefusedError, match="API_HOST=::1"):
        variables_to_start(StackSettings(api_host="::1"), directory)


def test_containers_that_are_there_can_be_looked_at_whatever_the_settings_say(
    directory: StackDirectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("API_HOST", "localhost")

    assert variables_to_look()["API_HOST"] == "127.0.0.1"


def _with_volume(services: dict[str, Any], volume: str) -> set[str]:
    """The services into which the volume is mounted."""
    mounted = {name: [each["source"] for each in service.get("volumes", [])] for name, service in services.items()}
    return {name for name, sources in mounted.items() if volume in sources}


def _waited_for(services: dict[str, Any], name: str) -> set[str]:
    """The services that have to be there before this one, and before those."""
    before = set(services[name].get("depends_on", {}))
    return before.union(*(_waited_for(services, each) for each in before))


def _names(settings: type[CommonSettings]) -> list[str]:
    return [name.upper() for name in settings.model_fields]


def _config(directory: StackDirectory, settings: StackSettings) -> dict[str, Any]:
    command = compose(directory, "--profile", "*", "config", "--format", "json")
    answer = subprocess.run(
        command, env=variables_to_start(settings, directory), capture_output=True, text=True, check=False
    )
    assert answer.returncode == 0, answer.stderr
    config: dict[str, Any] = json.loads(answer.stdout)
    return config
