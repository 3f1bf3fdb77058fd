"""Which screens somebody can see now: each says so with every beat it hears, and one that falls silent is asleep."""

from collections.abc import Callable, Mapping
from sqlite3 import Connection

from edge.devices.load import screens_now
from edge.engine.asks import EDGE
from edge.engine.database import ReadPool
from edge.engine.door import Door
from edge.engine.writer import Busy, Stopped
from shared.commands.devices import ReportScreens, ScreenNow

#: Two beats and a little: a screen that missed one is looked at, not mourned.
ASLEEP_AFTER_S = 11.0
LOOK_EVERY_S = 2


class Awake:
    """Hears screens and tells the tables when one falls asleep or wakes. `now_s` is a clock that never jumps."""

    def __init__(self, *, reads: ReadPool, door: Door, now_s: Callable[[], float]) -> None:
        self._reads = reads
        self._door = door
        self._now_s = now_s
        self._heard: dict[str, tuple[float, str]] = {}  # by device: when it last said that it is there, what it shows
        self._known: dict[str, ScreenNow] | None = None  # as the tables have it

    def heard(self, device_id: str, shows: str) -> None:
        """A screen says that it is in sight, and which station's tickets are on it: "" for none, "all" for every one's."""
        self._heard[device_id] = (self._now_s(), shows)

    async def look(self) -> None:
        """Tell what changed since the last look. A restart wakes nobody and puts nobody to sleep before its time."""
        if self._known is None:
            self._known = await self._reads.run(_kept)
            for known in self._known.values():
                if known.is_awake:
                    self._heard.setdefault(known.device_id, (self._now_s(), known.shows))
        changed = [screen for screen in self._screens() if screen != self._known.get(screen.device_id)]
        if not changed:
            return
        try:
            answer = await self._door.ask_one(ReportScreens(screens=tuple(changed)), EDGE)
        except (Busy, Stopped):
            return  # told at the next look, if there is one
        if answer.outcome == "done":
            self._known.update({screen.device_id: screen for screen in changed})

    def _screens(self) -> list[ScreenNow]:
        silent_since = self._now_s() - ASLEEP_AFTER_S
        return [
            ScreenNow(device_id=device_id, is_awake=at_s > silent_since, shows=shows if at_s > silent_since else "")
            for device_id, (at_s, shows) in self._heard.items()
        ]


def _kept(conn: Connection) -> dict[str, ScreenNow]:
    found: Mapping[str, ScreenNow] = screens_now(conn)
    return dict(found)
