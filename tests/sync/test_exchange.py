"""What the hub takes and what it refuses, and what the edge makes of its answers. `tests/simulation` plays them against each other."""

import random

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from shared.entry import GENESIS, Entry, digest_of
from sync.frames import MAX_MESSAGE, MAX_PACKED, Batch, Malformed, decode_batch, decode_message, encode_batch, travels
from sync.receiver import Append, Head, Refuse, Repeat, greet, judge, nack
from sync.sender import DOUBTS, Alarm, Found, Heard, Identity, Linked, Read, Say, Ship, State, Ticked, step


def a_log(count: int, *, mark: bytes = b"") -> list[Entry]:
    entries: list[Entry] = []
    before = GENESIS
    for seq in range(1, count + 1):
        entry = Entry(
            seq=seq, epoch=1, id=seq.to_bytes(16, "big"), kind="line_voided", version=1, hlc=seq << 16, asked_at_ms=seq,
            business_day="2025-03-01", subject="c1", staff_id="s1", device_id="d1", command_id=f"m{seq}",
            body=b'{"a":%d}%s' % (seq, mark), digest=b"",
        )  # fmt: skip
        before = digest_of(before, entry)
        entries.append(replace(entry, digest=before))
    return entries


def a_batch(entries: list[Entry], lo: int, hi: int) -> Batch:
    prev = entries[lo - 2].digest if lo > 1 else GENESIS
    return Batch(epoch=1, session="s", prev=prev, entries=tuple(entries[lo - 1 : hi]))


def a_head(entries: list[Entry], acked: int) -> Head:
    digest = entries[acked - 1].digest if acked else GENESIS
    return Head(hub_inc=1, epoch=1, session="s", install="i", acked=acked, head=digest)


def test_a_batch_survives_its_codec() -> None:
    batch = a_batch(a_log(100), 1, 100)
    encoded = encode_batch(batch)
    assert not isinstance(encoded, Malformed)
    assert decode_batch(None, encoded) == batch
    assert decode_batch({"Status": "409"}, encoded) == batch, "what a stranger adds in headers is not looked at"


@given(st.binary(max_size=200), st.dictionaries(st.sampled_from(["V", "Enc", "Lo", "Epoch"]), st.text(max_size=9)))
def test_noise_is_malformed(noise: bytes, headers: dict[str, str]) -> None:
    assert isinstance(decode_batch({**headers, "V": "1", "Enc": "msgpack+zlib"}, noise), Malformed)
    assert isinstance(decode_batch(None, noise), Malformed)
    decode_message(noise)


@pytest.mark.parametrize(
    ("field", "wrong"),
    [("epoch", -1), ("epoch", 2**63), ("session", ""), ("prev", b"short"), ("head", bytes(32)), ("lo", 2), ("hi", 9)],
)
def test_a_batch_whose_fields_its_entries_do_not_bear_out_is_malformed(field: str, wrong: object) -> None:
    encoded = encode_batch(a_batch(a_log(3), 1, 3))
    assert not isinstance(encoded, Malformed)
    fields = msgspec.msgpack.decode(encoded)
    assert isinstance(decode_batch(None, msgspec.msgpack.encode({**fields, field: wrong})), Malformed)
    assert decode_batch(None, msgspec.msgpack.encode({**fields, "enc": "zstd"})) == Malformed("version")


@pytest.mark.parametrize(
    ("acked", "lo", "hi", "expected"),
    [(5, 3, 5, Repeat()), (5, 7, 9, Refuse("gap")), (5, 4, 8, Refuse("overlap"))],
)
def test_the_hub_takes_only_what_continues_its_head(acked: int, lo: int, hi: int, expected: object) -> None:
    log = a_log(9)
    assert judge(a_head(log, acked), a_batch(log, lo, hi)) == expected
    assert isinstance(judge(a_head(log, acked), a_batch(log, acked + 1, 9)), Append)


def test_another_past_is_a_fork() -> None:
    ours, theirs = a_log(9), a_log(9, mark=b" ")
    assert judge(a_head(theirs, 5), a_batch(ours, 6, 9)) == Refuse("fork")
    assert judge(a_head(theirs, 5), a_batch(ours, 3, 5)) == Refuse("fork")


def test_a_changed_entry_is_refused() -> None:
    log = a_log(3)
    batch = a_batch([log[0], replace(log[1], body=b"{}"), log[2]], 1, 3)
    assert judge(a_head(log, 0), batch) == Refuse("digest")


def streaming(log: list[Entry], acked: int) -> State:
    """An edge whose HELLO was answered."""
    state = State(identity=Identity(install="i", session="s", epoch=1), last=len(log))
    state, [said] = step(state, Linked("b"), now_ms=0, chance=0.5)
    assert isinstance(said, Say)
    welcome = greet(a_head(log, acked), said.message, now_ms=0).welcome
    ours = log[acked - 1].digest if acked else GENESIS
    state, _ = step(state, Heard(welcome, ours), now_ms=0, chance=0.5)
    return state


def test_a_refusal_of_what_was_not_sent_slows_nothing_down() -> None:
    log = a_log(5)
    state = streaming(log, 5)
    foreign = nack(a_head(log, 5), "session")
    assert step(state, Heard(foreign, log[4].digest), now_ms=1, chance=0.5) == (state, ())


