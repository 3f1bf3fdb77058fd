"""Staff: who works here, their PINs, who is signed in where, and a manager's approval of one command."""

from edge.engine.slice import OFFICE, Rule, Slice
from edge.staff import decide, load, project, views
from edge.staff.pins import prepare_pin
from shared.commands.staff import (
    AddStaff,
    RecordApproval,
    RecordPinFailure,
    RecordSignIn,
    RemoveStaff,
    SetPin,
    SetStaffRole,
    SignOut,
)
from shared.projections.projection import Projection

_EDGE = frozenset({"edge", "console"})


SLICE = Slice(
    name="staff",
    rules=[
        Rule(
            AddStaff,
            load.member,
            decide.add_staff,
            prepare=prepare_pin,
            keep=decide.keep_person,
            devices=OFFICE,
        ),
        Rule(SetStaffRole, load.member, decide.set_staff_role, devices=OFFICE),
        Rule(
            SetPin,
            load.member,
            decide.set_pin,
            prepare=prepare_pin,
            keep=decide.keep_pin,
            devices=OFFICE,
        ),
        Rule(RemoveStaff, load.member, decide.remove_staff, keep=decide.forget_pin, devices=OFFICE),
        Rule(RecordSignIn, load.sign_in, decide.record_sign_in, devices=_EDGE),
        Rule(RecordPinFailure, load.member, decide.record_pin_failure, devices=_EDGE),
        Rule(RecordApproval, load.approver, decide.record_approval, devices=_EDGE),
        Rule(SignOut, load.session_to_end, decide.sign_out, devices=OFFICE),
    ],
    projections=[Projection("staff", project.TABLES, project.PROJECT)],
    views=[views.STAFF],
    kept_tables=[project.PERSON],
)
