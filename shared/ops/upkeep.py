"""What happens to the venue's database as a whole."""

from typing import ClassVar

from shared.ops.base import Op


class BackupMade(Op, frozen=True, kw_only=True, tag="backup_made"):
    """The database was copied, the copy was checked and put in a second place; or what of that failed.

    A word that is empty says that it went well. The words are those of `shared.commands.upkeep`.
    """

    SUBJECT: ClassVar[str] = "file"
    file: str  # the copy's name in the folder of backups
    through_seq: int  # the last entry in the copy
    size_bytes: int
    copied: str
    checked: str
    problems: int = 0  # found in the copy
    second: str  # the second place
    made_at_ms: int
