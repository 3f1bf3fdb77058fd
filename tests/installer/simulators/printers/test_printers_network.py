"""Printers over real sockets: status, faults, and what a job does under them."""

import asyncio
import contextlib
import json
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Callable, Coroutine
from pathlib import Path

import pytest

from installer.simulators.printers.device import RECEIVE_BUFFER_BYTES, Device
from installer.simulators.printers.mechanism import ROLLS, Mechanism
from installer.simulators.printers.paper import text_of
from installer.simulators.printers.status import Switches
from installer.simulators.printers.store import Store

WAIT_S = 120
JOB = b"\x1b@\x1bt\x13" + "Ñoquis\n".encode("cp858") + b"\x1dVB\x00"
FENCE = b"\x1d(H\x06\x00000457"
FENCE_ANSWER = b'7"0457\x00'
CLEAR = bytes.fromhex("10 14 08 01 03 14 01 06 02 08")

Pair = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Bench:
    """A running printer, connections to it, and a way to wait for it."""

    def __init__(self) -> None:
        self._changes = asyncio.Event()
        self.device = Device(Mechanism("kitchen", ROLLS["80mm"]), self._changes.set)
        self._writers: list[asyncio.StreamWriter] = []

    async def connect(self) -> Pair:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.device.port)
        self._writers.append(writer)
        return reader, writer

    async def until(self, is_so: Callable[[], bool]) -> None:
        async with asyncio.timeout(WAIT_S):
            while not is_so():
                self._changes.clear()
                await self._changes.wait()

    def set(self, **switches: object) -> None:
        self.device.set(Switches(**switches))  # type: ignore[arg-type]

    def texts(self) -> list[str]:
        return [text_of(ticket) for ticket in self.device.mechanism.tickets]

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator["Bench"]:
        await self.device.start()
        try:
            yield self
        finally:
            for writer in self._writers:
                writer.close()
            await self.device.stop()


def on_a_bench(test: Callable[[Bench], Coroutine[object, object, None]]) -> None:
    async def run() -> None:
        async with Bench().running() as bench:
            await test(bench)

    asyncio.run(run())


async def ask(pair: Pair, question: bytes, answer_bytes: int) -> bytes:
    reader, writer = pair
    writer.write(question)
    return await asyncio.wait_for(reader.readexactly(answer_bytes), WAIT_S)


@pytest.mark.parametrize(
    ("switches", "answers"),
    [
        ({}, "12 12 12 12"),
        ({"paper": "near_end"}, "12 12 12 1E"),
        ({"paper": "out"}, "1A 32 12 7E"),
        ({"cover": "open"}, "1A 16 12 12"),
        ({"cutter": "jammed"}, "1A 52 1A 12"),
        ({"drawer": "open"}, "16 12 12 12"),
    ],
)
def test_status_vectors(switches: dict[str, object], answers: str) -> None:
    async def test(bench: Bench) -> None:
        bench.set(**switches)
        pair = await bench.connect()
        got = [await ask(pair, bytes([0x10, 0x04, kind]), 1) for kind in (1, 2, 3, 4)]
        assert b"".join(got) == bytes.fromhex(answers)

    on_a_bench(test)


def test_a_job_held_by_paper_out_continues_by_itself_and_only_then_answers_its_fence() -> None:
    async def test(bench: Bench) -> None:
        bench.set(paper_out_after_bytes=8)
        reader, writer = await bench.connect()
        writer.write(JOB + FENCE)
        await bench.until(lambda: bench.device.switches.paper == "out")
        assert await ask((reader, writer), b"\x10\x04\x04", 1) == b"\x7e"
        assert bench.texts() == []
        bench.set()
        assert await asyncio.wait_for(reader.readexactly(7), WAIT_S) == FENCE_ANSWER
        assert bench.texts() == ["Ñoquis\n"]

    on_a_bench(test)


def test_a_printer_that_cannot_print_takes_one_buffer_and_no_more() -> None:
    async def test(bench: Bench) -> None:
        bench.set(cover="open", bytes_per_s=0)
        reader, writer = await bench.connect()
        writer.write(b"x" * 20_000 + b"\n" + JOB + FENCE)
        async with asyncio.timeout(WAIT_S):
            while bench.device.held_bytes < RECEIVE_BUFFER_BYTES:  # noqa: ASYNC110 - the device rings no bell
                await asyncio.sleep(0)
        assert bench.device.received_bytes == RECEIVE_BUFFER_BYTES
        bench.set(bytes_per_s=0)
        assert await asyncio.wait_for(reader.readexactly(7), WAIT_S) == FENCE_ANSWER
        assert bench.texts()[0].endswith("Ñoquis\n")

    on_a_bench(test)


def test_a_power_cut_drops_the_connection_and_loses_what_was_not_printed() -> None:
    async def test(bench: Bench) -> None:
        bench.set(cover="open")
        reader, writer = await bench.connect()
        assert await ask((reader, writer), JOB + b"\x10\x04\x01", 1) == b"\x1a"
        bench.device.cut_power()
        with pytest.raises((ConnectionResetError, asyncio.IncompleteReadError)):
            await asyncio.wait_for(reader.readexactly(1), WAIT_S)
        bench.set()
        again = await bench.connect()
        assert await ask(again, FENCE, 7) == FENCE_ANSWER
        assert bench.texts() == []

    on_a_bench(test)


def test_off_refuses_and_comes_back_on_the_same_port() -> None:
    async def test(bench: Bench) -> None:
        port = bench.device.port
        bench.set(power="off")
        with pytest.raises(ConnectionRefusedError):
            await bench.connect()
        bench.set()
        assert bench.device.port == port
        assert await ask(await bench.connect(), b"\x10\x04\x01", 1) == b"\x12"

    on_a_bench(test)


