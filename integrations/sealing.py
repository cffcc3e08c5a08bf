"""Secrets at rest: keys of entities, SAML messages. Sealed with a key that is not in the database.

``SEALING_KEYS`` holds one or more keys (a mounted secret); the first seals, all open, so a key is changed by putting
the new one first. Fernet: AES-128-CBC with HMAC-SHA256, from the ``cryptography`` package.
"""

from base64 import urlsafe_b64encode
from functools import lru_cache
from hashlib import sha256

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class SealBroken(RuntimeError):
    """The secret was sealed with a key that is not in SEALING_KEYS, or was changed."""


def seal(content: bytes) -> bytes:
    """The content, unreadable without SEALING_KEYS."""
    return _fernet(tuple(settings.SEALING_KEYS)).encrypt(content)


def unseal(sealed: bytes | memoryview) -> bytes:
    """What was sealed; raises SealBroken."""
    try:
        return _fernet(tuple(settings.SEALING_KEYS)).decrypt(bytes(sealed))
    except InvalidToken as error:
        raise SealBroken("Sealed with a key that is not in SEALING_KEYS.") from error


def reseal(sealed: bytes | memoryview) -> bytes:
    """The same content, sealed with the first of SEALING_KEYS; raises SealBroken."""
    return seal(unseal(sealed))


@lru_cache(maxsize=4)
def _fernet(words: tuple[str, ...]) -> MultiFernet:
    """Keys are words of any length: their digest is the key, so that a mounted secret needs no special form."""
    return MultiFernet([Fernet(urlsafe_b64encode(sha256(word.encode()).digest())) for word in words])
