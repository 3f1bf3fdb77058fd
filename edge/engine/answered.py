"""What every command was answered, for ever: asking the same again does it once, and asking something else does nothing.

An id begins with the time, so a new command's is nearly always greater than any that was answered. Those that are not
below the newest answered ones need no look into the table.
"""

import sqlite3

import msgspec

from edge.engine.asks import Ask
from shared.commands.base import CommandAnswer
from shared.errors import Rejected

KEPT = 1_000  # of the greatest ids, in memory; at most twice as many
_END = "1"  # an id that begins with the time of this millennium is below; ids of other makes are looked up
_FORGIVEN = frozenset({"needs_manager", "approval_invalid"})  # refusals that a fresh approval undoes
_ANSWER = "SELECT seq, code, facts, digest FROM command_done WHERE command_id = ?"
_REMEMBER = "INSERT OR REPLACE INTO command_done (command_id, seq, code, facts, digest) VALUES (?, ?, ?, ?, ?)"
_GREATEST = f"SELECT command_id FROM command_done WHERE command_id < '{_END}' ORDER BY command_id DESC LIMIT ?"
_facts_of = msgspec.json.Decoder(dict[str, str | int | bool | list[str] | None]).decode
_encode = msgspec.json.Encoder().encode


class Answered:
    """The table of answers, and which ids are surely not in it. The writer thread's alone."""

    def __init__(self, conn: sqlite3.Connection, *, kept: int = KEPT) -> None:
        self._conn = conn
        self._kept = kept
        self._cursor = conn.cursor()
        #: Every answered id between `_floor` and `_END` is here; that some were rolled back does no harm.
        self._greatest: set[str] = set()
        self._floor = _END
        self._is_doubted = True

    def doubt(self) -> None:
        """A job may have changed the table: what is in memory is read again before it is used."""
        self._is_doubted = True

    def _reload(self) -> None:
        self._is_doubted = False
        ids = [id for (id,) in self._conn.execute(_GREATEST, (self._kept,))]
        self._greatest = set(ids)
        self._floor = ids[-1] if len(ids) == self._kept else ""

    def answer(self, ask: Ask, digest: bytes) -> CommandAnswer | None:
        """What this wish was answered before; None when it is to be decided.

        Raises:
            Rejected: `id_taken` when the id stands for another wish.
        """
        if self._is_doubted:
            self._reload()
        if self._floor < ask.id < _END and ask.id not in self._greatest:
            return None
        row = self._cursor.execute(_ANSWER, (ask.id,)).fetchone()
        if row is None:
            return None
        seq, code, facts, digest_then = row
        if digest_then not in (b"", digest):
            raise Rejected("id_taken")
        if not code:
            return CommandAnswer(id=ask.id, outcome="done", seq=seq)
        if code in _FORGIVEN and ask.approval:
            return None  # asked again under the same id because a manager has approved it since
        return CommandAnswer(id=ask.id, outcome="refused", code=code, facts=_facts_of(facts))

    def remember(self, answer: CommandAnswer, digest: bytes) -> None:
        """Keep the answer with what tells the wish from another, in the caller's transaction."""
        facts = _encode(answer.facts).decode() if answer.facts else "{}"
        self._cursor.execute(_REMEMBER, (answer.id, answer.seq, answer.code, facts, digest))
        self._note(answer.id)

    def _note(self, id: str) -> None:
        if self._floor < id < _END:
            self._greatest.add(id)
            if len(self._greatest) > 2 * self._kept:
                ids = sorted(self._greatest)[-self._kept :]
                self._floor, self._greatest = ids[0], set(ids)
