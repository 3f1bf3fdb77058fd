"""What the feed could not read and still owes to those who follow it."""

from collections.abc import Callable, Collection, Iterable, Mapping

import msgspec

from edge.engine.feed_views import Debt

DEBT_LIMIT = 200  # that are kept one by one; with more, everyone gets everything once they can be read
RETRY_S = 0.5
LONGEST_RETRY_S = 8.0


class Stuck(msgspec.Struct, frozen=True, kw_only=True):
    """Views of one kind that cannot be read."""

    kind: str
    since_ms: int
    count: int
    why: str  # of the last that failed


class Debts:
    """What is owed, since when, and when it is tried again: after half a second, then less and less often."""

    def __init__(self) -> None:
        self.due_at_s: float | None = None  # on the loop's clock; None while nothing is owed
        self.is_uncounted = False  # there was more than can be kept
        self._debts: set[Debt] = set()
        self._since_ms: dict[str, int] = {}  # by kind
        self._why: dict[str, str] = {}
        self._delay_s = RETRY_S

    def __bool__(self) -> bool:
        return bool(self._debts)

    def due(self, now_s: float) -> Collection[Debt]:
        """What is to be tried now: everything or nothing."""
        return tuple(self._debts) if self.due_at_s is not None and now_s >= self.due_at_s else ()

    def add(self, failed: Mapping[Debt, Exception], *, now_ms: int, now_s: float) -> dict[str, Exception]:
        """Remember what failed; the kinds that failed for the first time, with an example."""
        fresh: dict[str, Exception] = {}
        for debt, error in failed.items():
            if debt.kind not in self._since_ms:
                fresh[debt.kind] = error
                self._since_ms[debt.kind] = now_ms
            self._why[debt.kind] = f"{type(error).__name__}: {error}"[:200]
            if len(self._debts) < DEBT_LIMIT or debt in self._debts:
                self._debts.add(debt)
            else:
                self.is_uncounted = True
        if self._debts and self.due_at_s is None:
            self.due_at_s = now_s + self._delay_s
        return fresh

    def pay(self, paid: Iterable[Debt], *, was_due: bool, now_s: float) -> None:
        """Forget what was read; call it after `add`, so that a debt that moved on keeps its age."""
        self._debts.difference_update(paid)
        left = {debt.kind for debt in self._debts}
        for kind in self._since_ms.keys() - left:
            del self._since_ms[kind], self._why[kind]
        if not self._debts:
            self.due_at_s, self._delay_s = None, RETRY_S
        elif was_due:
            self._delay_s = min(LONGEST_RETRY_S, self._delay_s * 2)
            self.due_at_s = now_s + self._delay_s

    def since_ms(self, concerns: Callable[[Debt], bool]) -> int:
        """Since when something of that sort is owed; 0 when nothing is."""
        return min((self._since_ms[debt.kind] for debt in self._debts if concerns(debt)), default=0)

    def by_kind(self) -> list[Stuck]:
        """For whoever looks after the edge."""
        return [
            Stuck(
                kind=kind,
                since_ms=since_ms,
                count=sum(debt.kind == kind for debt in self._debts),
                why=self._why[kind],
            )
            for kind, since_ms in sorted(self._since_ms.items())
        ]
