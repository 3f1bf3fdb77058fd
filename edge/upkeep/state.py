"""What is known of the venue's backups."""

import msgspec


class Backup(msgspec.Struct, frozen=True, kw_only=True):
    """How one backup went; an empty word says well."""

    file: str
    through_seq: int
    size_bytes: int
    copied: str
    checked: str
    problems: int
    second: str
    made_at_ms: int

    @property
    def words(self) -> tuple[str, str, str]:
        """What a person is told of it."""
        return self.copied, self.checked, self.second

    @property
    def is_good(self) -> bool:
        """Whether a whole copy lies in the first place."""
        return not self.copied and not self.checked

    @property
    def trouble(self) -> str:
        """What failed, and why: `copy_no_room`, `check_wrong`, `second_missing`; empty when nothing did."""
        if self.copied:
            return f"copy_{self.copied}"
        if self.checked:
            return f"check_{self.checked}"
        return f"second_{self.second}" if self.second not in {"", "unset"} else ""

    def says_no_less_than(self, later: "Backup") -> bool:
        """Whether a later fault is this one, still there: it is said once, not each hour that it lasts."""
        return not later.is_good and self.words == later.words
