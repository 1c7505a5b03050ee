"""Keeps YouTube API keys encrypted at rest, and recognises a key again without storing it in the clear."""

from key_vault.vault import InvalidKeyError, KeyVault, VaultError, check_key

__all__ = ["InvalidKeyError", "KeyVault", "VaultError", "check_key"]
