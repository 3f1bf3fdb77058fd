"""Who may use NATS: keys and credentials in one folder, made on first use, readable by its owner alone.

    keys/…                      every seed; with `operator.nk` elsewhere, nothing here can make a new tenant
    operator.jwt                the operator's token, made once: a server that runs reads every line of nats.conf again but this
    nats.conf                   what nats-server is started with: the operator, every account, the streams' store
    hub.creds, system.creds     for the hub, and for who watches the server
    venues/<tenant>/<venue>.creds

An account per tenant, a user per venue. A venue's user is signed with its tenant's scoped key, so that what it may do is the
server's to say: publish and hear under its own name. Only the hub's account has streams.
"""

import json
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from sync.nats import tokens
from sync.nats.tokens import Key

STORE_LIMIT = "16GB"  # streams reserve half of it; else a nearly full disk would refuse them at the start
_OPERATOR = re.compile(r"^operator: (\S+)$", re.MULTILINE)
_NAME = re.compile(r"[A-Za-z0-9_-]{1,40}")


class Authority:
    """The folder. Doing anything twice gives the same keys again."""

    def __init__(self, folder: Path, *, now_s: int, random_bytes: Callable[[int], bytes] = os.urandom) -> None:
        self.folder = folder
        self._now_s = now_s
        self._random_bytes = random_bytes

    def account_of(self, tenant_id: str) -> str:
        """The tenant's account key, by which the hub knows it."""
        _check(tenant_id)
        return self._key("account", "tenants", tenant_id).public

    def known_account(self, tenant_id: str) -> str:
        """The same, "" when the tenant has none yet."""
        _check(tenant_id)
        return self.account_of(tenant_id) if self._path("tenants", tenant_id).exists() else ""

    def venue(self, tenant_id: str, venue_id: str) -> Path:
        """The venue's credentials file."""
        _check(tenant_id, venue_id)
        user = self._key("user", "venues", tenant_id, venue_id)
        venues = self._key("account", "tenants", f"{tenant_id}.venues")
        account = self.account_of(tenant_id)
        token = tokens.venue_token(venues, user.public, venue_id, account=account, now_s=self._now_s)
        return self._keep(self.folder / "venues" / tenant_id / f"{venue_id}.creds", tokens.credentials(token, user))

    def hub(self) -> Path:
        """The hub's credentials file."""
        return self._user("hub")

    def system(self) -> Path:
        """The credentials file of who watches the server."""
        return self._user("system")

    def config(self, *, host: str, port: int) -> Path:
        """The server's configuration, with every tenant that has an account. Port -1 lets the server choose."""
        text = "\n".join(self._config(host, port)) + "\n"
        return _write(self.folder / "nats.conf", text)

    def _config(self, host: str, port: int) -> Iterator[str]:
        operator, signing = self._key("operator", "operator"), self._key("operator", "operator.signing")
        system, hub = self._key("account", "system"), self._key("account", "hub")
        yield f"listen: {json.dumps(f'{host}:{port}')}"
        yield "server_name: hos"
        yield f"operator: {self._operator_token(operator, signing, system.public)}"
        yield f"system_account: {system.public}"
        yield "resolver: MEMORY"
        yield "resolver_preload {"
        yield f"  {system.public}: {tokens.system_token(signing, system.public, now_s=self._now_s)}"
        yield f"  {hub.public}: {tokens.hub_token(signing, hub.public, now_s=self._now_s)}"
        for tenant_id in self._tenants():
            yield f"  {self.account_of(tenant_id)}: {self._tenant_token(signing, tenant_id, hub.public)}"
        yield "}"
        yield "jetstream {"
        yield f"  store_dir: {json.dumps(str(self.folder / 'store'))}"
        yield f"  max_file_store: {STORE_LIMIT}"
        yield "  max_memory_store: 64MB"
        yield "  sync_interval: always"
        yield "}"

    def _operator_token(self, operator: Key, signing: Key, system: str) -> str:
        """Made once, and taken from a configuration of before: a running server refuses to read in another, and with it any new tenant."""
        path, before = self.folder / "operator.jwt", self.folder / "nats.conf"
        if not path.exists():
            said = _OPERATOR.search(before.read_text(encoding="utf-8")) if before.exists() else None
            made = tokens.operator_token(operator, signing=signing, system_account=system, now_s=self._now_s)
            _write(path, said[1] if said else made)
        return path.read_text(encoding="utf-8").strip()

    def _tenant_token(self, signing: Key, tenant_id: str, hub: str) -> str:
        account = self.account_of(tenant_id)
        venues = self._key("account", "tenants", f"{tenant_id}.venues").public
        return tokens.tenant_token(signing, account, tenant_id, hub=hub, venues=venues, now_s=self._now_s)

    def _tenants(self) -> list[str]:
        found = (path.stem for path in (self.folder / "keys" / "tenants").glob("*.nk"))
        return sorted(name for name in found if _NAME.fullmatch(name))

    def _user(self, name: str) -> Path:
        user = self._key("user", f"{name}.user")
        token = tokens.user_token(self._key("account", name), user.public, name, now_s=self._now_s)
        return self._keep(self.folder / f"{name}.creds", tokens.credentials(token, user))

    def _key(self, kind: str, *names: str) -> Key:
        """The key of this name, made when there is none."""
        path = self._path(*names)
        if not path.exists():
            _write(path, tokens.fresh_seed(kind, self._random_bytes(32)).decode())
        return Key(path.read_text(encoding="ascii").strip().encode())

    def _path(self, *names: str) -> Path:
        return self.folder.joinpath("keys", *names[:-1], f"{names[-1]}.nk")

    def _keep(self, path: Path, text: str) -> Path:
        """Leave credentials that are out there as they are."""
        return path if path.exists() else _write(path, text)


def _check(*names: str) -> None:
    """Ids become parts of paths and of subjects."""
    for name in names:
        if not _NAME.fullmatch(name):
            raise ValueError(f"{name!r} is no id: 1 to 40 letters, digits, - or _")


def _write(path: Path, text: str) -> Path:
    """Whole or not at all, and never readable by others, not even for a moment."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = path.with_name(f"{path.name}.part")
    part.unlink(missing_ok=True)
    part.touch(mode=0o600)
    part.write_text(text, encoding="utf-8")
    part.replace(path)
    return path