def test_the_second_connection_waits_for_the_first() -> None:
    async def test(bench: Bench) -> None:
        first = await bench.connect()
        assert await ask(first, b"\x10\x04\x01", 1) == b"\x12"
        second = await bench.connect()
        second[1].write(JOB + FENCE)
        assert await ask(first, b"a\n\x1dVB\x00" + FENCE, 7) == FENCE_ANSWER
        first[1].close()
        assert await asyncio.wait_for(second[0].readexactly(7), WAIT_S) == FENCE_ANSWER
        assert bench.texts() == ["a\n", "Ñoquis\n"]

    on_a_bench(test)


def test_the_second_connection_is_refused_when_set_so() -> None:
    async def test(bench: Bench) -> None:
        bench.set(connections="refuse")
        first = await bench.connect()
        assert await ask(first, b"\x10\x04\x01", 1) == b"\x12"
        with pytest.raises((ConnectionResetError, asyncio.IncompleteReadError)):
            await ask(await bench.connect(), b"\x10\x04\x01", 1)

    on_a_bench(test)


def test_a_stalled_printer_reads_nothing_until_it_does() -> None:
    async def test(bench: Bench) -> None:
        pair = await bench.connect()
        assert await ask(pair, b"\x10\x04\x01", 1) == b"\x12"
        bench.set(reading="stalled")
        with pytest.raises(TimeoutError):
            pair[1].write(JOB + FENCE)
            await asyncio.wait_for(pair[0].readexactly(1), 0.2)
        assert bench.device.received_bytes == 3
        bench.set()
        assert await asyncio.wait_for(pair[0].readexactly(7), WAIT_S) == FENCE_ANSWER

    on_a_bench(test)


def test_a_silent_printer_prints() -> None:
    async def test(bench: Bench) -> None:
        bench.set(status="silent")
        _, writer = await bench.connect()
        writer.write(b"\x10\x04\x01" + JOB + FENCE)
        await bench.until(lambda: bench.texts() == ["Ñoquis\n"])
        bench.set()

    on_a_bench(test)


def test_automatic_status_tells_each_change() -> None:
    async def test(bench: Bench) -> None:
        pair = await bench.connect()
        assert await ask(pair, b"\x1da\xff", 4) == bytes.fromhex("10 00 00 00")
        bench.set(cover="open")
        assert await asyncio.wait_for(pair[0].readexactly(4), WAIT_S) == bytes.fromhex("38 00 00 00")
        bench.set(paper="out")
        assert await asyncio.wait_for(pair[0].readexactly(4), WAIT_S) == bytes.fromhex("18 00 0F 00")

    on_a_bench(test)


def test_clearing_the_buffers_drops_the_held_job_and_its_fence() -> None:
    async def test(bench: Bench) -> None:
        bench.set(cover="open")
        pair = await bench.connect()
        assert await ask(pair, JOB + FENCE + CLEAR, 3) == bytes.fromhex("37 25 00")
        bench.set()
        assert await ask(pair, b"\x1dr\x01", 1) == b"\x00"
        assert bench.texts() == []

    on_a_bench(test)


def test_a_real_time_kick_hidden_in_an_image_fires_but_not_while_offline() -> None:
    async def test(bench: Bench) -> None:
        pair = await bench.connect()
        image = b"\x1dv0\x00\x05\x00\x01\x00\x10\x14\x01\x00\x01"
        assert await ask(pair, image + FENCE, 7) == FENCE_ANSWER
        assert bench.device.mechanism.kicks == 1
        bench.set(cover="open")
        assert await ask(pair, b"\x10\x14\x01\x00\x01\x10\x04\x01", 1) == b"\x1a"
        assert bench.device.mechanism.kicks == 1

    on_a_bench(test)


def call(address: str, method: str = "GET", body: object = None) -> bytes:
    content = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(address, content, {"content-type": "application/json"}, method=method)
    with urllib.request.urlopen(request, timeout=WAIT_S) as response:
        return bytes(response.read())


def test_the_program_prints_shows_and_remembers(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "installer.simulators.printers",
        "--printer",
        "bar:58mm",
        "--state-dir",
        str(tmp_path),
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as program:
        try:
            assert program.stdout is not None
            ready = json.loads(program.stdout.readline())
            http, port = ready["http"], ready["printers"]["bar"]

            async def job() -> bytes:
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
                answer = await ask((reader, writer), JOB + FENCE, 7)
                writer.close()
                return answer

            assert asyncio.run(job()) == FENCE_ANSWER
            assert call(f"{http}/printers/bar/paper.txt").decode() == "Ñoquis\n"
            (piece,) = json.loads(call(f"{http}/printers/bar/paper"))
            assert (piece["text"], piece["ticket"]["cut"], piece["is_hanging"]) == ("Ñoquis\n", "partial", False)
            assert b"<!doctype html>" in call(f"{http}/")
            assert json.loads(call(f"{http}/printers/bar/faults", "POST", {"paper": "out"}))["is_ready"] is False
            assert json.loads(call(f"{http}/printers"))[0]["switches"]["paper"] == "out"
            with pytest.raises(urllib.error.HTTPError, match="400"):
                call(f"{http}/printers/bar/faults", "POST", {"paper": "blue"})
            assert [text_of(ticket) for ticket in Store(tmp_path).tickets("bar")] == ["Ñoquis\n"]
            assert Store(tmp_path).ports() == {"bar": port}
            call(f"{http}/printers/bar/paper", "DELETE")
            assert json.loads(call(f"{http}/printers/bar/paper")) == []
        finally:
            program.terminate()
