"""Menu: what is for sale, in versions; what is sold out; and the spreadsheet form of it."""

from edge.engine.slice import OFFICE, Rule, Slice
from edge.menu import decide, load, project, views
from shared.commands.menu import EightySixItem, PublishMenu, RestoreItem
from shared.projections.projection import Projection

SLICE = Slice(
    name="menu",
    rules=[
        Rule(PublishMenu, load.menu_in_force, decide.publish_menu, devices=OFFICE),
        Rule(EightySixItem, load.item, decide.eighty_six_item, devices=OFFICE),
        Rule(RestoreItem, load.item, decide.restore_item, devices=OFFICE),
    ],
    projections=[Projection("menu", project.TABLES, project.PROJECT)],
    views=[views.MENU, views.SOLD_OUT],
)
