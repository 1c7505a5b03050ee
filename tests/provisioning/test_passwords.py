"""Passwords are made once, for those alone who need them, and never said."""

from pathlib import Path

import pytest

from provisioning import PasswordError, PasswordFiles


@pytest.fixture
def files(tmp_path: Path) -> PasswordFiles:
    files = PasswordFiles(tmp_path / "engines", tmp_path / "services", tmp_path / "readers")
    for directory in (files.engines, files.services, files.readers):
        directory.mkdir()
    return files


def test_each_is_long_and_another_one(files: PasswordFiles) -> None:
    files.make()

    passwords = files.read()
    assert len(set(passwords.values())) == len(passwords) == 5
    assert min(map(len, passwords.values())) >= 32


def test_what_is_there_is_kept(files: PasswordFiles) -> None:
    files.make()
    before = files.read()

    assert files.make() == []

    assert files.read() == before


def test_what_is_missing_is_added(files: PasswordFiles) -> None:
    files.make()
    (files.services / "kibana_password").unlink()

    assert files.make() == ["kibana_password"]


def test_the_engines_files_are_for_their_owner_alone_as_elasticsearch_demands(files: PasswordFiles) -> None:
    files.make()

    assert {path.stat().st_mode & 0o777 for path in files.engines.iterdir()} == {0o400}
    for directory in (files.services, files.readers):
        assert {path.stat().st_mode & 0o777 for path in directory.iterdir()} == {0o440}


def test_who_only_reads_has_its_own_alone(files: PasswordFiles) -> None:
    files.make()

    assert [path.name for path in files.readers.iterdir()] == ["elasticsearch_read_password"]
    assert {path.name for path in files.services.iterdir()} == {"elasticsearch_password", "kibana_password"}


def test_one_that_is_given_is_that_of_elastic(files: PasswordFiles) -> None:
    files.make("chosen-by-somebody")
    files.make("chosen-by-somebody")
    files.make()

    assert files.read()["elastic_password"] == "chosen-by-somebody"


def test_another_than_the_data_were_made_with_is_refused_and_nothing_is_changed(files: PasswordFiles) -> None:
    files.make("the-first")
    before = files.read()

    with pytest.raises(PasswordError, match="ELASTIC_PASSWORD is not the password that these data") as refused:
        files.make("the-second")

    assert "the-first" not in str(refused.value)
    assert "the-second" not in str(refused.value)
    assert files.read() == before


def test_files_that_are_not_there_are_named(files: PasswordFiles) -> None:
    with pytest.raises(PasswordError, match="elastic_password"):
        files.read()


def test_a_directory_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    nowhere = PasswordFiles(*[tmp_path / "nowhere"] * 3)

    with pytest.raises(PasswordError, match="nowhere"):
        nowhere.make()
