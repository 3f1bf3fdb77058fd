"""The frames that the screens' tests play are what the edge says today."""

from itertools import zip_longest

from tests.golden.frames_recorder import FOLDER, recorded, text_of


async def test_the_edge_says_what_the_screens_tests_play() -> None:
    now = {app: text_of(frames) for app, frames in (await recorded()).items()}
    kept = {file.stem: file.read_text(encoding="utf-8") for file in FOLDER.glob("*.json")}
    differences = [
        f"{app}: {_around(before, after)}"
        for app in sorted(now.keys() | kept.keys())
        for before, after in zip_longest(kept.get(app, "").splitlines(), now.get(app, "").splitlines(), fillvalue="")
        if before != after
    ]
    assert differences == [], "run make types and look at what changed"


def _around(before: str, after: str, reach: int = 120) -> str:
    """Where two lines part, and a little of both sides."""
    at = next((i for i, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), min(len(before), len(after)))
    near = slice(max(0, at - reach), at + reach)
    return f"{before[near]!r} is {after[near]!r}"
