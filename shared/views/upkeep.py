"""How the venue's database is cared for, as a till shows it."""

import msgspec


class BackupView(msgspec.Struct, frozen=True, kw_only=True):
    """The last backup; key = `last`. A word that is empty says that it went well; see `ReportBackup` for the words."""

    made_at_ms: int
    good_at_ms: int  # when the last copy was made that was whole and checked; 0 when there is none yet
    copied: str
    checked: str
    problems: int
    second: str


VIEWS = {"backup": BackupView}
