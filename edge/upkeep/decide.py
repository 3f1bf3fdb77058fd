"""The one rule of upkeep: what is worth a word in the log."""

import msgspec

from edge.upkeep.state import Backup
from shared.commands.upkeep import ReportBackup
from shared.context import Context
from shared.ops import Op
from shared.ops.upkeep import BackupMade


def report_backup(command: ReportBackup, last: Backup | None, context: Context) -> list[Op]:
    """A backup was tried. A fault that is said already is not said again each hour that it lasts."""
    made = Backup(**msgspec.structs.asdict(command), made_at_ms=context.now_ms)
    if last is not None and last.says_no_less_than(made):
        return []
    return [BackupMade(**msgspec.structs.asdict(made))]
