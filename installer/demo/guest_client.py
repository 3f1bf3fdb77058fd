"""A guest's phone: joins a table by its code, and asks through the public door alone."""

from typing import Any

from installer.demo.edge_client import Refused, fresh_id, http_to, patiently

PATIENCE_S = 30.0


class GuestClient:
    """One phone. The cookie that the edge gave it says who it is."""

    def __init__(self, address: str) -> None:
        self._http = http_to(address)

    async def close(self) -> None:
        """Put the phone away."""
        await self._http.aclose()

    async def join(self, code: str) -> None:
        """Scan a table's code.

        Raises:
            Refused: the edge does not know the code, or it was replaced.
        """
        await self._post("/guest-api/join", {"code": code})

    async def do(self, name: str, body: dict[str, Any]) -> None:
        """Ask one thing.

        Raises:
            Refused: the edge said no.
        """
        answered = await self._post(
            "/guest-api/commands", {"commands": [{"id": fresh_id(), "name": name, "body": body}]}
        )
        answer = answered["answers"][0]
        if answer["outcome"] != "done":
            raise Refused(name, answer["code"], answer.get("facts", {}))

    async def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        response = await patiently(lambda: self._http.post(path, json=body), patience_s=PATIENCE_S)
        answered: dict[str, Any] = response.json()
        if response.status_code >= 400 and "answers" not in answered:
            raise Refused(path, str(answered.get("code", response.status_code)), answered.get("facts", {}))
        return answered


def code_of(code_path: str) -> str:
    """The code in a table's address (`/t/<code>`)."""
    return code_path.rsplit("/", 1)[-1]
