"""What the page of pictures calls a difference, and what it pictures."""

from pathlib import Path

from PIL import Image

from tests.pictures.page import differences, write
from tests.pictures.shots import LANGUAGES, SIZES, WAYS, shots


def a_picture(folder: Path, name: str, *, dot: int | None = None, size: int = 10) -> None:
    folder.mkdir(exist_ok=True)
    picture = Image.new("RGB", (size, size), (100, 100, 100))
    if dot is not None:
        picture.putpixel((3, 4), (dot, dot, dot))
    picture.save(folder / f"{name}.png")


def test_a_picture_differs_when_an_eye_would_see_it(tmp_path: Path) -> None:
    base, head = tmp_path / "base", tmp_path / "head"
    for name, dot in (("same", None), ("edge of a letter", 110), ("another", 255)):
        a_picture(base, name)
        a_picture(head, name, dot=dot)
    a_picture(head, "new")
    a_picture(base, "grown")
    a_picture(head, "grown", size=11)
    found = differences(base, head, tmp_path / "marked")
    assert [(one.name, one.share, one.versions) for one in found] == [
        ("grown", 1.0, ("base", "head")),
        ("new", 1.0, ("head",)),
        ("another", 0.01, ("base", "head", "marked")),
    ]
    with Image.open(tmp_path / "marked" / "another.png") as marked:
        assert marked.convert("RGB").getpixel((3, 4)) == (194, 0, 15)
    page = write(tmp_path, "main <1>", found, ["base pos: no button"], 5).read_text(encoding="utf-8")
    assert "main &lt;1&gt;: 3 of 5 pictures differ, 2 are the same" in page
    assert "Not taken: base pos: no button" in page


def test_every_application_is_pictured_at_every_size_it_is_sold_for_in_both_languages() -> None:
    found = list(shots(tuple(WAYS)))
    assert {(one.app, one.width, one.height, one.language) for one in found} == {
        (app, width, height, language) for app in SIZES for width, height in SIZES[app] for language in LANGUAGES
    }
    assert len({one.name for one in found}) == len(found)
