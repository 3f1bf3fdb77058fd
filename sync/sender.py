"""The edge's side: a state machine that takes an event and says what to do about it.

How a worker drives it (`state` starts as `State(identity=…, acked=…, hub_inc=…, last=…)` from the `log_identity` row and the log):

    state, actions = step(state, event, now_ms=now, chance=number in [0, 1))

for each action
    Say(message)           request/reply on `req.<venue>.hello`; feed the answer back as `Heard`
    Ship(batch)            publish `frames.encode_batch`; whatever the pipe answers is ignored
    Read(after, limit)     read entries after `after`; feed them back as `Found`
    Save(...)              write acked and hub_inc in ONE transaction before carrying out anything later
    Alarm(code)            `state.trouble` changed: "" is well; anything else needs a person:
                           "fork" the logs differ, "behind" the hub has more than this log, "claim" and "fenced" another box or session
                           holds the venue, "refused" the hub keeps refusing, "forgot" the hub lost what it had confirmed,
                           "too_large" the next entry fits in no message
and with these events
    Linked(boot)           a fresh connection is subscribed to `down.<venue>.ack`; `boot` is a fresh id
    Unlinked()             the connection is gone
    Appended(last)         the log's bell: it is now at `last`
    Found(entries)         the answer to Read
    Heard(message, ours)   an ACK, NACK or WELCOME arrived; `ours` is this log's digest at `message.acked`, None beyond its end
    Ticked()               `state.wake_at_ms` has come

Watermarks go back only when `hub_inc` rises. A log that is not the hub's is never sent over it and nothing is thrown away: the sender
stops, says so in `trouble`, and asks again every half minute.
"""

from typing import Literal, assert_never

import msgspec
from msgspec.structs import replace

from shared.entry import GENESIS, Entry
from sync.backoff import patience_ms
from sync.frames import MAX_ENTRIES, Ack, Batch, Hello, Malformed, Nack, Welcome, encode_batch, fitting

WINDOW = 4  # batches in flight
DOUBTS = 2  # resends without progress after which one batch at a time is enough to find out
STREAM_PATIENCE_MS = 2_000
LONGEST_PATIENCE_MS = 60_000
HELLO_EVERY_MS = 30_000
REFUSALS_BEFORE_ALARM = 5

#: Troubles that the hub's word alone does not end: it does not speak of what it never got.
_LASTING = frozenset({"refused", "too_large"})

Phase = Literal["offline", "hello", "stream", "stuck"]
Trouble = Literal["", "fork", "behind", "claim", "fenced", "refused", "forgot", "too_large"]


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """Whose log this is; from the `log_identity` row."""

    install: str
    session: str
    epoch: int
    version: str = ""  # of the program


class State(msgspec.Struct, frozen=True, kw_only=True):
    """Everything the sender knows. Only `acked` and `hub_inc` are worth keeping."""

    identity: Identity
    acked: int = 0  # the hub has committed up to here
    hub_inc: int = 0
    last: int = 0  # where this log ends
    phase: Phase = "offline"
    trouble: Trouble = ""
    acked_digest: bytes = GENESIS  # this log's at `acked`; true only after a WELCOME
    sent: int = 0
    sent_digest: bytes = GENESIS
    flight: tuple[int, ...] = ()  # the last seq of each batch not yet acked
    is_reading: bool = False
    must_rewind: bool = False  # the hub refused something: begin again at its word
    boot: str = ""
    hellos: int = 0
    nonce: str = ""  # of the HELLO that waits for its answer; "" when none does
    attempts: int = 0  # without progress
    hold_until_ms: int = 0  # nothing is shipped before
    hello_at_ms: int = 0
    resend_at_ms: int = 0

    @property
    def wake_at_ms(self) -> int | None:
        """When `Ticked` is due; None while offline."""
        if self.phase == "offline":
            return None
        times = [self.hello_at_ms]
        if self.flight:
            times.append(self.resend_at_ms)
        if self.phase == "stream" and self.hold_until_ms and self.sent < self.last:
            times.append(self.hold_until_ms)
        return min(times)

    @property
    def lag(self) -> int:
        """Entries that the hub is not known to have."""
        return self.last - self.acked


class Linked(msgspec.Struct, frozen=True):
    """A fresh connection is subscribed to the hub's answers."""

    boot: str


class Unlinked(msgspec.Struct, frozen=True):
    """The connection is gone."""


class Appended(msgspec.Struct, frozen=True):
    """The log is now at `last`."""

    last: int


class Found(msgspec.Struct, frozen=True):
    """The answer to `Read`."""

    entries: tuple[Entry, ...]


class Heard(msgspec.Struct, frozen=True):
    """The hub spoke; `ours` is this log's digest at `message.acked`, None beyond its end."""

    message: Welcome | Ack | Nack
    ours: bytes | None


