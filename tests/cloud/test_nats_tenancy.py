"""What a venue's credentials open on NATS: its own subjects. Tried with a plain client, so that only the server can refuse."""

import contextlib
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import nats.errors
import pytest
from nats.aio.client import Client
from nats.aio.msg import Msg

from sync.nats import tokens
from sync.nats.credentials import Authority
from sync.nats.tokens import Key
from tests.hub_service import HubService, until

NEIGHBOURS = (
    "up.v2.00.b",  # another venue of the same tenant
    "req.v2.hello",
    "up.{other}.w1.00.b",  # a venue of another tenant, by the hub's name for it
    "up.{acme}.v1.00.b",
    "req.{other}.w1.hello",
    "down.v1.ack",  # what only the hub may say
    "down.v2.ack",
    "_INBOX_v2.x",
    "$JS.API.STREAM.DELETE.UP_00",
    "$JS.API.STREAM.NAMES",
    "$SYS.REQ.SERVER.PING",
)
EARS = (
    ">",
    "up.>",
    "req.>",
    "down.>",
    "down.*.ack",
    "down.v2.ack",
    "down.{acme}.>",
    "_INBOX.>",
    "_INBOX_v2.>",
    "$SYS.>",
)


class Plain:
    """A client without our code; `complaints` is what the server said no to."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.heard: list[tuple[str, bytes]] = []
        self.complaints: list[str] = []

    async def listen(self, subject: str) -> None:
        """Keep what arrives."""
        await self.client.subscribe(subject, cb=self._keep)

    async def _keep(self, message: Msg) -> None:
        self.heard.append((message.subject, message.data))


@contextlib.asynccontextmanager
async def a_client(service: HubService, creds: Path) -> AsyncIterator[Plain]:
    plain = Plain(Client())

    async def complain(error: Exception) -> None:
        plain.complaints.append(str(error))

    await plain.client.connect(
        service.nats.url, user_credentials=str(creds), allow_reconnect=False, error_cb=complain,
        inbox_prefix="_INBOX_v1",
    )  # fmt: skip
    try:
        yield plain
    finally:
        await plain.client.close()


async def listening(ears: Plain, subject: str, mouth: Plain, said_as: str) -> None:
    """`ears` listens, and what `mouth` says as `said_as` arrives.

    While the server reads accounts anew in the background it loses a subscription that comes just then; a second one holds.
    """
    for _ in range(30):
        subscription = await ears.client.subscribe(subject, cb=ears._keep)
        await ears.client.flush()
        await mouth.client.publish(said_as, b"probe")
        with contextlib.suppress(TimeoutError):
            await until(lambda: ears.heard, timeout_s=2)
            ears.heard.clear()
            return
        await subscription.unsubscribe()
    raise AssertionError(f"{said_as} never arrives at {subject}")


def named(service: HubService, subject: str) -> str:
    return subject.format(acme=service.accounts["acme"], other=service.accounts["other"])


async def spoken(service: HubService, v1: Plain, hub: Plain) -> None:
    """`v1` says something everywhere, last where it may."""
    for subject in NEIGHBOURS:
        await v1.client.publish(named(service, subject), b"forged")
    await v1.client.publish("up.v1.00.b", b"mine")
    await until(lambda: any(data == b"mine" for _, data in hub.heard))


async def test_a_venue_speaks_under_its_own_name_only(service: HubService) -> None:
    creds = service.authority.venue("acme", "v1")
    async with a_client(service, service.authority.hub()) as hub, a_client(service, creds) as v1:
        await listening(hub, ">", v1, "up.v1.00.b")
        await spoken(service, v1, hub)
        ours = [one for one in hub.heard if one[1] in {b"forged", b"mine"}]
        assert ours == [(f"up.{service.accounts['acme']}.v1.00.b", b"mine")]
        await until(lambda: len(v1.complaints) == len(NEIGHBOURS))


async def test_a_venue_hears_what_is_said_to_it_only(service: HubService) -> None:
    creds = service.authority.venue("acme", "v1")
    async with a_client(service, service.authority.hub()) as hub, a_client(service, creds) as v1:
        for subject in EARS:
            await v1.listen(named(service, subject))
        acme, other = service.accounts["acme"], service.accounts["other"]
        await listening(v1, "down.v1.ack", hub, f"down.{acme}.v1.ack")
        for subject in (f"down.{acme}.v2.ack", f"down.{other}.v1.ack", f"up.{acme}.v2.00.b", "_INBOX_v2.x"):
            await hub.client.publish(subject, b"not for v1")
        await hub.client.publish(f"down.{acme}.v1.ack", b"for v1")
        await until(lambda: v1.heard)
        assert v1.heard == [("down.v1.ack", b"for v1")]
        await until(lambda: len(v1.complaints) == len(EARS))


async def test_a_neighbour_of_the_same_name_in_another_tenant_hears_nothing(service: HubService) -> None:
    theirs = service.authority.venue("other", "v1")
    async with a_client(service, service.authority.hub()) as hub, a_client(service, theirs) as v1:
        await listening(v1, "down.v1.ack", hub, f"down.{service.accounts['other']}.v1.ack")
        await hub.client.publish(f"down.{service.accounts['acme']}.v1.ack", b"acme's")
        await hub.client.publish(f"down.{service.accounts['other']}.v1.ack", b"other's")
        await until(lambda: v1.heard)
        assert v1.heard == [("down.v1.ack", b"other's")]


async def test_that_is_the_doing_of_the_template(service: HubService, monkeypatch: pytest.MonkeyPatch) -> None:
    """With an open template the same attempts reach the neighbour: the tests above can fail. The account still keeps tenants apart."""
    anything = {"allow": [">"]}
    template = {"pub": anything, "sub": anything, "subs": -1, "data": -1, "payload": -1}
    monkeypatch.setattr(tokens, "_venue_template", lambda: template)
    service.nats.stop()
    service.authority.config(host="127.0.0.1", port=-1)
    service.nats.start()
    creds = service.authority.venue("acme", "v1")
    async with a_client(service, service.authority.hub()) as hub, a_client(service, creds) as v1:
        await listening(hub, ">", v1, "up.v1.00.b")
        await spoken(service, v1, hub)
        forged = {subject for subject, data in hub.heard if data == b"forged"}
        acme = service.accounts["acme"]
        assert {f"up.{acme}.v2.00.b", f"req.{acme}.v2.hello"} <= forged
        assert not any(subject.startswith(f"up.{service.accounts['other']}") for subject in forged)


@pytest.mark.parametrize("forgery", ["another tenant's key", "a key of nobody's", "permissions of its own"])
async def test_forged_credentials_are_refused(service: HubService, tmp_path: Path, forgery: str) -> None:
    """The account is acme's, the name is v1; only who signed it, or what it adds, is wrong."""
    keys = service.authority.folder / "keys"
    signer = {
        "another tenant's key": Key((keys / "tenants" / "other.venues.nk").read_bytes()),
        "a key of nobody's": Key(tokens.fresh_seed("account", bytes(range(32)))),
        "permissions of its own": Key((keys / "tenants" / "acme.venues.nk").read_bytes()),
    }[forgery]
    user = Key(tokens.fresh_seed("user", bytes(32)))
    claims = {"type": "user", "issuer_account": service.accounts["acme"]}
    if forgery == "permissions of its own":
        claims |= {"pub": {"allow": [">"]}, "sub": {"allow": [">"]}, "subs": -1, "data": -1, "payload": -1}
    forged = tmp_path / "forged.creds"
    forged.write_text(tokens.credentials(tokens._token(signer, user.public, "v1", claims, 1_772_755_200), user))
    with pytest.raises(nats.errors.Error, match="Authorization"):
        async with a_client(service, forged):
            pass


