"""A rush on screens that lag behind: nobody does a thing twice, and no two parties walk to one table."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Coroutine
from typing import Any, cast

import pytest

from installer.demo import rush as played
from installer.demo.crew import Crew
from installer.demo.edge_client import Ask
from installer.demo.fleet import FAROL
from installer.demo.places import PLANS
from installer.demo.rush import Rush

PATIENCE_S = 60


class LaggingCrew:
    """Screens that go on showing what was done; who does a thing gets `done` set the moment it is asked."""

    def __init__(self) -> None:
        self.venue = FAROL
        self.asked: list[str] = []
        self.looks = 0
        self.seen = asyncio.Event()
        self.views: defaultdict[str, dict[str, dict[str, Any]]] = defaultdict(dict)
        self.screens = self.kitchen = self
        self.chance = self

    def uniform(self, least: float, most: float) -> float:
        return 0.0

    def choice(self, things: list[Any]) -> Any:
        return things[0]

    def waiter(self, staff_id: str) -> "LaggingCrew":
        return self

    async def do(self, ask: Ask) -> None:
        self.asked.append(ask.name)

    def all(self, kind: str) -> list[dict[str, Any]]:
        return list(self.views[kind].values())

    def open_checks(self) -> list[dict[str, Any]]:
        return []

    def open_tickets(self) -> list[dict[str, Any]]:
        return self._look({"ticket_id": "t", "check_id": "c", "station_id": "barra", "changed_at_ms": 0})

    def ready_courses(self) -> list[dict[str, Any]]:
        return self._look({"check_id": "c", "course": 1, "waiter_id": "ana"})

    def _look(self, shown: dict[str, Any]) -> list[dict[str, Any]]:
        self.looks += 1
        if self.looks == 5:
            self.seen.set()
        return [shown]


async def until_seen(crew: LaggingCrew, part: Coroutine[Any, Any, None]) -> None:
    """Play one part of the rush until it has looked at its screen five times."""
    playing = asyncio.create_task(part)
    await asyncio.wait_for(crew.seen.wait(), PATIENCE_S)
    playing.cancel()
    await asyncio.gather(playing, return_exceptions=True)


@pytest.fixture
def crew(monkeypatch: pytest.MonkeyPatch) -> LaggingCrew:
    for pause in ("LOOK_S", "COOK_ELSEWHERE_S", "REACT_S"):
        monkeypatch.setattr(played, pause, 0)
    return LaggingCrew()


@pytest.mark.parametrize(
    ("part", "name"), [(Rush._kitchen, "bump_ticket"), (Rush._pass, "pick_up_course")], ids=["kitchen", "pass"]
)
async def test_what_was_done_is_not_done_again_while_screens_show_the_old(
    crew: LaggingCrew, monkeypatch: pytest.MonkeyPatch, part: Callable[[Rush], Any], name: str
) -> None:
    monkeypatch.setattr(Rush, "pause", _no_pause)
    rush = Rush(cast(Crew, crew))
    rush.take_in("c")
    await until_seen(crew, part(rush))
    assert crew.asked == [name]


async def test_no_two_parties_walk_to_one_table(crew: LaggingCrew, monkeypatch: pytest.MonkeyPatch) -> None:
    there: list[str] = []

    class Walking:
        def __init__(self, rush: Rush, label: str) -> None:
            there.append(label)
            if len(there) == 5:
                crew.seen.set()

        async def live(self) -> None:
            await asyncio.Event().wait()

    monkeypatch.setattr(played, "GuestLife", Walking)
    monkeypatch.setattr(Rush, "pause", _no_pause)
    rush = Rush(cast(Crew, crew))
    await until_seen(crew, rush._door())
    for task in rush._tasks:
        task.cancel()
    assert len(set(there)) == len(there) >= 5
    assert set(there) <= {table.label for section in PLANS[FAROL.plan] for table in section.tables}


async def _no_pause(rush: Rush, span: object) -> None:
    await asyncio.sleep(0)
