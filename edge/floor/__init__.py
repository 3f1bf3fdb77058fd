"""Floor: the venue's settings, its rooms and tables, who serves them, and the codes on the tables."""

from edge.engine.slice import OFFICE, Rule, Slice
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
        Rule(ConfigureVenue, load.venue, decide.configure_venue, devices=OFFICE),
        Rule(ChangeVenue, load.venue, decide.change_venue, devices=OFFICE),
        Rule(DrawSection, load.section, decide.draw_section, devices=OFFICE),
        Rule(ChangeSection, load.section, decide.change_section, devices=OFFICE),
        Rule(AssignSection, load.section_and_person, decide.assign_section, devices=OFFICE),
        Rule(DrawTable, load.place_for_table, decide.draw_table, devices=OFFICE),
        Rule(ChangeTable, load.place_for_table, decide.change_table, devices=OFFICE),
        Rule(RemoveTable, load.table_in_use, decide.remove_table, devices=OFFICE),
        Rule(ReplaceTableCode, load.table, decide.replace_table_code, devices=OFFICE),
    ],
    projections=[Projection("floor", project.TABLES, project.PROJECT)],
    views=[views.VENUE, views.SECTION, views.TABLE],
)