async def test_nobody_comes_in_without_credentials(service: HubService) -> None:
    client = Client()

    async def silent(error: Exception) -> None:
        return None

    with pytest.raises(nats.errors.Error, match="Authorization"):
        await client.connect(service.nats.url, allow_reconnect=False, error_cb=silent)
    await client.close()


def test_keys_are_made_once_and_are_their_owners_alone(tmp_path: Path) -> None:
    def made() -> dict[str, bytes]:
        authority = Authority(tmp_path, now_s=1)
        authority.venue("acme", "v1")
        authority.hub()
        authority.config(host="127.0.0.1", port=-1)
        return {str(path): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}

    first = made()
    assert made() == first
    assert {Path(path).stat().st_mode & 0o777 for path in first} == {0o600}


def test_a_new_tenant_joins_those_that_are_there(tmp_path: Path) -> None:
    acme = Authority(tmp_path, now_s=1).account_of("acme")
    authority = Authority(tmp_path, now_s=2)
    assert authority.known_account("other") == ""
    other = authority.account_of("other")
    config = authority.config(host="127.0.0.1", port=-1).read_text()
    assert acme in config and other in config
    assert (authority.known_account("acme"), authority.known_account("other")) == (acme, other)


@pytest.mark.parametrize("is_of_before", [False, True], ids=["now", "a folder of an earlier release"])
async def test_a_new_tenant_is_let_in_without_a_restart(service: HubService, is_of_before: bool) -> None:
    folder = service.authority.folder
    running = (folder / "nats.conf").read_text()
    if is_of_before:
        (folder / "operator.jwt").unlink()
    later = Authority(folder, now_s=1_772_800_000)
    creds = later.venue("newcomer", "n1")
    later.config(host="127.0.0.1", port=-1)
    assert line(folder, "operator: ") in running
    async with a_client(service, service.authority.hub()) as hub:
        os.kill(service.nats.pid, signal.SIGHUP)
        await until(lambda: "Reloaded server configuration" in (service.folder / "nats-server/nats.log").read_text())
        async with a_client(service, creds) as n1:
            await listening(hub, ">", n1, "up.n1.00.b")


def line(folder: Path, begins: str) -> str:
    [found] = [one for one in (folder / "nats.conf").read_text().splitlines() if one.startswith(begins)]
    return found


@pytest.mark.parametrize("name", ["../acme", "a.b", "", "a/b", "*", ">", "a b", "x" * 41])
def test_a_name_that_would_leave_its_folder_or_its_subject_is_refused(tmp_path: Path, name: str) -> None:
    authority = Authority(tmp_path / "nats", now_s=1)
    with pytest.raises(ValueError, match="is no id"):
        authority.venue("acme", name)
    with pytest.raises(ValueError, match="is no id"):
        authority.venue(name, "v1")
