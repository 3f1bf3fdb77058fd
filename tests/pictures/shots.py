"""What is pictured: each application, at its sizes, in the states in which people meet it."""

from collections.abc import Iterator

import msgspec

SIZES = {
    "guest": ((320, 568), (360, 640), (390, 844)),
    "waiter": ((360, 640), (390, 844), (820, 1180), (1024, 768)),
    "pos": ((1024, 768), (1366, 768), (1920, 1080)),
    "kds": ((1024, 768), (1280, 800), (1366, 768), (1920, 1080)),
}
LANGUAGES = ("es-AR", "en")
#: The way to a screen, as buttons that are pressed one after the other; names are patterns, in either language.
WAYS: dict[str, dict[str, tuple[str, ...]]] = {
    "guest": {"menu": (), "dish": ("^Empanada",), "call": ("^(Llamar|Call)",)},
    "waiter": {"queue": (), "tables": ("^(Mesas|Tables)",), "me": ("^(Yo|Me)",)},
    "pos": {"room": (), "more": ("^(Más|More)",)},
    "kds": {"station": ("(Tocar para empezar|Tap to start)",)},
}
STATES = ("empty", "service", "crowded", "offline", "stuck")
SETTLES_MS = 700


class Shot(msgspec.Struct, frozen=True, kw_only=True):
    """One picture."""

    app: str
    way: str
    state: str
    language: str
    width: int
    height: int
    letters: int = 100  # per cent

    @property
    def name(self) -> str:
        """Of its file, without the ending."""
        size = f"{self.width}x{self.height}" + (f"-{self.letters}" if self.letters != 100 else "")
        return f"{self.app}-{self.way}-{self.state}-{self.language}-{size}"


def shots(apps: tuple[str, ...]) -> Iterator[Shot]:
    """Every state of each first screen at every size, the other screens at work; letters twice as large at one size."""
    for app in apps:
        first, *others = WAYS[app]
        wanted = [(first, state) for state in STATES] + [(way, "crowded") for way in others]
        for language in LANGUAGES:
            for width, height in SIZES[app]:
                for way, state in wanted:
                    yield Shot(app=app, way=way, state=state, language=language, width=width, height=height)
            width, height = SIZES[app][1]
            yield Shot(app=app, way=first, state="crowded", language=language, width=width, height=height, letters=200)
