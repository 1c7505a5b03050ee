"""A secret that is made here is added to `.env`, which nobody else may read, and nothing else in it is touched."""

from pathlib import Path

import pytest
from pydantic_settings import DotEnvSettingsSource

from stack.env_file import add_missing
from stack.errors import StackError
from stack.settings import StackSettings


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return Path(".env")


def test_a_file_is_made_for_its_owner_alone(file: Path) -> None:
    said: list[str] = []

    secret = add_missing(file, "ELASTIC_PASSWORD", said.append)

    assert file.read_text() == f"ELASTIC_PASSWORD={secret}\n"
    assert file.stat().st_mode & 0o777 == 0o600
    assert len(secret) >= 32
    assert secret not in "".join(said)


@pytest.mark.parametrize("before", ["SUBJECTS=tea\n", "SUBJECTS=tea", "# mine\nSUBJECTS='a; b'\n\n"])
def test_what_stands_there_stays(file: Path, before: str) -> None:
    file.write_text(before)
    file.chmod(0o644)

    secret = add_missing(file, "ELASTIC_PASSWORD", lambda _: None)

    assert file.read_text().startswith(before)
    assert file.read_text().splitlines()[-1] == f"ELASTIC_PASSWORD={secret}"
    assert file.stat().st_mode & 0o777 == 0o600
    assert "SUBJECTS" in {name.upper() for name in DotEnvSettingsSource(StackSettings).env_vars}


def test_it_is_read_as_it_was_made(file: Path) -> None:
    secret = add_missing(file, "ELASTIC_PASSWORD", lambda _: None)

    read = StackSettings().elastic_password
    assert read is not None
    assert read.get_secret_value() == secret


def test_an_empty_one_is_filled_by_the_later_line(file: Path) -> None:
    file.write_text("ELASTIC_PASSWORD=\n")

    secret = add_missing(file, "ELASTIC_PASSWORD", lambda _: None)

    read = StackSettings().elastic_password
    assert read is not None
    assert read.get_secret_value() == secret


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(StackError, match="ELASTIC_PASSWORD"):
        add_missing(tmp_path / "nowhere" / ".env", "ELASTIC_PASSWORD", lambda _: None)
