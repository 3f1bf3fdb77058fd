"""Before any test imports sqlite3: the product's SQLite takes its place, as in the edge itself."""

import os

from hypothesis import HealthCheck, settings

import edge.engine  # noqa: F401 - imported for what it does

#: No example has a stopwatch: a busy machine is no bug. The same examples each time; `make prove` tries many fresh ones.
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True)
settings.register_profile("default", PATIENT, derandomize=True, database=None)
settings.register_profile("prove", PATIENT, max_examples=1_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))

#: Everything that tests ask listens on this machine; a proxy that leads out of it has no part in that.
for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
    os.environ.pop(name, None)
