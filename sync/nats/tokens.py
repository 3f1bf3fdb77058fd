"""NATS's JSON Web Tokens: who an operator, an account or a user is, and what it may do, signed by the one above it. Pure.

A token is `header.claims.signature` in base64url, signed with Ed25519. `nats-jwt` could do it too and brings five packages.
"""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import nkeys

Claims = Mapping[str, Any]

_HEADER = {"typ": "JWT", "alg": "ed25519-nkey"}
_VERSION = 2
_UNLIMITED = -1
#: What each tenant reaches in the hub's account; the second token of the hub's subject is the tenant's account key, which
#: the server puts there and nobody else can.
_SHARED = (("up", "service"), ("req", "service"), ("down", "stream"))


class Key:
    """A key pair."""

    def __init__(self, seed: bytes) -> None:
        self.seed = seed
        self._pair = nkeys.from_seed(seed)

    @property
    def public(self) -> str:
        """What others know this key by."""
        return str(self._pair.public_key.decode())

    def sign(self, message: bytes) -> bytes:
        """The signature of these bytes."""
        return bytes(self._pair.sign(message))


def fresh_seed(kind: str, chance: bytes) -> bytes:
    """The seed of a new `operator`, `account` or `user` key from 32 random bytes."""
    prefixes = {
        "operator": nkeys.PREFIX_BYTE_OPERATOR,
        "account": nkeys.PREFIX_BYTE_ACCOUNT,
        "user": nkeys.PREFIX_BYTE_USER,
    }
    return bytes(nkeys.encode_seed(chance, prefixes[kind]))


def operator_token(operator: Key, *, signing: Key, system_account: str, now_s: int) -> str:
    """Says which key signs accounts, so that the operator's own can stay offline."""
    claims = {"type": "operator", "signing_keys": [signing.public], "system_account": system_account}
    return _token(operator, operator.public, "hos", claims, now_s)


def system_token(signing: Key, account: str, *, now_s: int) -> str:
    """The account that watches the server."""
    return _token(signing, account, "SYS", _account(), now_s)


def hub_token(signing: Key, account: str, *, now_s: int) -> str:
    """The hub's account: it alone has streams. Of the same size for any number of tenants."""
    exports = [
        {"name": name, "subject": f"{name}.*.>", "type": kind, "account_token_position": 2} for name, kind in _SHARED
    ]
    return _token(signing, account, "HUB", _account(exports=exports, has_streams=True), now_s)


def tenant_token(signing: Key, account: str, tenant_id: str, *, hub: str, venues: str, now_s: int) -> str:
    """A tenant's account. The key `venues` signs its venues' users, and none of them can do more than its template says."""
    imports = [
        {"name": name, "subject": f"{name}.{account}.>", "local_subject": f"{name}.>", "account": hub, "type": kind}
        for name, kind in _SHARED
    ]
    scope = {"kind": "user_scope", "key": venues, "role": "venue", "template": _venue_template()}
    return _token(signing, account, tenant_id, _account(imports=imports, signing_keys=[scope]), now_s)


def venue_token(venues: Key, user: str, venue_id: str, *, account: str, now_s: int) -> str:
    """A venue's user. It carries no permissions of its own: they follow from the key that signed it, and from its name."""
    claims = {"type": "user", "issuer_account": account}
    return _token(venues, user, venue_id, claims, now_s)


def user_token(account: Key, user: str, name: str, *, now_s: int) -> str:
    """A user that may do all that its account may."""
    claims = {"type": "user", "subs": _UNLIMITED, "data": _UNLIMITED, "payload": _UNLIMITED}
    return _token(account, user, name, claims, now_s)


def credentials(token: str, user: Key) -> str:
    """A user's credentials file."""
    return (
        f"-----BEGIN NATS USER JWT-----\n{token}\n------END NATS USER JWT------\n\n"
        f"-----BEGIN USER NKEY SEED-----\n{user.seed.decode()}\n------END USER NKEY SEED------\n"
    )


def _venue_template() -> Claims:
    mine = "{{name()}}"
    return {
        "pub": {"allow": [f"up.{mine}.>", f"req.{mine}.>"]},
        "sub": {"allow": [f"down.{mine}.>", f"_INBOX_{mine}.>"]},
        "subs": _UNLIMITED,
        "data": _UNLIMITED,
        "payload": _UNLIMITED,
    }


def _account(
    *,
    imports: Sequence[Claims] = (),
    exports: Sequence[Claims] = (),
    signing_keys: Sequence[Claims] = (),
    has_streams: bool = False,
) -> Claims:
    names = ("subs", "data", "payload", "imports", "exports", "conn", "leaf")
    limits: dict[str, Any] = dict.fromkeys(names, _UNLIMITED) | {"wildcards": True}
    if has_streams:
        limits |= dict.fromkeys(("mem_storage", "disk_storage", "streams", "consumer"), _UNLIMITED)
    return {
        "type": "account",
        "limits": limits,
        "imports": list(imports),
        "exports": list(exports),
        "signing_keys": list(signing_keys),
        "default_permissions": {"pub": {}, "sub": {}},
    }


def _token(issuer: Key, subject: str, name: str, nats: Claims, now_s: int) -> str:
    claims = {"iat": now_s, "iss": issuer.public, "sub": subject, "name": name, "nats": {**nats, "version": _VERSION}}
    digest = hashlib.new("sha512_256", msgspec.json.encode(claims)).digest()
    claims["jti"] = base64.b32encode(digest).rstrip(b"=").decode()
    signed = f"{_part(_HEADER)}.{_part(claims)}"
    return f"{signed}.{_base64(issuer.sign(signed.encode()))}"


def _part(claims: Claims) -> str:
    return _base64(msgspec.json.encode(claims))


def _base64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
