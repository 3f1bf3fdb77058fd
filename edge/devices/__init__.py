"""Devices: pairing a screen by a code that a manager approves, and shutting one out."""

from edge.devices import decide, load, project, views
from edge.engine.slice import OFFICE, Rule, Slice
from shared.commands.devices import ApprovePairing, AskPairing, ChooseDrawer, ReportScreens, RevokeDevice
from shared.projections.projection import Projection

SLICE = Slice(
    name="devices",
    rules=[
        Rule(
            AskPairing,
            load.waiting_pairings,
            decide.ask_pairing,
            devices=frozenset({"edge", "console"}),
            keep=decide.keep_key,
        ),
        Rule(ApprovePairing, load.pairing, decide.approve_pairing, devices=OFFICE),
        Rule(ChooseDrawer, load.own_revision, decide.choose_drawer, devices=frozenset({"waiter", "pos"})),
        Rule(RevokeDevice, load.device, decide.revoke_device, devices=OFFICE),
        Rule(
            ReportScreens,
            load.nothing,
            decide.report_screens,
            devices=frozenset({"edge"}),
            keep=decide.keep_screens,
        ),
    ],
    projections=[Projection("devices", project.TABLES, project.PROJECT)],
    views=[views.DEVICES, views.PAIRINGS],
    kept_tables=[project.DEVICE_KEY, project.SCREEN],
)
