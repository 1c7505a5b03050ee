import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from pydantic import SecretStr

from key_vault import InvalidKeyError, KeyVault, VaultError
from key_vault.vault import SECRET_FILE
from tests.video_index.contract import NOON

KEY = "AIzaSy-not_a_real_key_0123456789abcdefg"


def test_a_sealed_key_is_revealed_by_the_same_secret_only(tmp_path: Path) -> None:
    vault = KeyVault.open(tmp_path)
    sealed = vault.seal(KEY, source="api", added_at=NOON)

    assert KeyVault.open(tmp_path).reveal(sealed).get_secret_value() == KEY
    with pytest.raises(VaultError, match="add it again"):
        KeyVault(Fernet.generate_key()).reveal(sealed)


def test_nothing_that_is_stored_or_shown_holds_the_key(tmp_path: Path) -> None:
    vault = KeyVault.open(tmp_path)
    sealed = vault.seal(KEY, source="api", added_at=NOON)

    assert KEY not in sealed.model_dump_json()
    assert KEY not in repr(vault.reveal(sealed))
    assert sealed.masked == "…defg"


def test_a_key_is_recognised_again(tmp_path: Path) -> None:
    vault = KeyVault.open(tmp_path)

    assert vault.seal(KEY, source="api", added_at=NOON).id == vault.recognise(f" {KEY}\n")
    assert vault.recognise(KEY) != vault.recognise(KEY + "x")


def test_the_secret_file_is_for_its_owner_only(tmp_path: Path) -> None:
    KeyVault.open(tmp_path)

    assert stat.S_IMODE((tmp_path / SECRET_FILE).stat().st_mode) == 0o600


def test_services_that_start_together_share_one_secret(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        ids = set(pool.map(lambda _: KeyVault.open(tmp_path).recognise(KEY), range(32)))

    assert len(ids) == 1
    assert [path.name for path in tmp_path.iterdir()] == [SECRET_FILE]


@pytest.mark.parametrize("bad", ["", "short", "white space inside", "é" * 20, "x" * 129, "a\x00bcdefgh"])
def test_what_cannot_be_a_key_is_refused_without_repeating_it(tmp_path: Path, bad: str) -> None:
    with pytest.raises(InvalidKeyError) as refused:
        KeyVault.open(tmp_path).seal(bad, source="api", added_at=NOON)

    assert not bad or bad not in str(refused.value)


def test_a_secret_from_the_environment_is_used_and_a_bad_one_is_named(tmp_path: Path) -> None:
    secret = Fernet.generate_key().decode()

    assert KeyVault.open(tmp_path, SecretStr(secret)).recognise(KEY)
    assert not (tmp_path / SECRET_FILE).exists()
    with pytest.raises(VaultError, match="ENCRYPTION_KEY"):
        KeyVault.open(tmp_path, SecretStr("nonsense"))


def test_a_damaged_secret_file_is_named_and_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / SECRET_FILE).write_bytes(b"half a sec")

    with pytest.raises(VaultError, match=rf"{SECRET_FILE} is damaged.*bring back a copy"):
        KeyVault.open(tmp_path)

    assert (tmp_path / SECRET_FILE).read_bytes() == b"half a sec"


def test_another_secret_is_read_back_by_the_same_vault_only(tmp_path: Path) -> None:
    token = KeyVault.open(tmp_path).encrypt("été 🔥")

    assert "été" not in token
    assert KeyVault.open(tmp_path).decrypt(token).get_secret_value() == "été 🔥"
    with pytest.raises(VaultError, match="make it again"):
        KeyVault(Fernet.generate_key()).decrypt(token)


def test_while_a_secret_is_replaced_both_decrypt_and_keys_keep_their_ids(tmp_path: Path) -> None:
    old, new = Fernet.generate_key(), Fernet.generate_key()
    sealed = KeyVault(old).seal(KEY, source="api", added_at=NOON)

    vault = KeyVault(new + b"," + old)
    token = vault.renewed(sealed.encrypted)

    assert token is not None
    assert vault.renewed(token) is None
    assert vault.reveal(sealed).get_secret_value() == KEY
    assert vault.recognise(KEY) == sealed.id
    assert KeyVault(new).decrypt(token).get_secret_value() == KEY
    with pytest.raises(VaultError):
        KeyVault(old).decrypt(token)
    with pytest.raises(VaultError):
        vault.renewed(KeyVault(Fernet.generate_key()).encrypt("of another installation"))