def test_a_refusal_meant_for_another_box_slows_nothing_down() -> None:
    """A neighbour can have the hub's answer to its own batch delivered here: it may make this box ask, and nothing else."""
    log = a_log(300)
    state = replace(streaming(log, 0), is_reading=False)
    state, _ = step(state, Found(tuple(log[:100])), now_ms=1, chance=0.5)
    foreign = replace(nack(a_head(log, 0), "malformed"), session="another's")
    for now_ms in range(2, 20):
        state, actions = step(state, Heard(foreign, GENESIS), now_ms=now_ms, chance=0.5)
        assert [type(action) for action in actions] == ([Say] if now_ms == 2 else [])
    assert (state.attempts, state.flight, state.must_rewind, state.trouble) == (0, (100,), False, "")


def test_an_edge_that_doubts_sends_one_batch_at_a_time() -> None:
    log = a_log(450)
    state = replace(streaming(log, 0), attempts=DOUBTS, is_reading=False)
    state, actions = step(state, Found(tuple(log[:100])), now_ms=1, chance=0.5)
    assert [type(action) for action in actions] == [Ship]
    assert (len(state.flight), state.sent) == (1, 100)


@pytest.mark.parametrize(("acked", "trouble"), [(7, "behind"), (3, "fork")])
def test_a_log_that_is_not_the_hubs_is_never_sent_over_it(acked: int, trouble: str) -> None:
    log, theirs = a_log(5), a_log(9, mark=b" ")
    state, [said] = step(
        State(identity=Identity(install="i", session="s", epoch=1), last=5), Linked("b"), now_ms=0, chance=0.5
    )
    assert isinstance(said, Say)
    welcome = greet(a_head(theirs, acked), said.message, now_ms=0).welcome
    ours = log[acked - 1].digest if acked <= 5 else None
    state, actions = step(state, Heard(welcome, ours), now_ms=0, chance=0.5)
    assert (state.phase, state.trouble, actions) == ("stuck", trouble, (Alarm(trouble),))


@pytest.mark.parametrize(
    ("text", "is_sound"),
    [
        ("x" * 16_383, True),
        ("x" * 65_535, True),
        ("x" * 65_536, False),
        ("ñ" * 32_768, False),
        ("🍝" * 4_000, True),
        ("a\0", False),
    ],
)
def test_a_text_that_cannot_be_hashed_or_stored_is_malformed(text: str, is_sound: bool) -> None:
    entry = replace(a_log(1)[0], subject=text)
    encoded = encode_batch(Batch(epoch=1, session="s", prev=GENESIS, entries=(entry,)))
    assert not isinstance(encoded, Malformed)
    assert decode_batch(None, encoded) == (
        Batch(epoch=1, session="s", prev=GENESIS, entries=(entry,)) if is_sound else Malformed("entry")
    )


def one_that_cannot_travel(seq: int) -> list[Entry]:
    """A log whose entry `seq` is noise that no message has room for, as a release without a guard wrote it."""
    log = a_log(seq + 5)
    noise = random.Random(7).randbytes(MAX_PACKED + 1)
    before = log[seq - 2].digest
    for place in range(seq - 1, len(log)):
        entry = replace(log[place], body=noise) if place == seq - 1 else log[place]
        before = digest_of(before, entry)
        log[place] = replace(entry, digest=before)
    return log


def test_an_entry_that_cannot_travel_is_a_trouble_that_stays_told_once() -> None:
    log = one_that_cannot_travel(3)
    state = replace(streaming(log, 2), is_reading=False)
    state, actions = step(state, Found(tuple(log[2:])), now_ms=1, chance=0.5)
    assert (state.trouble, actions) == ("too_large", (Alarm("too_large"),))
    told: list[object] = []
    for _ in range(5):
        wake_at_ms = state.wake_at_ms
        assert wake_at_ms is not None
        state, [said] = step(state, Ticked(), now_ms=wake_at_ms, chance=0.5)
        assert isinstance(said, Say)
        welcome = greet(a_head(log, 2), said.message, now_ms=wake_at_ms).welcome
        state, [read] = step(state, Heard(welcome, log[1].digest), now_ms=wake_at_ms + 1, chance=0.5)
        assert isinstance(read, Read)
        state, actions = step(state, Found(tuple(log[2:])), now_ms=wake_at_ms + 2, chance=0.5)
        told += actions
        assert state.trouble == "too_large"
        assert state.wake_at_ms is not None and state.wake_at_ms - wake_at_ms >= 20_000, "it does not try without pause"
    assert told == []


def test_what_stands_before_an_entry_that_cannot_travel_is_sent() -> None:
    log = one_that_cannot_travel(3)
    state = replace(streaming(log, 0), is_reading=False)
    state, actions = step(state, Found(tuple(log)), now_ms=1, chance=0.5)
    assert [action.batch.hi for action in actions if isinstance(action, Ship)] == [2]


@pytest.mark.parametrize("spare", [0, 1, 2_000])
def test_whatever_the_log_takes_travels(spare: int) -> None:
    body = random.Random(7).randbytes(MAX_PACKED - MAX_MESSAGE + 500 - spare)
    [entry] = a_log(1)
    entry = replace(entry, body=body)
    entry = replace(entry, digest=digest_of(GENESIS, entry))
    assert not (travels(body) and isinstance(encode_batch(a_batch([entry], 1, 1)), Malformed))
    assert travels(bytes(2_000_000)), "what is easily made smaller goes as well"
