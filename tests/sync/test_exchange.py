"""Sender and receiver over a pipe that loses, repeats and reorders."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from shared.entry import GENESIS, Entry, digest_of
from sync.frames import Batch, Hello, Malformed, Message, decode_batch, decode_message, encode_batch
from sync.receiver import Append, Head, Refuse, Repeat, ack, greet, judge, nack
from sync.sender import Event, Found, Heard, Identity, Linked, Read, Say, Ship, State, Ticked, step


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
    assert decode_batch(*encoded) == batch


@given(st.binary(max_size=200), st.dictionaries(st.sampled_from(["V", "Enc", "Lo", "Epoch"]), st.text(max_size=9)))
def test_noise_is_malformed(noise: bytes, headers: dict[str, str]) -> None:
    assert isinstance(decode_batch({**headers, "V": "1", "Enc": "msgpack+zlib"}, noise), Malformed)
    decode_message(noise)


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


@pytest.mark.parametrize("seed", range(60))
def test_the_whole_log_arrives_over_a_bad_pipe(seed: int) -> None:
    chance = random.Random(seed).random
    log, head, now = a_log(1_500), Head(hub_inc=1), 0
    stored: list[Entry] = []
    state = State(identity=Identity(install="i", session="s", epoch=1), last=len(log))
    wire: list[Event | Message | Batch] = [Linked("b")]
    for _ in range(40_000):
        if state.acked == len(log):
            break
        if not wire:
            now = max(now, state.wake_at_ms or now)
            wire.append(Ticked())
        arrived = wire.pop(int(chance() ** 4 * len(wire)))
        if isinstance(arrived, Hello):
            greeting = greet(head, arrived, now_ms=now)
            head = greeting.adopt or head
            answers: list[Event | Message | Batch] = [greeting.welcome]
        elif isinstance(arrived, Batch):
            known = stored[arrived.hi - 1].digest if arrived.hi <= len(stored) else None
            decision = judge(head, arrived, stored=known)
            if isinstance(decision, Append):
                stored.extend(arrived.entries)
                head = decision.head
            answers = [nack(head, decision.reason) if isinstance(decision, Refuse) else ack(head)]
        else:
            if not isinstance(arrived, Linked | Found | Heard | Ticked):
                ours = log[arrived.acked - 1].digest if arrived.acked else GENESIS  # type: ignore[union-attr]
                arrived = Heard(arrived, ours)  # type: ignore[arg-type]
            state, actions = step(state, arrived, now_ms=now, chance=chance())
            answers = []
            for action in actions:
                match action:
                    case Say(message):
                        answers.append(message)
                    case Ship(batch):
                        answers.append(batch)
                    case Read(after, limit):
                        wire.append(Found(tuple(log[after : after + limit])))
                    case _:
                        pass
            assert len(state.flight) <= 4
        for answer in answers:
            wire.extend([answer] * (0 if chance() < 0.15 else 2 if chance() < 0.15 else 1))
        assert state.acked <= head.acked
    assert stored == log
    assert state.acked == len(log)
