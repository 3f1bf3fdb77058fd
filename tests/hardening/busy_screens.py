"""Screens that ask without pause from threads of their own, and remember what was answered."""

import threading
from collections.abc import Callable

import httpx

from installer.demo.edge_client import fresh_id
from tests.hardening.open_venue import OpenVenue, Screen

WAIT_S = 120


class BusyScreens:
    """A check, a line and a ticket in each request; a screen ends when the edge says no or is gone."""

    def __init__(self, venue: OpenVenue, screens: int = 4) -> None:
        self.acked: list[str] = []
        self.refused: list[httpx.Response] = []
        self.cut_off = 0
        self._told = threading.Condition()
        self._over = threading.Event()
        clients = [venue.screen(venue.console.key) for _ in range(screens)]
        self._threads = [threading.Thread(target=self._ask, args=(client,), daemon=True) for client in clients]

    def start(self) -> "BusyScreens":
        """Begin."""
        for thread in self._threads:
            thread.start()
        return self

    def after(self, more: int) -> None:
        """Wait until so many more commands were answered."""
        wanted = len(self.acked) + more
        self._until(lambda: len(self.acked) >= wanted)

    def finish(self) -> None:
        """No more requests; returns when the last has its answer."""
        self._over.set()
        self.join()

    def join(self) -> None:
        """Wait until every screen was refused or cut off."""
        for thread in self._threads:
            thread.join(WAIT_S)
            assert not thread.is_alive()

    def missing(self, venue: OpenVenue) -> set[str]:
        """What was answered and is not in the log."""
        return set(self.acked) - {command_id for (command_id,) in venue.rows("SELECT command_id FROM log")}

    def _until(self, is_so: Callable[[], bool]) -> None:
        with self._told:
            assert self._told.wait_for(is_so, WAIT_S), "the edge answers no more"

    def _ask(self, screen: Screen) -> None:
        while not self._over.is_set():
            check_id = fresh_id()
            line = {"line_id": fresh_id(), "item_id": "empanada", "note": "x" * 140}
            asks = [
                screen.an_ask("open_check", {"check_id": check_id, "kind": "counter"}),
                screen.an_ask("add_lines", {"check_id": check_id, "lines": [line]}),
                screen.an_ask("send_lines", {"check_id": check_id}),
            ]
            try:
                response = screen.post(*asks)
            except httpx.TransportError:
                self.cut_off += 1
                return
            if response.status_code != 200:
                self.refused.append(response)
                return
            with self._told:
                self.acked += [one["id"] for one in response.json()["answers"] if one["outcome"] == "done"]
                self._told.notify_all()
