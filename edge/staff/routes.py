"""Where PINs are typed: signing in, and a manager's approval in place. The PIN is checked here, the outcome is a command."""

import asyncio
from collections import defaultdict
from typing import Annotated, Any

import msgspec
from litestar import Request, Response, Router, get, post
from litestar.params import QueryParameter

from edge.engine.asks import EDGE, Asker, Authenticate
from edge.engine.clock import Clock
from edge.engine.door import Door
from edge.engine.lookups import Lookups
from edge.staff import load
from edge.staff.audit import NEWEST_MS, audit
from edge.staff.decide import LONGEST_WAIT_MS, TRIES
from edge.staff.pins import is_right
from edge.staff.reads import permissions_on
from shared.answers.staff import SESSION_HEADER, Approved, SignedIn
from shared.commands.base import Command, digest_of
from shared.commands.staff import RecordApproval, RecordPinFailure, RecordSignIn
from shared.errors import Rejected, Rejection
from shared.ids import IdText
from shared.permissions import APPROVABLE, ROLES
from shared.views.past import Audit

Before = Annotated[
    int, QueryParameter(name="before", description="epoch milliseconds; the newest when absent", ge=0, le=NEWEST_MS)
]
Pin = Annotated[str, msgspec.Meta(max_length=12)]


class SignInAsk(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who wants to work on the asking device."""

    staff_id: IdText
    pin: Pin


class ApprovalAsk(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A manager's PIN for one command, which the device has an id for already. The command stands here whole."""

    staff_id: IdText
    pin: Pin
    command_id: IdText
    command_name: Annotated[str, msgspec.Meta(max_length=40)]
    command_body: msgspec.Raw


class PinDesk:
    """Checks PINs one at a time for each person, so that guesses in parallel count like guesses in a row."""

    def __init__(self, lookups: Lookups, door: Door, clock: Clock) -> None:
        self._lookups, self._door, self._clock = lookups, door, clock
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def check(self, staff_id: str, pin: str) -> load.LoginFacts:
        """The person, when the PIN is theirs.

        Raises:
            Rejected: `staff_unknown`; `pin_wrong` with the tries left; `pin_locked` with the wait.
        """
        facts = await self._lookups.run(load.login_facts, staff_id)
        if facts is None:
            await asyncio.to_thread(is_right, pin, "")
            raise Rejected("staff_unknown")
        async with self._turns[staff_id]:
            facts = await self._lookups.run(load.login_facts, staff_id)
            if facts is None:
                raise Rejected("staff_unknown")
            self._refuse_while_locked(facts.locked_until_ms)
            if await asyncio.to_thread(is_right, pin, facts.pin_hash):
                return facts
            await self.record(RecordPinFailure(staff_id=staff_id))
            after = await self._lookups.run(load.login_facts, staff_id)
        if after is not None:
            self._refuse_while_locked(after.locked_until_ms)
        raise Rejected("pin_wrong", attempts_left=max(TRIES - facts.failures - 1, 0))

    async def record(self, command: Command) -> None:
        """Put what a PIN led to in the log.

        Raises:
            Rejected: what the rule refused with.
        """
        answer = await self._door.ask_one(command, EDGE)
        if answer.outcome != "done":
            raise Rejected(answer.code, **answer.facts)

    def _refuse_while_locked(self, locked_until_ms: int) -> None:
        left_ms = locked_until_ms - self._clock.now_ms()
        if 0 < left_ms <= LONGEST_WAIT_MS:  # a longer one was made before the clock was set back
            raise Rejected("pin_locked", retry_after_s=-(-left_ms // 1000))


def router(lookups: Lookups, door: Door, clock: Clock, authenticate: Authenticate) -> Router:
    """POST /staff/sign-in, POST /staff/approvals and GET /staff/audit, for paired screens."""
    desk = PinDesk(lookups, door, clock)

    @post("/sign-in", status_code=200)
    async def sign_in(
        request: Request[Any, Any, Any],
    ) -> Response[SignedIn | Rejection]:
        """Sign a person in on the asking device, ending whoever's session was there. 409 with the refusal."""
        device = authenticate(request.headers.get("authorization", ""))
        wanted = msgspec.json.decode(await request.body(), type=SignInAsk)
        facts = await desk.check(wanted.staff_id, wanted.pin)
        session = clock.fresh_id()
        await desk.record(
            RecordSignIn(
                session_id=session,
                staff_id=wanted.staff_id,
                on_device_id=device.device_id,
            )
        )
        permissions = tuple(sorted(ROLES.get(facts.role, ())))
        return Response(
            SignedIn(
                session=session,
                staff_id=wanted.staff_id,
                name=facts.name,
                role=facts.role,
                permissions=permissions,
            )
        )

    @post("/approvals", status_code=200)
    async def approve(
        request: Request[Any, Any, Any],
    ) -> Response[Approved | Rejection]:
        """A manager approves one command of the asking device, as it stands. 409 with the refusal."""
        device = authenticate(request.headers.get("authorization", ""))
        wanted = msgspec.json.decode(await request.body(), type=ApprovalAsk)
        command = door.command_of(wanted.command_name, wanted.command_body)
        if wanted.command_name not in APPROVABLE:
            raise Rejected("not_approvable", command=wanted.command_name)
        facts = await desk.check(wanted.staff_id, wanted.pin)
        approval = _approval_of(wanted, command, device, clock.fresh_id())
        await desk.record(approval)
        return Response(Approved(approval=approval.approval_id, approver_id=wanted.staff_id, approver_name=facts.name))

    @get("/audit")
    async def audited(request: Request[Any, Any, Any], before: Before = NEWEST_MS) -> Audit:
        """Refusals, voids of what was sent, drawers opened without a sale; for whoever is signed in with `audit`."""
        asker = authenticate(request.headers.get("authorization", ""))
        may = await lookups.run(permissions_on, asker, request.headers.get(SESSION_HEADER, ""))
        if "audit" not in may:
            raise Rejected("needs_permission", permission="audit")
        return await lookups.report(audit, before)

    return Router("/staff", route_handlers=[sign_in, approve, audited])


def _approval_of(wanted: ApprovalAsk, command: Command, device: Asker, approval_id: str) -> RecordApproval:
    return RecordApproval(
        approval_id=approval_id,
        approver_id=wanted.staff_id,
        for_command_id=wanted.command_id,
        for_command_name=wanted.command_name,
        on_device_id=device.device_id,
        for_digest=digest_of(command).hex(),
    )
