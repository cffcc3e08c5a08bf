"""Cache keys: the Comune is part of every key of the default cache."""

from tenants.current import PUBLIC, require_schema


def municipal_key(key: str, key_prefix: str, version: int) -> str:
    """`schema:prefix:version:key`; raises NoMunicipality where no Comune is set."""
    return f"{require_schema()}:{key_prefix}:{version}:{key}"


def public_key(key: str, key_prefix: str, version: int) -> str:
    """For the cache named `public`: what belongs to no Comune."""
    return f"{PUBLIC}:{key_prefix}:{version}:{key}"
