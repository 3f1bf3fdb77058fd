"""The environment as one frozen struct. Every name here is documented in docs/reference/settings.md."""

from collections.abc import Mapping
from pathlib import Path

import msgspec
from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

LOOPBACK = {"127.0.0.1", "::1", "localhost"}


class SettingsError(Exception):
    """A setting is missing or makes no sense; the message says which and why."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """How one hub runs."""

    data_dir: Path  # HOS_DATA_DIR: holds the keys that `hos cloud nats` makes
    database_url: str = ""  # HOS_DATABASE_URL: Postgres as the role hos_app, which row-level security binds
    owner_database_url: str = (
        ""  # HOS_OWNER_DATABASE_URL: the same database as its owner; only `hos cloud migrate` needs it
    )
    nats_url: str = ""  # HOS_NATS_URL: where NATS listens; no venue is heard when empty
    nats_creds: Path | None = None  # HOS_NATS_CREDS: the hub account's credentials file
    host: str = "127.0.0.1"  # HOS_HOST: the address to listen on
    port: int = 8090  # HOS_PORT: 0 takes a free one
    web_dir: Path | None = None  # HOS_WEB_DIR: the built screens; the owner's app is its folder `owner`
    ready_file: Path | None = None  # HOS_READY_FILE: written with the address once the hub serves
    log_level: str = "info"  # HOS_LOG_LEVEL: debug, info, warning or error
    trusted_proxies: str = (
        "127.0.0.1"  # HOS_TRUSTED_PROXIES: the proxies whose X-Forwarded-For says who signs in, with commas
    )
    secure_cookies: bool | None = None  # HOS_SECURE_COOKIES: yes unless the hub listens on loopback

    @property
    def has_secure_cookies(self) -> bool:
        """Whether browsers may send the session cookie over HTTPS only."""
        return self.host not in LOOPBACK if self.secure_cookies is None else self.secure_cookies


def settings_of(environment: Mapping[str, str]) -> Settings:
    """Settings from HOS_* variables.

    Raises:
        SettingsError: one that is needed is missing, or a value is not one of those allowed.
    """
    named = {
        field: environment[f"HOS_{field.upper()}"]
        for field in Settings.__struct_fields__
        if environment.get(f"HOS_{field.upper()}")
    }
    if "data_dir" not in named:
        raise SettingsError("name the folder that holds this hub's own files: --data-dir FOLDER, or HOS_DATA_DIR")
    try:
        settings = msgspec.convert(named, Settings, strict=False, dec_hook=_path)
    except msgspec.ValidationError as error:
        field = str(error).rpartition("$.")[2].rstrip("`")
        kind = "true or false" if field == "secure_cookies" else "a whole number"
        raise SettingsError(f"HOS_{field.upper()} must be {kind}, not {named[field]}") from None
    if not 0 <= settings.port <= 65_535:
        raise SettingsError("HOS_PORT is from 0 to 65535")
    if settings.nats_url and settings.nats_creds is None:
        raise SettingsError("HOS_NATS_URL needs HOS_NATS_CREDS, the hub's credentials file")
    if settings.log_level not in {"debug", "info", "warning", "error"}:
        raise SettingsError("HOS_LOG_LEVEL is debug, info, warning or error")
    return settings


def needed(value: str, name: str) -> str:
    """The value of a setting that this command cannot do without.

    Raises:
        SettingsError: it is empty, or names no database.
    """
    if not value:
        raise SettingsError(f"{name} is not set")
    try:
        conninfo_to_dict(value)
    except ProgrammingError as error:
        raise SettingsError(f"{name} is no address of a database: {str(error).strip()}") from None
    return value


def _path(kind: type, value: object) -> object:
    if kind is Path:
        return Path(str(value))
    raise NotImplementedError(kind)
