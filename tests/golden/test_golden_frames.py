"""The frames that the screens' tests play are what the edge says today."""

from tests.golden.frames_recorder import FOLDER, recorded, text_of


async def test_the_edge_says_what_the_screens_tests_play() -> None:
    now = {app: text_of(frames) for app, frames in (await recorded()).items()}
    kept = {file.stem: file.read_text(encoding="utf-8") for file in FOLDER.glob("*.json")}
    stale = sorted(app for app in now.keys() | kept.keys() if now.get(app) != kept.get(app))
    assert stale == [], "run make types and look at what changed"
