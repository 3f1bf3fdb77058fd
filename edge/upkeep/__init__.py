"""Upkeep: the database is copied, the copy is checked and put in a second place, and all can see when that failed."""

from edge.engine.slice import Rule, Slice
from edge.upkeep import decide, load, views
from shared.commands.upkeep import ReportBackup
from shared.projections import backups
from shared.projections.projection import Projection

SLICE = Slice(
    name="upkeep",
    rules=[Rule(ReportBackup, load.last_backup, decide.report_backup, devices=frozenset({"edge"}))],
    projections=[Projection("backups", backups.TABLES, backups.PROJECT)],
    views=[views.BACKUP],
)
