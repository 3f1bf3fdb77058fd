"""A device in forty lines: opens a check, puts a dish on it, and follows the feed until it sees it.

python docs/examples/device.py http://127.0.0.1:8080 KEY ITEM_ID
"""

import asyncio
import json
import sys
import uuid

import httpx
import websockets


async def open_check(address: str, key: str, item_id: str) -> dict[str, object]:
    """The check as the feed shows it once the dish is on it."""
    check_id = uuid.uuid4().hex
    follower = asyncio.create_task(see(address, key, check_id))
    commands = [
        {"id": uuid.uuid4().hex, "name": name, "body": {"check_id": check_id, **body}}
        for name, body in (
            ("open_check", {"kind": "counter"}),
            ("add_lines", {"lines": [{"line_id": "line-" + check_id, "item_id": item_id}]}),
        )
    ]
    async with httpx.AsyncClient(base_url=address, headers={"Authorization": f"Bearer {key}"}) as edge:
        answers = (await edge.post("/commands", json={"commands": commands})).json()["answers"]
    assert all(answer["outcome"] == "done" for answer in answers), answers
    return await follower


async def see(address: str, key: str, check_id: str) -> dict[str, object]:
    """Follow the feed until it shows the check with a line."""
    async with websockets.connect(address.replace("http", "ws", 1) + "/feed") as socket:
        await socket.send(json.dumps({"type": "hello", "token": key}))
        async for text in socket:
            frame = json.loads(text)
            for kind, name, view in frame.get("views", []) + frame.get("changes", []):
                if kind == "check" and name == check_id and view and view["lines"]:
                    return dict(view)
    raise ConnectionError("the edge closed the feed")


if __name__ == "__main__":
    print(json.dumps(asyncio.run(open_check(*sys.argv[1:])), indent=2, ensure_ascii=False))
