import logging
from pathlib import Path

import pytest

from query_api.settings import ApiSettings
from schemas.settings import SettingsError


@pytest.fixture(autouse=True)
def bare_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting in the environment, no `.env`."""
    for name in ApiSettings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)


def refused(monkeypatch: pytest.MonkeyPatch, **environment: str) -> str:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as refused:
        ApiSettings.read()
    assert "\n" not in str(refused.value)
    return str(refused.value)


def test_by_default_the_service_is_for_this_machine() -> None:
    settings = ApiSettings.read()

    assert (settings.api_host, settings.api_port) == ("127.0.0.1", 8000)
    assert settings.on_loopback
    assert settings.admin_token is None


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "::1", "localhost"])
def test_on_loopback_no_token_is_needed(monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    monkeypatch.setenv("API_HOST", host)

    assert ApiSettings.read().on_loopback


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "videos.example", "[::1]"])  # noqa: S104
@pytest.mark.parametrize("token", ["", "  "])
def test_off_loopback_a_token_is_needed(monkeypatch: pytest.MonkeyPatch, host: str, token: str) -> None:
    reason = refused(monkeypatch, API_HOST=host, ADMIN_TOKEN=token)

    assert "set ADMIN_TOKEN" in reason
    assert f"API_HOST={host}" in reason


@pytest.mark.parametrize("token", ["QxZw", "fifteen-letters", "a" * 40, "1234512345123451"])
@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])  # noqa: S104
def test_a_token_that_could_be_guessed_is_refused(monkeypatch: pytest.MonkeyPatch, host: str, token: str) -> None:
    reason = refused(monkeypatch, API_HOST=host, ADMIN_TOKEN=token)

    assert "ADMIN_TOKEN" in reason
    assert "at least 16 random characters" in reason
    assert token not in reason.replace("set at least", "")


def test_off_loopback_with_a_token_the_service_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("API_HOST", "0.0.0.0")  # noqa: S104
    monkeypatch.setenv("ADMIN_TOKEN", " a-secret-of-the-test\n")

    settings = ApiSettings.read()

    assert settings.admin_token is not None
    assert settings.admin_token.get_secret_value() == "a-secret-of-the-test"
    assert "a-secret-of-the-test" not in repr(settings)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("API_PORT", "0"),
        ("API_PORT", "65536"),
        ("API_PORT", "http"),
        ("SUBJECTS_SINCE", "yesterday"),
        ("SUBJECTS_SINCE", "0001-01-01T00:00:00+14:00"),
        ("SUBJECTS_SINCE", "2100-01-01"),
        ("SUBJECTS_SINCE", "2005-01-01"),
        ("STACK", "swarm"),
        ("SIMULATED", "perhaps"),
    ],
)
def test_a_setting_that_cannot_be_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    reason = refused(
        monkeypatch, ADMIN_TOKEN="a-secret-of-the-test", ENCRYPTION_KEY="another-secret", **{name: value}
    )

    assert name in reason
    assert "secret" not in reason


def test_every_wrong_setting_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    reason = refused(monkeypatch, API_PORT="x", STACK="y")

    assert "API_PORT" in reason
    assert "STACK" in reason


def test_an_env_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"ADMIN_TOKEN=a-secret-of-the-test\xff\n")

    with pytest.raises(SettingsError, match=r"\.env") as refused:
        ApiSettings.read()
    assert "a-secret-of-the-test" not in str(refused.value)


def test_every_setting_says_what_it_is_for() -> None:
    assert all(field.description for field in ApiSettings.model_fields.values())


def test_a_container_whose_port_is_published_on_loopback_needs_no_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("API_HOST", "0.0.0.0")  # noqa: S104
    monkeypatch.setenv("API_PUBLISHED_ON", "127.0.0.1")

    assert ApiSettings.read().on_loopback


def test_a_container_whose_port_is_published_to_the_network_needs_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("API_HOST", "0.0.0.0")  # noqa: S104
    monkeypatch.setenv("API_PUBLISHED_ON", "0.0.0.0")  # noqa: S104

    with pytest.raises(SettingsError, match="set ADMIN_TOKEN"):
        ApiSettings.read()


@pytest.mark.parametrize("name", ["ALLOWED_HOSTS", "TRUSTED_PROXIES"])
def test_a_gateway_on_this_machine_lets_others_in_so_a_token_is_needed(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    value = {"ALLOWED_HOSTS": "videos.example", "TRUSTED_PROXIES": "127.0.0.1"}[name]

    assert "set ADMIN_TOKEN" in refused(monkeypatch, **{name: value})

    monkeypatch.setenv("ADMIN_TOKEN", "a-secret-of-the-test")
    assert not ApiSettings.read().on_loopback


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ALLOWED_HOSTS", "videos.example:80"),
        ("ALLOWED_HOSTS", "*"),
        ("ALLOWED_HOSTS", "a b"),
        ("TRUSTED_PROXIES", "*"),
        ("TRUSTED_PROXIES", "gateway"),
        ("TRUSTED_PROXIES", "10.0.0.1/8"),
        ("CORS_ORIGINS", "videos.example"),
        ("CORS_ORIGINS", "https://videos.example/"),
        ("CORS_ORIGINS", "*,https://videos.example"),
        ("CORS_ORIGINS", "null"),
        ("SEARCHES_PER_SECOND", "-1"),
        ("SEARCHES_PER_SECOND", "many"),
        ("KEY_ATTEMPTS_PER_MINUTE", "-1"),
        ("LOG_LEVEL", "loud"),
    ],
)
def test_what_guards_the_service_is_refused_by_name_when_it_cannot_be(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    assert name in refused(monkeypatch, ADMIN_TOKEN="a-secret-of-the-test", **{name: value})


def test_lists_are_separated_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "ADMIN_TOKEN": "a-secret-of-the-test",
        "ALLOWED_HOSTS": " Videos.example, search.example,",
        "TRUSTED_PROXIES": "10.0.0.7, 2001:db8::/32",
        "CORS_ORIGINS": "https://videos.example, http://localhost:3000, http://[::1]:3000",
        "LOG_LEVEL": "warning",
    }.items():
        monkeypatch.setenv(name, value)

    settings = ApiSettings.read()

    assert settings.allowed_hosts == ("videos.example", "search.example")
    assert settings.trusted_proxies == ("10.0.0.7/32", "2001:db8::/32")
    assert settings.cors_origins == ("https://videos.example", "http://localhost:3000", "http://[::1]:3000")
    assert settings.level == logging.WARNING


@pytest.mark.parametrize(
    ("own", "common", "used"),
    [("key-to-read", "key-of-all", "key-to-read"), ("", "key-of-all", "key-of-all"), ("", "", None)],
)
def test_the_service_opens_the_index_with_its_own_key_where_it_has_one(
    monkeypatch: pytest.MonkeyPatch, own: str, common: str, used: str | None
) -> None:
    monkeypatch.setenv("ELASTICSEARCH_READ_API_KEY", own)
    monkeypatch.setenv("ELASTICSEARCH_API_KEY", common)

    settings = ApiSettings.read()

    key = settings.elasticsearch_access.api_key
    assert (key and key.get_secret_value()) == used
    assert used is None or used not in repr(settings.elasticsearch_access)
