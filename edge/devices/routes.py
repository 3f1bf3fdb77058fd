"""Where a new screen asks to be let in, and learns that it was."""

from collections.abc import Callable
from typing import Any, Literal

import msgspec
from litestar import Request, Response, Router, get, post

from doors.gate import network_of
from edge.devices.keys import KeyRing, digest_of_key
from edge.devices.load import KeyHolder
from edge.engine.asks import EDGE
from edge.engine.clock import Clock
from edge.engine.door import Door
from shared.answers.devices import PairStarted, PairState
from shared.commands.devices import App, AskPairing, DeviceName
from shared.errors import Rejected

#: Screens of one address that may wait at once: a technician's, behind another router. For all addresses together there is
#: `decide.MOST_WAITING`, which one stranger would else fill alone, and no real screen could be paired for ten minutes.
WAITING_OF_ADDRESS = 5
#: Counts a request from an address at a moment; raises Rejected `too_fast` before anything is written.
Knock = Callable[[str, int], None]


class PairAsk(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A new screen says which app it runs and what people call it."""

    app: App
    device_name: DeviceName


class Waiting:
    """Which keys were given out to whom and wait to be approved: one address fills no more than its share of the waiting room.

    Kept in memory; a restart forgives everybody, and what waits is bounded for all of them by the rule.
    """

    def __init__(self, keys: KeyRing) -> None:
        self._keys = keys
        self._of: dict[str, list[str]] = {}

    def check(self, address: str, now_ms: int) -> None:
        """Whether one more may wait there.

        Raises:
            Rejected: `too_fast`.
        """
        waiting = [key for key in self._of.pop(address, []) if self._waits(key, now_ms)]
        if waiting:
            self._of[address] = waiting
        if len(waiting) >= WAITING_OF_ADDRESS:
            raise Rejected("too_fast", retry_after_s=60)

    def add(self, address: str, key: str) -> None:
        """One more waits."""
        self._of.setdefault(address, []).append(key)

    def _waits(self, key: str, now_ms: int) -> bool:
        holder = self._keys.holder(key)
        return holder is not None and _standing(holder, now_ms) == "waiting"


def router(door: Door, clock: Clock, keys: KeyRing, knock: Knock) -> Router:
    """POST /devices/pairings starts one; GET /devices/pairings/mine, with the new key, says how it stands."""

    waiting = Waiting(keys)

    @post("/pairings", status_code=201)
    async def start(request: Request[Any, Any, Any]) -> PairStarted:
        """Ask to be let in; 429 when too many screens wait, here or at one address, or when one address asks too often."""
        address = network_of(request.client.host) if request.client else ""
        knock(address, clock.now_ms())
        waiting.check(address, clock.now_ms())
        wanted = msgspec.json.decode(await request.body(), type=PairAsk)
        key, pairing_id = clock.fresh_secret(), clock.fresh_id()
        code = clock.fresh_code()
        command = AskPairing(
            pairing_id=pairing_id,
            code=code,
            app=wanted.app,
            device_name=wanted.device_name,
            key_digest=digest_of_key(key),
        )
        answer = await door.ask_one(command, EDGE)
        if answer.outcome != "done":
            raise Rejected(answer.code, **answer.facts)
        waiting.add(address, key)
        return PairStarted(pairing_id=pairing_id, code=code, key=key, expires_in_s=600)

    @get("/pairings/mine")
    async def mine(request: Request[Any, Any, Any]) -> Response[PairState]:
        """How the pairing of the key in the Authorization header stands; 401 for an unknown key."""
        holder = keys.holder(request.headers.get("authorization", ""))
        if holder is None:
            raise Rejected("device_unknown")
        state = _standing(holder, clock.now_ms())
        return Response(
            PairState(
                state=state,
                device_id=holder.pairing_id if holder.role else "",
                role=holder.role,
                name=holder.name,
                station_id=holder.station_id,
                drawer_id=holder.drawer_id,
            )
        )

    return Router("/devices", route_handlers=[start, mine])


def _standing(holder: KeyHolder, now_ms: int) -> Literal["waiting", "approved", "expired", "revoked"]:
    if holder.revoked_at_ms:
        return "revoked"
    if holder.role:
        return "approved"
    return "expired" if now_ms > holder.expires_at_ms else "waiting"
