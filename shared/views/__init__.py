"""What a device is shown. A view is whole: a newer one replaces it."""

from shared.modules import modules_of

#: The struct of each view, by the kind it travels under in the feed. A module may hold only what others share.
VIEWS = {kind: view for module in modules_of(__name__, __path__) for kind, view in getattr(module, "VIEWS", {}).items()}

__all__ = ["VIEWS"]
