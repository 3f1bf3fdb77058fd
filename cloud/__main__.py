"""`hos cloud …`: run the hub, bring its database up to date, enrol businesses, venues and owners."""

import argparse
import asyncio
import contextlib
import os
import signal
import socket
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
import structlog
import uvicorn
import uvloop
from rich.console import Console

from cloud import app as root
from cloud.engine import migrate
from cloud.engine.clock import SystemClock
from cloud.engine.database import AWAY, RoleTooStrong
from cloud.engine.journal import open_journal
from cloud.engine.migrate import DatabaseTooNew, NotMigrated, WrongRole
from cloud.people.accounts import Accounts, EmailTaken, PasswordTooShort
from cloud.settings import Settings, SettingsError, needed, settings_of
from cloud.venues.state import Fleet
from doors.gate import room_for_strangers
from doors.protocol import guarded, watch
from sync.nats.credentials import Authority

OK, PROBLEMS, USAGE, AWAY_EXIT = 0, 1, 2, 3

_terminal = Console(stderr=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one of the hub's commands. 0: done; 1: it cannot be done as things are; 2: wrong use; 3: the database does not answer."""
    asked = command_parser().parse_args(arguments)
    try:
        settings = settings_of(_environment(asked))
        open_journal(settings.log_level)
        return int(asked.run(settings, asked))
    except SettingsError as error:
        return _say(USAGE, str(error))
    except NotMigrated as error:
        return _say(PROBLEMS, f"The database is not ready: {error}. Run `hos cloud migrate` first.")
    except DatabaseTooNew as error:
        return _say(PROBLEMS, f"A newer release made this database ({error}). Install that release or a later one.")
    except RoleTooStrong as error:
        return _say(PROBLEMS, f"HOS_DATABASE_URL is too strong: {error}. It must be the role hos_app.")
    except (WrongRole, EmailTaken, PasswordTooShort) as error:
        return _say(PROBLEMS, str(error))
    except AWAY as error:
        return _say(AWAY_EXIT, f"The database does not answer: {error}")
    except BrokenPipeError:  # whoever reads our output had enough
        raise
    except OSError as error:
        return _say(PROBLEMS, f"{error.filename or settings.data_dir}: {error.strerror or error}")


def _environment(asked: argparse.Namespace) -> dict[str, str]:
    """The environment, over which what was typed goes."""
    typed = {"HOS_DATA_DIR": asked.data_dir, "HOS_PORT": asked.port if asked.run is _run else None}
    return {**os.environ, **{name: str(value) for name, value in typed.items() if value is not None}}


class _Command(argparse.ArgumentParser):
    """Takes the hub's folder before the command's name and after it."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        about = "the hub's own folder (else HOS_DATA_DIR)"
        self.add_argument("--data-dir", type=Path, metavar="FOLDER", default=argparse.SUPPRESS, help=about)


def command_parser() -> argparse.ArgumentParser:
    """What may be typed."""
    parser: argparse.ArgumentParser = _Command(
        prog="hos cloud",
        description="The hub: receives every venue's log, shows owners their figures.",
        epilog="Settings come from HOS_ variables; see docs/reference/settings.md."
        " Exit codes: 0 done, 1 cannot be done as things are, 2 wrong use, 3 the database does not answer, 130 interrupted.",
    )
    parser.set_defaults(data_dir=None)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, run, about in (
        ("run", _run, "serve owners and hear venues until told to stop (Ctrl-C or SIGTERM)"),
        ("migrate", _migrate, "bring the database up to this release, as its owner; safe to repeat"),
        ("nats", _nats, "make the keys and the configuration of NATS for these businesses; safe to repeat"),
        ("enrol", _enrol, "enrol businesses with their venues and owners from a JSON file; safe to repeat"),
        (
            "restored",
            _restored,
            "say that the database was restored from a backup, so that venues send again what it lost",
        ),
    ):
        command = commands.add_parser(name, help=about, description=f"{about[0].upper()}{about[1:]}.")
        command.set_defaults(run=run)
        if name == "run":
            command.add_argument(
                "--port", metavar="N", help="the port to listen on; 0 takes a free one (else HOS_PORT)"
            )
        if name in {"enrol", "nats"}:
            command.add_argument(
                "file",
                help='a JSON file, or - for standard input: {"tenants": [{"tenant_id", "name", "account": its NATS account'
                ' key, else the one that `hos cloud nats` made, "venues": [{"venue_id", "name"}],'
                ' "owners": [{"email", "name", "password"}]}]}',
            )
        if name == "nats":
            command.add_argument(
                "--host", default="127.0.0.1", help="where the server shall listen (default: %(default)s)"
            )
            command.add_argument("--port", type=int, default=4222, help="-1 lets it choose (default: %(default)s)")
    return parser


def _run(settings: Settings, asked: argparse.Namespace) -> int:
    needed(settings.database_url, "HOS_DATABASE_URL")
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(_serve(settings))


async def _serve(settings: Settings) -> int:
    async with root.running(settings) as hub:
        try:
            listener = socket.create_server((settings.host, settings.port), backlog=512)
        except OSError as error:
            return _say(PROBLEMS, f"Cannot listen on {settings.host}:{settings.port}: {error.strerror}")
        config = uvicorn.Config(
            root.build_app(hub),
            log_config=None,
            access_log=False,
            lifespan="off",
            ws="none",  # the hub has no sockets, so nobody may begin one
            http=guarded(hub.gate),
            timeout_graceful_shutdown=3,
            forwarded_allow_ips=settings.trusted_proxies,
        )
        server = _Server(config)
        hub.gate.most = room_for_strangers()
        watching = asyncio.create_task(watch(hub.gate), name="doors")
        _announce(settings, listener)
        try:
            await _until_told(server, listener, hub)
        finally:
            watching.cancel()
    return OK


class _Server(uvicorn.Server):
    """Leaves the signals to us: uvicorn would raise them again after its own end, and skip ours."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def _until_told(server: uvicorn.Server, listener: socket.socket, hub: root.Hub) -> None:
    """Serve until SIGINT or SIGTERM; requests under way are answered, streams are ended."""

    def stop() -> None:
        hub.live.end_all()
        server.should_exit = True

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
    await server.serve(sockets=[listener])


def _announce(settings: Settings, listener: socket.socket) -> None:
    host, port = listener.getsockname()[:2]
    address = f"http://{host}:{port}"
    if settings.ready_file is not None:
        part = settings.ready_file.with_suffix(".part")
        part.write_text(address, encoding="ascii")
        part.replace(settings.ready_file)
    structlog.get_logger().info("serving", address=address)


def _migrate(settings: Settings, asked: argparse.Namespace) -> int:
    owner_url = needed(settings.owner_database_url, "HOS_OWNER_DATABASE_URL")
    done = migrate.migrate(owner_url, needed(settings.database_url, "HOS_DATABASE_URL"), root.PROJECTIONS)
    for name in done:
        _terminal.print(f"[green]✓[/] {name}", highlight=False)
    _terminal.print("The database is up to date.")
    return OK


def _nats(settings: Settings, asked: argparse.Namespace) -> int:
    fleet = _fleet_in(asked.file)
    authority = _authority(settings)
    tenants = {}
    for tenant in fleet.tenants:
        venues = {venue.venue_id: str(authority.venue(tenant.tenant_id, venue.venue_id)) for venue in tenant.venues}
        tenants[tenant.tenant_id] = {"account": authority.account_of(tenant.tenant_id), "venues": venues}
    made = {
        "config": str(authority.config(host=asked.host, port=asked.port)),
        "hub_creds": str(authority.hub()),
        "system_creds": str(authority.system()),
        "tenants": tenants,
    }
    print(msgspec.json.format(msgspec.json.encode(made)).decode())
    return OK


def _enrol(settings: Settings, asked: argparse.Namespace) -> int:
    needed(settings.database_url, "HOS_DATABASE_URL")
    fleet = _with_accounts(_fleet_in(asked.file), _authority(settings))
    asyncio.run(_enrol_fleet(settings, fleet))
    for tenant in fleet.tenants:
        _terminal.print(
            f"[green]✓[/] {tenant.name}: {len(tenant.venues)} venue(s), {len(tenant.owners)} owner(s)", highlight=False
        )
    return OK


def _fleet_in(file: str) -> Fleet:
    try:
        text = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        return msgspec.json.decode(text, type=Fleet)
    except OSError as error:
        raise SettingsError(f"{file}: {error.strerror}") from None
    except msgspec.MsgspecError as error:
        raise SettingsError(f"{file}: {error}") from None


def _authority(settings: Settings) -> Authority:
    return Authority((settings.data_dir / "nats").resolve(), now_s=SystemClock().now_ms() // 1000)


def _with_accounts(fleet: Fleet, authority: Authority) -> Fleet:
    """Tenants that name no NATS account get the one that `hos cloud nats` made for them."""
    tenants = []
    for tenant in fleet.tenants:
        account = tenant.account or authority.known_account(tenant.tenant_id)
        if not account:
            raise SettingsError(f"{tenant.tenant_id} has no NATS account: run `hos cloud nats` first, or name one")
        tenants.append(msgspec.structs.replace(tenant, account=account))
    return Fleet(tenants=tuple(tenants))


async def _enrol_fleet(settings: Settings, fleet: Fleet) -> None:
    clock = SystemClock()
    async with root.opened(settings.database_url) as database:
        accounts = Accounts(database, clock)
        await root.enrol(database, accounts, fleet, clock)


def _restored(settings: Settings, asked: argparse.Namespace) -> int:
    life = migrate.begin_new_life(needed(settings.owner_database_url, "HOS_OWNER_DATABASE_URL"))
    _terminal.print(f"This is life {life} of the hub; venues send again what it lost.")
    return OK


def _say(code: int, sentence: str) -> int:
    _terminal.print(sentence, style="red", markup=False, highlight=False, soft_wrap=True)
    return code


if __name__ == "__main__":
    sys.exit(main())