class Ticked(msgspec.Struct, frozen=True):
    """`wake_at_ms` has come."""


Event = Linked | Unlinked | Appended | Found | Heard | Ticked


class Say(msgspec.Struct, frozen=True):
    """Ask the hub where it stands."""

    message: Hello


class Ship(msgspec.Struct, frozen=True):
    """Publish a batch."""

    batch: Batch


class Read(msgspec.Struct, frozen=True):
    """Read at most `limit` entries after `after`."""

    after: int
    limit: int


class Save(msgspec.Struct, frozen=True):
    """Keep all three in one transaction."""

    acked: int
    hub_inc: int


class Alarm(msgspec.Struct, frozen=True):
    """`trouble` is now this."""

    code: Trouble


Action = Say | Ship | Read | Save | Alarm
Step = tuple[State, tuple[Action, ...]]


def step(state: State, event: Event, *, now_ms: int, chance: float) -> Step:
    """The next state and what to do now, in this order."""
    match event:
        case Linked(boot):
            fresh = replace(_rewound(state), phase="hello", boot=boot, hellos=0, attempts=0, nonce="", hold_until_ms=0)
            return _hello(fresh, now_ms, chance)
        case Unlinked():
            return replace(_rewound(state), phase="offline", nonce=""), ()
        case Appended(last):
            return _pump(replace(state, last=max(last, state.last)), now_ms)
        case Found(entries):
            return _ship(replace(state, is_reading=False), entries, now_ms, chance)
        case Heard():
            return _heard(state, event, now_ms, chance)
        case Ticked():
            return _ticked(state, now_ms, chance)
        case _ as never:
            assert_never(never)


def _heard(state: State, event: Heard, now_ms: int, chance: float) -> Step:
    match event.message:
        case Welcome() as welcome:
            return _welcomed(state, welcome, event.ours, now_ms, chance)
        case Ack() as ack:
            return _acked(state, ack, event.ours, now_ms, chance)
        case Nack() as nack:
            return _refused(state, nack, now_ms, chance)
        case _ as never:
            assert_never(never)


def _hello(state: State, now_ms: int, chance: float) -> Step:
    hellos = state.hellos + 1
    waiting = replace(
        state,
        hellos=hellos,
        nonce=f"{state.boot}-{hellos}",
        hello_at_ms=now_ms + _patience(state.attempts, chance),
    )
    identity = state.identity
    hello = Hello(
        nonce=waiting.nonce,
        install=identity.install,
        session=identity.session,
        epoch=identity.epoch,
        last=state.last,
        version=identity.version,
        boot=state.boot,
    )
    return waiting, (Say(hello),)


def _welcomed(state: State, welcome: Welcome, ours: bytes | None, now_ms: int, chance: float) -> Step:
    if state.phase == "offline" or not state.nonce or welcome.nonce != state.nonce or welcome.hub_inc < state.hub_inc:
        return state, ()
    answered = replace(state, nonce="", hello_at_ms=now_ms + HELLO_EVERY_MS)
    if welcome.verdict != "ok":
        return _stuck(answered, welcome.verdict)
    if ours is None:
        return _stuck(answered, "behind")
    if ours != welcome.head:
        return _stuck(answered, "fork")
    if state.phase != "stream" and welcome.hub_inc == state.hub_inc and welcome.acked < state.acked:
        return _stuck(answered, "forgot")  # ACKs are not taken in this phase, so this is no late answer
    if state.phase != "stream" or state.must_rewind or welcome.hub_inc > state.hub_inc:
        answered = _rewound(answered)
    return _settled(answered, welcome, now_ms, chance)


def _acked(state: State, ack: Ack, ours: bytes | None, now_ms: int, chance: float) -> Step:
    is_news = ack.hub_inc > state.hub_inc or ack.acked > state.acked
    if state.phase != "stream" or ack.session != state.identity.session or ack.hub_inc < state.hub_inc or not is_news:
        return state, ()
    if ours is None:
        return _stuck(state, "behind")
    if ours != ack.head:
        return _stuck(state, "fork")
    if ack.hub_inc > state.hub_inc:
        state = _rewound(state)
    return _settled(state, ack, now_ms, chance)


def _settled(state: State, word: Welcome | Ack, now_ms: int, chance: float) -> Step:
    """The hub's word is ours too: take its watermark, which goes back only into a new life of the hub."""
    is_progress = word.hub_inc > state.hub_inc or word.acked > state.acked
    before = state
    was_streaming = state.phase == "stream"
    state = replace(state, phase="stream", hub_inc=word.hub_inc)
    if is_progress:
        state = replace(
            state,
            acked=word.acked,
            acked_digest=word.head,
            flight=tuple(hi for hi in state.flight if hi > word.acked),
            attempts=0,
            hold_until_ms=0,
            resend_at_ms=now_ms + _patience(0, chance),
        )
    elif not was_streaming and word.acked == state.acked:
        state = replace(state, acked_digest=word.head)
    if not state.flight or state.sent < state.acked:
        state = replace(state, sent=state.acked, sent_digest=state.acked_digest, flight=())
    if state.lag == 0:
        state = replace(state, attempts=0, hold_until_ms=0)
    actions: list[Action] = []
    if (state.acked, state.hub_inc) != (before.acked, before.hub_inc):
        actions.append(Save(state.acked, state.hub_inc))
    if state.trouble and (is_progress or state.lag == 0 or state.trouble not in _LASTING):
        state = replace(state, trouble="")
        actions.append(Alarm(""))
    state, more = _pump(state, now_ms)
    return state, (*actions, *more)


