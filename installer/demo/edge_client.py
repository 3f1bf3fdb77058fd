"""Speaks to an edge as any device does: its door, its sign-in, its pairing."""

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

import httpx
import msgspec

AGAIN_S = 0.3

Body = Mapping[str, Any]
T = TypeVar("T")


class Refused(Exception):
    """The edge said no."""

    def __init__(self, name: str, code: str, facts: Body) -> None:
        super().__init__(f"{name}: {code} {dict(facts)}")
        self.name, self.code, self.facts = name, code, facts


class Ask(msgspec.Struct, frozen=True, kw_only=True):
    """One command to ask: its body, and when it was asked (0 = now)."""

    name: str
    body: Body
    asked_at_ms: int = 0
    id: str = ""


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What became of it."""

    id: str
    outcome: str
    seq: int = 0
    code: str = ""
    facts: Body = {}


def fresh_id() -> str:
    """An id as a device makes them, the time first: the venue's tables then grow at their end."""
    return f"{time.time_ns() // 1_000_000:012x}{secrets.token_hex(7)}"


def http_to(address: str, *, timeout_s: float = 30.0) -> httpx.AsyncClient:
    """A client for plain HTTP: no proxy, and no certificates, whose reading takes 50 ms for each client."""
    assert address.startswith("http://"), "it would trust anybody"
    return httpx.AsyncClient(base_url=address, timeout=timeout_s, trust_env=False, verify=False)


class EdgeClient:
    """One device's connection to an edge: its key, and who is signed in on it."""

    def __init__(self, address: str, key: str = "", session: str = "", *, timeout_s: float = 30.0) -> None:
        self.address = address
        self.key = key
        self.session = session
        self._http = http_to(address, timeout_s=timeout_s)

    async def close(self) -> None:
        """Let go of the connections."""
        await self._http.aclose()

    async def ask(self, asks: Iterable[Ask]) -> list[Answer]:
        """Ask commands in one request; refusals come back as answers.

        Raises:
            httpx.HTTPError: the edge did not answer, or answered with something that is not answers.
        """
        commands = [
            {
                "id": one.id or fresh_id(),
                "name": one.name,
                "body": one.body,
                "asked_at_ms": one.asked_at_ms,
                "staff_session": self.session,
            }
            for one in asks
        ]
        response = await self._http.post("/commands", json={"commands": commands}, headers=self._headers())
        if response.status_code not in {200, 409}:
            raise httpx.HTTPStatusError(response.text[:300], request=response.request, response=response)
        return msgspec.convert(response.json()["answers"], list[Answer])

    async def do(self, *asks: Ask) -> list[Answer]:
        """Ask commands that must be done.

        Raises:
            Refused: the first one that was not.
        """
        answers = await self.ask(asks)
        for one, answer in zip(asks, answers, strict=True):
            if answer.outcome != "done":
                raise Refused(one.name, answer.code, answer.facts)
        return answers

    async def sign_in(self, staff_id: str, pin: str) -> None:
        """Sign a person in on this device."""
        signed_in = await self.call("/staff/sign-in", {"staff_id": staff_id, "pin": pin})
        self.session = str(signed_in["session"])

    async def call(self, path: str, body: Body | None = None) -> dict[str, Any]:
        """One request outside the door: POST with a body, else GET.

        Raises:
            Refused: a 4xx answer.
        """
        method = "GET" if body is None else "POST"
        response = await self._http.request(method, path, json=body, headers=self._headers())
        answered: dict[str, Any] = response.json()
        if response.status_code >= 400:
            raise Refused(path, str(answered.get("code", response.status_code)), answered.get("facts", {}))
        return answered

    async def listed(self, path: str) -> list[dict[str, Any]]:
        """A list that the edge answers to GET.

        Raises:
            httpx.HTTPStatusError: it said no.
        """
        response = await self._http.get(path, headers=self._headers())
        response.raise_for_status()
        return list(response.json())

    async def approve(self, pairing_id: str, app: str, name: str, **place: str) -> None:
        """Let a screen in that asked to be; `place` may name its station or drawer.

        Raises:
            Refused: there is no such pairing, or it is too old.
        """
        body = {"pairing_id": pairing_id, "role": app, "device_name": name, **place}
        await self.do(Ask(name="approve_pairing", body=body))

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key}"} if self.key else {}


async def pair(console: EdgeClient, app: str, name: str, **place: str) -> tuple[str, str]:
    """A new device, asked for and approved at once; `place` may name its station or drawer. Its id and its key."""
    asked = await console.call("/devices/pairings", {"app": app, "device_name": name})
    pairing_id, key = str(asked["pairing_id"]), str(asked["key"])
    await console.approve(pairing_id, app, name, **place)
    return pairing_id, key


def chunks(things: Sequence[T], size: int) -> Iterable[Sequence[T]]:
    """Runs of at most `size`."""
    return (things[start : start + size] for start in range(0, len(things), size))


class PatientClient(EdgeClient):
    """Asks again, under the same ids, while the edge is away: what was done is not done twice."""

    patience_s = 30.0

    async def ask(self, asks: Iterable[Ask]) -> list[Answer]:
        """As `EdgeClient.ask`, but it takes up to `patience_s` for the edge to come back."""
        named = [msgspec.structs.replace(one, id=one.id or fresh_id()) for one in asks]
        return await patiently(lambda: super(PatientClient, self).ask(named), patience_s=self.patience_s)


async def patiently(attempt: Callable[[], Awaitable[T]], *, patience_s: float) -> T:
    """What `attempt` returns, tried again while the network or a busy edge says no.

    Raises:
        httpx.HTTPError: it still said no after `patience_s`.
    """
    deadline = time.monotonic() + patience_s
    while True:
        try:
            return await attempt()
        except httpx.HTTPError as error:
            is_away = isinstance(error, httpx.TransportError) or _status_of(error) == 503
            if not is_away or time.monotonic() > deadline:
                raise
            await asyncio.sleep(AGAIN_S)


def _status_of(error: httpx.HTTPError) -> int:
    return error.response.status_code if isinstance(error, httpx.HTTPStatusError) else 0
