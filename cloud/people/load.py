"""Rows of accounts and sessions, in and out."""

from cloud.engine.database import Connection, one
from cloud.people.state import Account, SignedIn


async def account_of_email(conn: Connection, email: str) -> Account | None:
    """The account with this address; the transaction's scope is `email`."""
    found = await one(
        conn,
        "SELECT tenant_id, account_id, email, name, role, password_hash, locked_until_ms FROM account WHERE email = %s",
        (email,),
    )
    if found is None:
        return None
    tenant_id, account_id, email, name, role, password_hash, locked_until_ms = found
    return Account(
        tenant_id=tenant_id,
        account_id=account_id,
        email=email,
        name=name,
        role=role,
        password_hash=password_hash,
        locked_until_ms=locked_until_ms,
    )


async def put_account(conn: Connection, account: Account) -> None:
    """Make the account; one with the same address gets this name and password, and its sessions end."""
    kept = await one(
        conn,
        "INSERT INTO account (tenant_id, account_id, email, name, role, password_hash) VALUES (%s, %s, %s, %s, %s, %s)"
        " ON CONFLICT (email) DO UPDATE SET name = excluded.name, password_hash = excluded.password_hash,"
        " attempts = 0, locked_until_ms = 0 RETURNING account_id",
        (account.tenant_id, account.account_id, account.email, account.name, account.role, account.password_hash),
    )
    assert kept is not None
    await conn.execute("DELETE FROM session WHERE tenant_id = %s AND account_id = %s", (account.tenant_id, kept[0]))


async def count_attempt(conn: Connection, account: Account, *, now_ms: int, free: int, lock_ms: int) -> int:
    """Count a sign-in before its password is looked at, so that many at once cannot outrun the lock.

    Returns until when the account is locked, if it is; else 0. From the attempt after `free` on, each locks for `lock_ms`.
    """
    found = await one(
        conn,
        "UPDATE account SET attempts = attempts + 1, locked_until_ms = CASE WHEN attempts + 1 >= %s THEN %s ELSE 0 END"
        " WHERE tenant_id = %s AND account_id = %s AND locked_until_ms <= %s RETURNING 0",
        (free, now_ms + lock_ms, account.tenant_id, account.account_id, now_ms),
    )
    if found is not None:
        return 0
    locked = await one(
        conn,
        "SELECT locked_until_ms FROM account WHERE tenant_id = %s AND account_id = %s",
        (account.tenant_id, account.account_id),
    )
    return int(locked[0]) if locked else now_ms


async def forget_attempts(conn: Connection, account: Account) -> None:
    """A sign-in worked."""
    await conn.execute(
        "UPDATE account SET attempts = 0, locked_until_ms = 0 WHERE tenant_id = %s AND account_id = %s",
        (account.tenant_id, account.account_id),
    )


async def put_session(conn: Connection, account: Account, digest: str, *, now_ms: int, expires_at_ms: int) -> None:
    """Begin a session; those of the account that have expired go."""
    await conn.execute(
        "DELETE FROM session WHERE tenant_id = %s AND account_id = %s AND expires_at_ms <= %s",
        (account.tenant_id, account.account_id, now_ms),
    )
    await conn.execute(
        "INSERT INTO session (tenant_id, digest, account_id, created_at_ms, expires_at_ms) VALUES (%s, %s, %s, %s, %s)",
        (account.tenant_id, digest, account.account_id, now_ms, expires_at_ms),
    )


async def tenant_of_session(conn: Connection, digest: str) -> str:
    """Whose session this is, "" for nobody's; the transaction's scope is `session`."""
    found = await one(conn, "SELECT tenant_id FROM session WHERE digest = %s", (digest,))
    return str(found[0]) if found else ""


async def signed_in(conn: Connection, digest: str, *, csrf: str, now_ms: int) -> SignedIn | None:
    """The session, if it has not expired."""
    found = await one(
        conn,
        "SELECT s.tenant_id, s.account_id, a.name, a.role, t.name, s.expires_at_ms FROM session s"
        " JOIN account a USING (tenant_id, account_id) JOIN tenant t USING (tenant_id)"
        " WHERE s.digest = %s AND s.expires_at_ms > %s",
        (digest, now_ms),
    )
    if found is None:
        return None
    tenant_id, account_id, name, role, tenant_name, expires_at_ms = found
    return SignedIn(
        tenant_id=tenant_id,
        account_id=account_id,
        name=name,
        role=role,
        tenant_name=tenant_name,
        digest=digest,
        csrf=csrf,
        expires_at_ms=expires_at_ms,
    )


async def end_session(conn: Connection, session: SignedIn) -> None:
    """Sign out."""
    await conn.execute("DELETE FROM session WHERE tenant_id = %s AND digest = %s", (session.tenant_id, session.digest))
