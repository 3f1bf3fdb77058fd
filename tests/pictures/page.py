"""Compares two folders of pictures and writes one page that shows what differs."""

import html
from pathlib import Path

import msgspec
from PIL import Image, ImageChops

_EDGES = 48  # of 255: how much the edges of the same letters differ from run to run
_STYLE = """
body { font: 15px system-ui; margin: 24px; background: #f6f2ea; color: #1e2422 }
figure { display: inline-block; margin: 0 16px 16px 0; vertical-align: top }
img { max-width: 420px; max-height: 700px; border: 1px solid #857b6b; background: white }
h2 { margin: 24px 0 8px } p, figcaption { color: #4a524e }
"""


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one picture: `share` of its points that are others, 1 when only one version has it."""

    name: str
    share: float
    versions: tuple[str, ...]  # of base, head, difference: those there are


def differences(base: Path, head: Path, marked: Path) -> list[Difference]:
    """Every picture that is not the same in both, the most different first; marked points go into the third folder."""
    marked.mkdir(parents=True, exist_ok=True)
    names = sorted({file.stem for folder in (base, head) for file in folder.glob("*.png")})
    found = [one for name in names if (one := _difference(name, base, head, marked))]
    return sorted(found, key=lambda one: (-one.share, one.name))


def _difference(name: str, base: Path, head: Path, marked: Path) -> Difference | None:
    before, after = base / f"{name}.png", head / f"{name}.png"
    there = tuple(folder.name for folder, file in ((base, before), (head, after)) if file.exists())
    if len(there) == 1:
        return Difference(name=name, share=1.0, versions=there)
    with Image.open(before) as first, Image.open(after) as second:
        if first.size != second.size:
            return Difference(name=name, share=1.0, versions=there)
        points = ImageChops.difference(first.convert("RGB"), second.convert("RGB")).convert("L").point(_black_or_white)
        if points.getbbox() is None:
            return None
        Image.composite(Image.new("RGB", second.size, "#c2000f"), second.convert("RGB"), points).save(
            marked / f"{name}.png"
        )
        share = points.histogram()[255] / (points.width * points.height)
    return Difference(name=name, share=share, versions=(*there, marked.name))


def _black_or_white(value: int) -> int:
    return 255 if value > _EDGES else 0


def write(folder: Path, base_name: str, found: list[Difference], missing: list[str], count: int) -> Path:
    """The page; returns where it is."""
    same = count - len(found)
    parts = [
        f"<!doctype html><meta charset=utf-8><title>Pictures</title><style>{_STYLE}</style>",
        f"<h1>Against {html.escape(base_name)}: {len(found)} of {count} pictures differ, {same} are the same</h1>",
        *(f"<p>Not taken: {html.escape(why)}</p>" for why in missing),
        *map(_shown, found),
    ]
    page = folder / "index.html"
    page.write_text("\n".join(parts), encoding="utf-8")
    return page


def _shown(one: Difference) -> str:
    figures = "".join(
        f"<figure><img loading=lazy src='{which}/{one.name}.png'><figcaption>{which}</figcaption></figure>"
        for which in one.versions
    )
    return f"<h2>{html.escape(one.name)} · {one.share:.2%}</h2>{figures}"
