"""Who is signed in."""

import msgspec


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """An owner's account."""

    tenant_id: str
    account_id: str
    email: str
    name: str
    role: str
    password_hash: str
    locked_until_ms: int


class SignedIn(msgspec.Struct, frozen=True, kw_only=True):
    """A session that stands. Every read at the hub is about `tenant_id`; nothing in a request can name another."""

    tenant_id: str
    account_id: str
    name: str
    role: str
    tenant_name: str
    digest: str
    csrf: str  # what the hub's own page knows and another site's cannot
    expires_at_ms: int
