"""An edge and a hub in one process, from one seed: a pipe that loses, repeats and reorders; crashes at any step; a hub that is
restored from a backup. What must always be true is checked after every step."""

import random
from functools import cache
from typing import Literal, TypeVar

from msgspec.structs import replace

from shared.entry import GENESIS, Entry, digest_of
from sync.frames import Ack, Batch, Hello, Nack, Welcome
from sync.receiver import Append, Head, Refuse, ack, greet, judge, nack
from sync.sender import (
    WINDOW,
    Appended,
    Event,
    Found,
    Heard,
    Identity,
    Linked,
    Read,
    Save,
    Say,
    Ship,
    State,
    Ticked,
    Unlinked,
    step,
)

Mutant = Literal["", "acks before it commits", "takes what does not follow", "hides its new life", "trusts the pipe"]
T = TypeVar("T")
IDENTITY = Identity(install="i", session="s", epoch=1)


class Broken(AssertionError):
    """What must always be true is not."""


class World:
    """Everything there is. `run` plays faults, then heals, and the hub must end equal."""

    def __init__(self, seed: int, mutant: Mutant = "") -> None:
        self.seed = seed
        self.mutant = mutant
        self.chance = random.Random(seed).random
        self.now_ms = 0
        self.log: list[Entry] = []  # committed at the edge
        self.saved = (0, 0)  # acked and hub_inc, as its disk has them
        self.unsaved: Save | None = None
        self.edge = State(identity=IDENTITY)
        self.boots = 0
        self.head = Head(hub_inc=1)
        self.stored: list[Entry] = []  # committed at the hub
        self.backup: tuple[Head, list[Entry]] = (self.head, [])
        self.to_hub: list[Hello | Batch] = []
        self.to_edge: list[Welcome | Ack | Nack] = []
        self.is_faulty = True

    def run(self, steps: int = 500) -> None:
        """Faults for so many steps, then none.

        Raises:
            Broken: the seed says how.
        """
        for _ in range(steps):
            self._something_happens()
            self._check()
        self.is_faulty = False
        if self.edge.phase == "offline":
            self._link()
        for _ in range(20_000):
            if self.stored == self.log and self.edge.acked == len(self.log):
                return
            self._deliver()
            self._check()
        raise Broken(f"seed {self.seed}: {len(self.stored)} of {len(self.log)} entries after healing, {self.edge}")

    def _something_happens(self) -> None:
        dice = self.chance()
        if dice < 0.12:
            self._append(1 + int(self.chance() ** 3 * 150))
        elif dice < 0.15:
            self._power_cut_at_the_edge()
        elif dice < 0.19:
            self._cut() if self.edge.phase != "offline" else self._link()
        elif dice < 0.21:
            self.to_hub.clear()  # JetStream forgot everything
        elif dice < 0.225:
            self.backup = (self.head, [*self.stored])
        elif dice < 0.235:
            self._restore_the_hub()
        elif dice < 0.30 and self.unsaved is not None:
            self.saved, self.unsaved = (self.unsaved.acked, self.unsaved.hub_inc), None
        elif dice < 0.36:
            self._tick()
        else:
            self._deliver()

    def _append(self, count: int) -> None:
        self.log.extend(whole_log()[len(self.log) : len(self.log) + count])
        self._tell_edge(Appended(len(self.log)))

    def _power_cut_at_the_edge(self) -> None:
        """What was not saved is gone; the log is not."""
        acked, hub_inc = self.saved
        self.unsaved = None
        self.to_edge.clear()
        self.edge = State(identity=IDENTITY, acked=acked, hub_inc=hub_inc, last=len(self.log))

    def _cut(self) -> None:
        self.to_edge.clear()
        self._tell_edge(Unlinked())

    def _link(self) -> None:
        self.boots += 1
        self._tell_edge(Linked(f"b{self.boots}"))

    def _restore_the_hub(self) -> None:
        head, stored = self.backup
        life = self.head.hub_inc + (self.mutant != "hides its new life")
        self.head, self.stored = replace(head, hub_inc=life), [*stored]

    def _deliver(self) -> None:
        """A message arrives, or time passes."""
        if self.to_hub and (not self.to_edge or self.chance() < 0.5):
            self._at_the_hub(self._taken(self.to_hub))
        elif self.to_edge:
            message = self._taken(self.to_edge)
            ours = None
            if message.acked <= len(self.log):
                ours = self.log[message.acked - 1].digest if message.acked else GENESIS
            self._tell_edge(Heard(message, ours))
        else:
            self._tick()

    def _taken(self, queue: list[T]) -> T:
        return queue.pop(int(self.chance() ** 3 * len(queue)) if self.is_faulty else 0)

    def _tick(self) -> None:
        wake_at_ms = self.edge.wake_at_ms
        self.now_ms = max(self.now_ms + int(self.chance() * 3_000), 0 if self.is_faulty else wake_at_ms or 0)
        if wake_at_ms is not None and self.now_ms >= wake_at_ms:
            self._tell_edge(Ticked())
        elif self.edge.phase == "offline" and not self.is_faulty:
            self._link()

    def _tell_edge(self, event: Event) -> None:
        waiting = [event]
        while waiting:
            self.edge, actions = step(self.edge, waiting.pop(0), now_ms=self.now_ms, chance=self.chance())
            for action in actions:
                match action:
                    case Say(message):
                        self._send(self.to_hub, message)
                    case Ship(batch):
                        self._send(self.to_hub, batch)
                        if self.mutant == "trusts the pipe":
                            self.edge = replace(self.edge, acked=batch.hi, acked_digest=batch.head)
                    case Read(after, limit):
                        waiting.append(Found(tuple(self.log[after : after + limit])))
                    case Save():
                        self.unsaved = action

    def _at_the_hub(self, message: Hello | Batch) -> None:
        dice = self.chance() if self.is_faulty else 1.0
        if isinstance(message, Hello):
            greeting = greet(self.head, message, now_ms=self.now_ms)
            self.head = greeting.adopt or self.head
            self._send(self.to_edge, greeting.welcome)
            return
        known = self.stored[message.hi - 1].digest if message.hi <= len(self.stored) else None
        decision = judge(self.head, message, stored=known)
        if self.mutant == "takes what does not follow" and decision in {Refuse("gap"), Refuse("overlap")}:
            decision = Append(replace(self.head, acked=message.hi, head=message.head))
        match decision:
            case Append(head):
                if self.mutant == "acks before it commits":
                    self._send(self.to_edge, ack(head))
                if dice < 0.05:
                    return  # killed before the COMMIT
                self.stored.extend(message.entries)
                self.head = head
                if dice < 0.10:
                    return  # killed after it
                self._send(self.to_edge, ack(self.head))
            case Refuse(reason):
                self._send(self.to_edge, nack(self.head, reason))
            case _:
                self._send(self.to_edge, ack(self.head))

    def _send(self, queue: list[T], message: T) -> None:
        dice = self.chance() if self.is_faulty else 1.0
        if dice >= 0.12:
            queue.extend([message] * (2 if dice < 0.24 else 1))

    def _check(self) -> None:
        if self.stored != self.log[: len(self.stored)]:
            raise Broken(f"seed {self.seed}: the hub holds no prefix of the log")
        if self.head.acked != len(self.stored):
            raise Broken(f"seed {self.seed}: the head row says {self.head.acked} of {len(self.stored)}")
        if self.edge.hub_inc == self.head.hub_inc and self.edge.acked > len(self.stored):
            raise Broken(f"seed {self.seed}: the edge believes {self.edge.acked} of {len(self.stored)}")
        if len(self.edge.flight) > WINDOW:
            raise Broken(f"seed {self.seed}: {len(self.edge.flight)} batches in flight")


@cache
def whole_log() -> list[Entry]:
    """The log that every world reveals a part of: making it anew would take most of the time."""
    entries: list[Entry] = []
    before = GENESIS
    for seq in range(1, 6_001):
        entry = Entry(
            seq=seq, epoch=1, id=seq.to_bytes(16, "big"), kind="k", version=1, hlc=seq, asked_at_ms=0,
            business_day="2026-03-05", subject="x", staff_id="", device_id="d", command_id=f"m{seq}",
            body=b"{}", digest=b"",
        )  # fmt: skip
        before = digest_of(before, entry)
        entries.append(replace(entry, digest=before))
    return entries
