"""Before any test imports sqlite3: the product's SQLite takes its place, as in the edge itself."""

import os

from hypothesis import settings

import edge.engine  # noqa: F401 - imported for what it does

#: No example has a stopwatch: a busy machine is no bug. `make prove` tries many more.
settings.register_profile("default", deadline=None)
settings.register_profile("prove", deadline=None, max_examples=1_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))
