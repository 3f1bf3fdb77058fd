"""Before any test imports sqlite3: the product's SQLite takes its place, as in the edge itself."""

import edge.engine  # noqa: F401 - imported for what it does
