"""What an edge and its screens say to each other over the feed: one struct a frame, told apart by `type`.

A screen says Hello, and Here for as long as somebody can see it; the edge answers with a Snapshot, or with the Views that changed since what the screen has, and then with
Views as they change and a Beat every few seconds. Bye ends it. `of` says what a frame's views are of: this log up to `seq`, as this
release shows it. A screen keeps `seq` and `of` together and gives both back in its next Hello; they are opaque to it.
"""

from typing import Literal

import msgspec

from shared.ids import IdOrNone

#: The device is not, or no longer, one of this venue's: it does not come back by itself. Nothing else ends a feed.
ENDING_BYES = ("device_unknown", "device_revoked")
#: Come back, after a while that grows: the edge ends or starts again, the screen did not keep up, its Hello was none,
#: something of ours failed, or too much is owed to be told one by one. A word that a screen does not know means this too.
PASSING_BYES = ("closing", "slow", "malformed", "too_large", "failed", "incomplete")
BYES = (*ENDING_BYES, *PASSING_BYES)

Change = tuple[str, str, msgspec.Raw]  # a view's kind and key, and the view whole; null when it is gone

#: How the edge stands with its hub. `off`: none is set. `no_internet`: nothing outside answers. `away`: the internet is there
#: and the hub does not answer. `refused`: it answers, and takes no more of this log.
HubState = Literal["off", "well", "no_internet", "away", "refused"]


class HubLink(msgspec.Struct, frozen=True, kw_only=True):
    """How the edge stands with its hub; the venue sells on whatever it says."""

    state: HubState
    why: str = ""  # of `refused`: a code of the sender, such as fork or fenced
    since_ms: int = 0  # when it ceased to be well; 0 while it is
    waiting: int = 0  # entries that the hub is not known to have


class _Frame(msgspec.Struct, frozen=True, kw_only=True, tag_field="type"):
    """Told apart by `type`."""


class Hello(_Frame, tag="hello", frozen=True, kw_only=True):
    """The first frame, from the screen."""

    token: str  # the screen's key
    cursor: int | None = None  # the `seq` of the last frame it took; None for everything
    kinds: list[str] | None = None  # the kinds of view it shows; None for all that its role may see
    of: str = ""  # what the last frame said with that `seq`


class Here(_Frame, tag="here", frozen=True, kw_only=True):
    """From the screen, with its Hello and with each Beat that it hears: somebody can see it. Silence means nobody can."""

    shows: IdOrNone = ""  # the station whose tickets are on it; `all` for every one's


class Snapshot(_Frame, tag="snapshot", frozen=True, kw_only=True):
    """Everything the screen shows; what it had and is not in here is gone."""

    seq: int
    of: str
    views: list[Change]


class Views(_Frame, tag="views", frozen=True, kw_only=True):
    """What changed up to `seq`."""

    seq: int
    of: str
    changes: list[Change]


class Beat(_Frame, tag="beat", frozen=True, kw_only=True):
    """The edge is there, and everything up to `seq` was sent but what is stuck."""

    seq: int
    of: str  # empty while something is stuck: whoever comes back then gets everything
    now_ms: int
    hub: HubLink
    stuck_since_ms: int = 0  # since when something this screen may show cannot be read; 0 for nothing


class Bye(_Frame, tag="bye", frozen=True, kw_only=True):
    """Nothing follows."""

    code: str  # one of BYES


class GuestBeat(msgspec.Struct, frozen=True, kw_only=True):
    """The edge is there, and nothing changed for the guest. Their visit comes in events of its own."""

    now_ms: int


EdgeFrame = Snapshot | Views | Beat | Bye