def _refused(state: State, nack: Nack, now_ms: int, chance: float) -> Step:
    """Ask where the hub stands, more and more slowly while it goes on refusing."""
    if state.phase != "stream" or nack.hub_inc < state.hub_inc or state.must_rewind or state.lag == 0:
        return state, ()  # late, or about something that this log did not send
    if nack.session != state.identity.session:
        # Another box holds the venue, or a neighbour had its own refusal sent here: only the hub's answer tells which.
        return (state, ()) if state.nonce else _hello(state, now_ms, chance)
    attempts = state.attempts + 1
    pause_ms = _patience(attempts, chance) if attempts > 1 else 0
    state = replace(state, must_rewind=True, attempts=attempts, hold_until_ms=now_ms + pause_ms)
    alarms: tuple[Action, ...] = ()
    if attempts >= REFUSALS_BEFORE_ALARM and not state.trouble:
        state, alarms = replace(state, trouble="refused"), (Alarm("refused"),)
    state, actions = _hello(state, now_ms, chance)
    return state, (*alarms, *actions)


def _ticked(state: State, now_ms: int, chance: float) -> Step:
    if state.phase == "offline":
        return state, ()
    actions: tuple[Action, ...] = ()
    if now_ms >= state.hold_until_ms:
        state = replace(state, hold_until_ms=0)  # else it would be due for ever
    if now_ms >= state.hello_at_ms:
        if state.phase != "stream":
            state = replace(state, attempts=state.attempts + 1)
        state, actions = _hello(state, now_ms, chance)
    if state.flight and now_ms >= state.resend_at_ms:
        attempts = state.attempts + 1
        state = replace(_rewound(state), attempts=attempts, resend_at_ms=now_ms + _patience(attempts, chance))
    state, more = _pump(state, now_ms)
    return state, (*actions, *more)


def _ship(state: State, entries: tuple[Entry, ...], now_ms: int, chance: float) -> Step:
    if not entries or entries[0].seq != state.sent + 1 or not _may_ship(state, now_ms):
        return _pump(state, now_ms) if entries else (state, ())
    chosen = fitting(entries)
    identity = state.identity
    batch = Batch(epoch=identity.epoch, session=identity.session, prev=state.sent_digest, entries=chosen)
    if len(chosen) == 1 and isinstance(encode_batch(batch), Malformed):
        return _stuck(replace(state, hello_at_ms=max(state.hello_at_ms, now_ms + HELLO_EVERY_MS)), "too_large")
    resend_at_ms = state.resend_at_ms if state.flight else now_ms + _patience(state.attempts, chance)
    state = replace(
        state, sent=batch.hi, sent_digest=batch.head, flight=(*state.flight, batch.hi), resend_at_ms=resend_at_ms
    )
    state, more = _pump(state, now_ms)
    return state, (Ship(batch), *more)


def _pump(state: State, now_ms: int) -> Step:
    """Ask for the next entries: at once when nothing is in flight, else when they fill a batch."""
    waiting = state.last - state.sent
    is_worth_it = waiting >= MAX_ENTRIES or (waiting > 0 and not state.flight)
    if not is_worth_it or state.is_reading or not _may_ship(state, now_ms):
        return state, ()
    return replace(state, is_reading=True), (Read(state.sent, MAX_ENTRIES),)


def _may_ship(state: State, now_ms: int) -> bool:
    window = WINDOW if state.attempts < DOUBTS else 1
    is_open = state.phase == "stream" and not state.must_rewind and len(state.flight) < window
    return is_open and now_ms >= state.hold_until_ms


def _stuck(state: State, code: Trouble) -> Step:
    state, before = replace(_rewound(state), phase="stuck", trouble=code), state.trouble
    return state, (() if before == code else (Alarm(code),))


def _rewound(state: State) -> State:
    """Forget what is in flight: everything after the watermark is sent again."""
    return replace(
        state, sent=state.acked, sent_digest=state.acked_digest, flight=(), is_reading=False, must_rewind=False
    )


def _patience(attempts: int, chance: float) -> int:
    return patience_ms(attempts, chance, first_ms=STREAM_PATIENCE_MS, longest_ms=LONGEST_PATIENCE_MS)
