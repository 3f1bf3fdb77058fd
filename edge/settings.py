"""The environment as one frozen struct. Every name here is documented in docs/reference/settings.md."""

from collections.abc import Mapping
from pathlib import Path

import msgspec

from edge.outside import addresses_of


class SettingsError(Exception):
    """A setting is missing or makes no sense; the message says which and why."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """How one edge runs."""

    data_dir: Path  # HOS_DATA_DIR: the venue's database, keys and backups
    host: str = "127.0.0.1"  # HOS_HOST: the address to listen on
    port: int = 8080  # HOS_PORT: 0 takes a free one
    tenant_id: str = "local"  # HOS_TENANT: the business, as the hub knows it
    venue_id: str = "venue"  # HOS_VENUE: this venue, as the hub knows it
    public_url: str = ""  # HOS_PUBLIC_URL: what table codes start with; the listening address when empty
    web_dir: Path | None = None  # HOS_WEB_DIR: the built screens; none are served without it
    nats_url: str = ""  # HOS_NATS_URL: where the hub's NATS listens; no uplink when empty
    nats_creds: Path | None = None  # HOS_NATS_CREDS: this venue's credentials file
    hub_retry_s: int = 60  # HOS_HUB_RETRY_S: the longest wait between two attempts to reach the hub
    backup_to: Path | None = None  # HOS_BACKUP_TO: a folder on another disk, where each backup is put as well
    internet_check: str = "1.1.1.1:53 8.8.8.8:53"  # HOS_INTERNET_CHECK: asked whether the internet or the hub is away
    clock: str = "system"  # HOS_CLOCK: system; or commands, which follows the times that commands carry (replays only)
    ready_file: Path | None = None  # HOS_READY_FILE: written with the address once the edge serves
    log_level: str = "info"  # HOS_LOG_LEVEL: debug, info, warning or error
    address_limit_per_min: int = 600  # HOS_ADDRESS_LIMIT_PER_MIN: public requests a minute from one network address

    @property
    def database(self) -> Path:
        """The venue's SQLite file."""
        return self.data_dir / "venue.db"

    @property
    def address_file(self) -> Path:
        """Where the edge says its address while it serves, for the commands that a technician types."""
        return self.data_dir / "edge.address"

    @property
    def backups(self) -> Path:
        """Where backups go."""
        return self.data_dir / "backups"


def settings_of(environment: Mapping[str, str]) -> Settings:
    """Settings from HOS_* variables.

    Raises:
        SettingsError: `HOS_DATA_DIR` is missing, or a value is not one of those allowed.
    """
    named = {
        field: environment[f"HOS_{_variable(field)}"]
        for field in Settings.__struct_fields__
        if environment.get(f"HOS_{_variable(field)}")
    }
    if "data_dir" not in named:
        raise SettingsError("name the folder that holds this venue's database: --data-dir FOLDER, or HOS_DATA_DIR")
    try:
        settings = msgspec.convert(named, Settings, strict=False, dec_hook=_path)
    except msgspec.ValidationError as error:
        field = str(error).rpartition("$.")[2].rstrip("`")  # all but numbers take any text
        raise SettingsError(f"HOS_{_variable(field)} must be a whole number, not {named[field]}") from None
    if not 0 <= settings.port <= 65_535:
        raise SettingsError("HOS_PORT is from 0 to 65535")
    if settings.clock not in {"system", "commands"}:
        raise SettingsError("HOS_CLOCK is system or commands")
    if settings.log_level not in {"debug", "info", "warning", "error"}:
        raise SettingsError("HOS_LOG_LEVEL is debug, info, warning or error")
    try:
        addresses_of(settings.internet_check)
    except ValueError as error:
        raise SettingsError(f"HOS_INTERNET_CHECK is a list of host:port, which {error} is not") from None
    if not 1 <= settings.hub_retry_s <= 3600:
        raise SettingsError("HOS_HUB_RETRY_S is from 1 to 3600 seconds")
    if settings.nats_url and settings.nats_creds is None:
        raise SettingsError("HOS_NATS_URL needs HOS_NATS_CREDS, the venue's credentials file")
    return settings


def _variable(field: str) -> str:
    return {"tenant_id": "TENANT", "venue_id": "VENUE"}.get(field, field.upper())


def _path(kind: type, value: object) -> object:
    if kind is Path:
        return Path(str(value))
    raise NotImplementedError(kind)
