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
from cloud.people.limits import Limits, Strangers
from cloud.people.state import Account, SignedIn
from cloud.rejections import Rejected

SESSION_MS = 14 * 24 * 3600_000
FREE_ATTEMPTS = 5
LOCK_MS = 5 * 60_000
MIN_PASSWORD, MAX_PASSWORD = 10, 200
_HASHES_AT_ONCE = 2  # each takes 64 MiB for a tenth of a second
_MOST_SIGNING_IN = 32  # at the same moment: two seconds of hashing
_CROWD_WAIT_S = 3


class PasswordTooShort(ValueError):
    """The password has fewer than `MIN_PASSWORD` characters, or more than `MAX_PASSWORD`."""


class EmailTaken(ValueError):
    """Another business has an account with this address."""


class Accounts:
    """The hub's owners."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._hasher = PasswordHasher()
        self._limits = Limits()
        self._strangers = Strangers(free=FREE_ATTEMPTS, lock_ms=LOCK_MS)
        self._hashing = asyncio.Semaphore(_HASHES_AT_ONCE)
        self._signing_in = 0

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
            Rejected: `sign_in_wrong`; `too_fast` from one network, on one account, or while too many sign in at once.
        """
        now_ms = self._clock.now_ms()
        _refuse_early(self._limits.wait_ms(address, now_ms=now_ms))
        if self._signing_in >= _MOST_SIGNING_IN:  # before the attempt is counted: a crowd locks nobody out
            raise Rejected("too_fast", retry_after_s=_CROWD_WAIT_S)
        self._signing_in += 1
        try:
            return await self._sign_in(_plain(email), password, now_ms=now_ms)
        finally:
            self._signing_in -= 1

    async def _sign_in(self, email: str, password: str, *, now_ms: int) -> str:
        account = await self._account(email)
        if account is None:
            _refuse_early(self._strangers.locked_until_ms(email, now_ms=now_ms) - now_ms)
            await self._is_nobodys(password)  # as slow as a wrong password
            raise Rejected("sign_in_wrong")
        async with self._database.tenant(account.tenant_id) as conn:
            locked_until_ms = await load.count_attempt(
                conn, account, now_ms=now_ms, free=FREE_ATTEMPTS, lock_ms=LOCK_MS
            )
        _refuse_early(locked_until_ms - now_ms)
        if not await self._matches(account.password_hash, password):
            raise Rejected("sign_in_wrong")
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
            return await load.signed_in(conn, digest, csrf=_csrf_of(secret), now_ms=self._clock.now_ms())

    async def sign_out(self, session: SignedIn) -> None:
        """End the session; its secret is worth nothing any more."""
        async with self._database.tenant(session.tenant_id) as conn:
            await load.end_session(conn, session)

    async def _account(self, email: str) -> Account | None:
        if "\0" in email:  # what Postgres cannot hold is nobody's address
            return None
        async with self._database.transaction("email", email) as conn:
            return await load.account_of_email(conn, email)

    async def _matches(self, hashed: str, password: str) -> bool:
        async with self._hashing:
            return await asyncio.to_thread(self._verify, hashed, password)

    async def _is_nobodys(self, password: str) -> None:
        async with self._hashing:
            await asyncio.to_thread(lambda: self._verify(self._nobodys_hash, password))

    @cached_property
    def _nobodys_hash(self) -> str:
        return self._hasher.hash(self._clock.fresh_secret())

    def _verify(self, hashed: str, password: str) -> bool:
        try:
            return len(password) <= MAX_PASSWORD and self._hasher.verify(hashed, password)
        except (VerificationError, InvalidHashError):
            return False


def digest_of(secret: str) -> str:
    """What the hub keeps of a session's secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _csrf_of(secret: str) -> str:
    """What a page must send back with everything that changes something: of the session's secret, so that every hub knows it."""
    return hmac.new(secret.encode(), b"csrf", hashlib.sha256).hexdigest()


def _plain(email: str) -> str:
    return email.strip().lower()


def _refuse_early(wait_ms: int) -> None:
    if wait_ms > 0:
        raise Rejected("too_fast", retry_after_s=-(-wait_ms // 1000))
