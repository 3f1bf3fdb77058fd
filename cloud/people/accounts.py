"""Signing owners in and out. Passwords are argon2, sessions are random secrets of which the hub keeps the digest."""

import asyncio
import hashlib
import hmac
from functools import cached_property

import psycopg
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from cloud.engine.clock import Clock
from cloud.engine.database import Database
from cloud.people import load
from cloud.people.limits import Limits
from cloud.people.state import Account, SignedIn
from cloud.refusals import Refused

SESSION_MS = 14 * 24 * 3600_000
FREE_ATTEMPTS = 5
LOCK_MS = 5 * 60_000
MIN_PASSWORD, MAX_PASSWORD = 10, 200
_HASHES_AT_ONCE = 2  # each takes 64 MiB for a tenth of a second


class PasswordTooShort(ValueError):
    """The password has fewer than `MIN_PASSWORD` characters, or more than `MAX_PASSWORD`."""


class EmailTaken(ValueError):
    """Another business has an account with this address."""


class Accounts:
    """The hub's owners."""

    def __init__(self, database: Database, clock: Clock, *, secret: bytes) -> None:
        self._database = database
        self._clock = clock
        self._secret = secret
        self._hasher = PasswordHasher()
        self._limits = Limits()
        self._hashing = asyncio.Semaphore(_HASHES_AT_ONCE)

    async def add_owner(self, tenant_id: str, *, email: str, name: str, password: str) -> None:
        """Make an owner's account, or give the one with this address a new name and password.

        Raises:
            PasswordTooShort: it is not of an allowed length.
            EmailTaken: another business has an account with this address.
            psycopg.errors.ForeignKeyViolation: no such tenant.
        """
        if not MIN_PASSWORD <= len(password) <= MAX_PASSWORD:
            raise PasswordTooShort(f"a password has {MIN_PASSWORD} to {MAX_PASSWORD} characters")
        hashed = await asyncio.to_thread(self._hasher.hash, password)
        account = Account(
            tenant_id=tenant_id,
            account_id=self._clock.fresh_id(),
            email=_plain(email),
            name=name,
            role="owner",
            password_hash=hashed,
            locked_until_ms=0,
        )
        try:
            async with self._database.tenant(tenant_id) as conn:
                await load.put_account(conn, account)
        except (
            psycopg.errors.InsufficientPrivilege
        ):  # row-level security: the row with this address is not this tenant's
            raise EmailTaken(f"another business has an account with the address {account.email}") from None

    async def sign_in(self, email: str, password: str, *, address: str) -> str:
        """A new session's secret, for the browser to keep.

        Raises:
            Refused: `sign_in_wrong`; `too_fast` from one address or on one account.
        """
        now_ms = self._clock.now_ms()
        _refuse_early(self._limits.wait_ms(address, now_ms=now_ms))
        email = _plain(email)
        account = await self._account(email)
        if account is None:
            await self._matches(self._nobodys_hash, password)  # as slow as a wrong password
            raise Refused("sign_in_wrong")
        async with self._database.tenant(account.tenant_id) as conn:
            locked_until_ms = await load.count_attempt(
                conn, account, now_ms=now_ms, free=FREE_ATTEMPTS, lock_ms=LOCK_MS
            )
        _refuse_early(locked_until_ms - now_ms)
        if not await self._matches(account.password_hash, password):
            raise Refused("sign_in_wrong")
        secret = self._clock.fresh_secret()
        async with self._database.tenant(account.tenant_id) as conn:
            await load.forget_attempts(conn, account)
            await load.put_session(conn, account, digest_of(secret), now_ms=now_ms, expires_at_ms=now_ms + SESSION_MS)
        return secret

    async def session(self, secret: str) -> SignedIn | None:
        """Who holds this secret; None when it is nobody's or has expired."""
        if not secret or len(secret) > 100:
            return None
        digest = digest_of(secret)
        async with self._database.transaction("session", digest) as conn:
            tenant_id = await load.tenant_of_session(conn, digest)
        if not tenant_id:
            return None
        async with self._database.tenant(tenant_id) as conn:
            return await load.signed_in(conn, digest, now_ms=self._clock.now_ms())

    async def sign_out(self, session: SignedIn) -> None:
        """End the session; its secret is worth nothing any more."""
        async with self._database.tenant(session.tenant_id) as conn:
            await load.end_session(conn, session)

    def csrf_of(self, session: SignedIn) -> str:
        """What a page must send back with everything that changes something. Another site cannot read it."""
        return hmac.new(self._secret, f"csrf:{session.digest}".encode(), hashlib.sha256).hexdigest()

    def is_csrf(self, session: SignedIn, token: str) -> bool:
        """Whether this is that token."""
        return hmac.compare_digest(self.csrf_of(session).encode(), token.encode())

    async def _account(self, email: str) -> Account | None:
        if "\0" in email:  # what Postgres cannot hold is nobody's address
            return None
        async with self._database.transaction("email", email) as conn:
            return await load.account_of_email(conn, email)

    @cached_property
    def _nobodys_hash(self) -> str:
        return self._hasher.hash(self._clock.fresh_secret())

    async def _matches(self, hashed: str, password: str) -> bool:
        async with self._hashing:
            return await asyncio.to_thread(self._verify, hashed, password)

    def _verify(self, hashed: str, password: str) -> bool:
        try:
            return len(password) <= MAX_PASSWORD and self._hasher.verify(hashed, password)
        except (VerificationError, InvalidHashError):
            return False


def digest_of(secret: str) -> str:
    """What the hub keeps of a session's secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _plain(email: str) -> str:
    return email.strip().lower()


def _refuse_early(wait_ms: int) -> None:
    if wait_ms > 0:
        raise Refused("too_fast", retry_after_s=-(-wait_ms // 1000))
