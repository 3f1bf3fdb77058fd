"""What a device is shown. A view is whole: a newer one replaces it."""

from shared.views import floor, guests, kitchen, menu, money, ordering, people, upkeep

_MODULES = (floor, menu, guests, ordering, kitchen, money, people, upkeep)

#: The struct of each view, by the kind it travels under in the feed.
VIEWS = {kind: view for module in _MODULES for kind, view in module.VIEWS.items()}

__all__ = ["VIEWS"]
