"""Finds the paired screen behind a request by its key. The rules check it again inside their own transaction."""

import hashlib
from collections.abc import Mapping
from sqlite3 import Connection

from edge.devices import load
from edge.engine.asks import Asker
from shared.errors import Rejected

_MOST_CACHED = 1_000


def digest_of_key(key: str) -> str:
    """What is stored of a screen's key: 256 random bits need no salt and no slow hash."""
    return hashlib.sha256(key.encode()).hexdigest()


class KeyRing:
    """Keys seen lately, so that a request costs no query. `forget` empties it when a device changes.

    `fixed` are keys that no screen holds: the technician's console.
    """

    def __init__(self, conn: Connection, fixed: Mapping[str, Asker]) -> None:
        self._conn = conn
        self._fixed = {digest_of_key(key): asker for key, asker in fixed.items()}
        self._seen: dict[str, Asker] = {}

    def forget(self) -> None:
        """A device was paired or revoked: ask the tables again."""
        self._seen.clear()

    def close(self) -> None:
        """Let go of the connection."""
        self._conn.close()

    def authenticate(self, authorization: str) -> Asker:
        """The screen behind an Authorization header, `Bearer <key>`.

        Raises:
            Rejected: `device_unknown`, `device_revoked`.
        """
        return self.asker(authorization.removeprefix("Bearer ").strip())

    def knows(self, authorization: str) -> bool:
        """Whether an Authorization header is that of a paired screen."""
        try:
            self.authenticate(authorization)
        except Rejected:
            return False
        return True

    def asker(self, key: str) -> Asker:
        """The screen that holds a key.

        Raises:
            Rejected: `device_unknown`, `device_revoked`.
        """
        if not key:
            raise Rejected("device_unknown")
        seen = self._seen.get(key)
        if seen is not None:
            return seen
        asker = self._find(digest_of_key(key))
        if len(self._seen) >= _MOST_CACHED:
            self._seen.clear()
        self._seen[key] = asker
        return asker

    def holder(self, authorization: str) -> load.KeyHolder | None:
        """Who holds the key, also while it waits to be approved."""
        return load.key_holder(self._conn, digest_of_key(authorization.removeprefix("Bearer ").strip()))

    def _find(self, digest: str) -> Asker:
        if digest in self._fixed:
            return self._fixed[digest]
        holder = load.key_holder(self._conn, digest)
        if holder is None or not holder.role:
            raise Rejected("device_unknown")
        if holder.revoked_at_ms:
            raise Rejected("device_revoked", at_ms=holder.revoked_at_ms)
        return Asker(holder.pairing_id, holder.role)
