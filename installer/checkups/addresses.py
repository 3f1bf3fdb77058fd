"""What the venue's QR codes and screens are told to open: whether a phone in the room gets there."""

from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

import httpx

from edge.settings import Settings
from installer.checkups.finding import Finding
from installer.checkups.machine import REACH_S

_WHAT = "address"
_LOCAL = {"localhost", "127.0.0.1", "::1"}
_EVERY = {"0.0.0.0", "::", ""}


def addresses(settings: Settings, health: Mapping[str, object] | None) -> Iterator[Finding]:
    """Every way in which a guest's phone would not get there, or would but unsafely.

    A running edge has settings of its own, and says the ones that matter here.
    """
    host, public_url = settings.host, settings.public_url
    if health is not None:
        host, public_url = str(health.get("host", host)), str(health.get("public_url", public_url))
    if not public_url:
        yield _without_one(host)
        return
    public = urlsplit(public_url)
    if not public.hostname or public.scheme not in {"http", "https"}:
        found = f"HOS_PUBLIC_URL is {public_url}, which no browser opens"
        yield Finding(_WHAT, "wrong", found, "Write it whole, as https://name/.")
        return
    is_hidden = host in _LOCAL and public.hostname not in _LOCAL
    yield (
        _at_rest(host, public.hostname, is_hidden) if health is None else _reached(public_url, health, host, is_hidden)
    )
    if public.scheme == "http" and public.hostname not in _LOCAL:
        found = f"{public_url} is plain http: anyone on the Wi-Fi reads it, and phones keep no screen on"
        yield Finding("encryption", "look", found, "Put https before it; docs/howto/take-a-venue-live.md says how.")


def _without_one(host: str) -> Finding:
    """QR codes then say whatever address the till's browser used, which may be this machine's own name for itself."""
    if host in _LOCAL:
        found = f"no public address is set, and the edge listens on {host}: no phone reaches it"
    elif host in _EVERY:
        found = "no public address is set: QR codes say the address that the till happened to use"
    else:
        found = f"no public address is set: QR codes say {host}, which changes with the router"
    return Finding(
        _WHAT, "look", found, "Set HOS_PUBLIC_URL to the address that phones open, before codes are printed."
    )


def _at_rest(host: str, public_host: str, is_hidden: bool) -> Finding:
    if not is_hidden:
        return Finding(_WHAT, "well", f"QR codes say {public_host}")
    found = f"QR codes say {public_host}, and the edge listens on {host}: only a proxy on this machine leads there"
    return Finding(_WHAT, "look", found, "Without a proxy set HOS_HOST to 0.0.0.0. Look again while the edge runs.")


def _reached(public_url: str, health: Mapping[str, object], host: str, is_hidden: bool) -> Finding:
    """A proxy before the edge is none of our business as long as it leads here."""
    if _venue_at(public_url) == health.get("venue_id"):
        return Finding(_WHAT, "well", f"{public_url} leads to this edge")
    if is_hidden:
        found = f"QR codes say {public_url}, and the edge listens on {host} alone: no phone reaches it"
        return Finding(_WHAT, "wrong", found, "Set HOS_HOST to 0.0.0.0, or put a proxy before it.")
    found = f"QR codes say {public_url}, which does not lead to this edge"
    return Finding(_WHAT, "wrong", found, "Correct HOS_PUBLIC_URL, the router's name for this machine, or the proxy.")


def _venue_at(url: str) -> object:
    """Whose edge answers there; None when none does. From this machine, as good a guess as it can make."""
    try:
        answered = httpx.get(f"{url.rstrip('/')}/health", timeout=REACH_S, verify=False, trust_env=False)
        found = answered.json()
    except (httpx.HTTPError, httpx.InvalidURL, ValueError):
        return None
    return found.get("venue_id") if isinstance(found, dict) else None
