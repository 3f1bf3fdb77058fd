"""Floor: the venue's settings, its rooms and tables, who serves them, and the codes on the tables."""

from edge.engine.slice import Rule, Slice
from edge.floor import decide, load, project, views
from shared.commands.floor import (
    AssignSection,
    ChangeSection,
    ChangeTable,
    ChangeVenue,
    ConfigureVenue,
    DrawSection,
    DrawTable,
    RemoveTable,
    ReplaceTableCode,
)
from shared.projections.projection import Projection

SLICE = Slice(
    name="floor",
    rules=[
        Rule(ConfigureVenue, load.venue, decide.configure_venue),
        Rule(ChangeVenue, load.venue, decide.change_venue),
        Rule(DrawSection, load.section, decide.draw_section),
        Rule(ChangeSection, load.section, decide.change_section),
        Rule(AssignSection, load.section_and_person, decide.assign_section),
        Rule(DrawTable, load.place_for_table, decide.draw_table),
        Rule(ChangeTable, load.place_for_table, decide.change_table),
        Rule(RemoveTable, load.table_in_use, decide.remove_table),
        Rule(ReplaceTableCode, load.table, decide.replace_table_code),
    ],
    projections=[Projection("floor", project.TABLES, project.PROJECT)],
    views=[views.VENUE, views.SECTION, views.TABLE],
)
