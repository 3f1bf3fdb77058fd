"""What survives a restart: the ports, and the last tickets of each printer, a file each."""

from pathlib import Path

import msgspec

from installer.simulators.printers.mechanism import TICKETS_KEPT
from installer.simulators.printers.paper import Ticket


class Store:
    """A folder. Files that cannot be read count as absent."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def ports(self) -> dict[str, int]:
        """The port of each printer when this last ran."""
        try:
            return msgspec.json.decode((self._folder / "ports.json").read_bytes(), type=dict[str, int])
        except (OSError, msgspec.DecodeError):
            return {}

    def keep_ports(self, ports: dict[str, int]) -> None:
        """Remember them for the next start."""
        (self._folder / "ports.json").write_bytes(msgspec.json.encode(ports))

    def tickets(self, printer: str) -> list[Ticket]:
        """The tickets kept of `printer`, oldest first."""
        kept: list[Ticket] = []
        for path in sorted((self._folder / printer).glob("*.json"))[-TICKETS_KEPT:]:
            try:
                kept.append(msgspec.json.decode(path.read_bytes(), type=Ticket))
            except (OSError, msgspec.DecodeError):
                continue
        return kept

    def keep(self, printer: str, ticket: Ticket) -> None:
        """Add a ticket; the one TICKETS_KEPT before it goes."""
        folder = self._folder / printer
        folder.mkdir(exist_ok=True)
        (folder / f"{ticket.number:09}.json").write_bytes(msgspec.json.encode(ticket))
        (folder / f"{ticket.number - TICKETS_KEPT:09}.json").unlink(missing_ok=True)

    def throw_away(self, printer: str) -> None:
        """Forget the tickets of `printer`."""
        for path in (self._folder / printer).glob("*.json"):
            path.unlink(missing_ok=True)
