"""What routes answer beside the views of the feed: one struct an answer, so that no screen types it a second time."""

from shared.answers import devices, guests, menu, reports, staff

_MODULES = (devices, staff, guests, menu, reports)

#: Every struct that a route of the edge or the hub answers a screen with, and no feed carries.
ANSWERS = tuple(answer for module in _MODULES for answer in module.ANSWERS)

__all__ = ["ANSWERS"]
