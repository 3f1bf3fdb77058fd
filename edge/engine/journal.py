"""What the edge says to whoever operates it: one JSON object a line, on standard error."""

import contextlib
import os
import select
from collections.abc import Callable
from typing import Any

import msgspec
import structlog

LEVELS = {"debug": 10, "info": 20, "warning": 30, "error": 40}
_STANDARD_ERROR = 2
_PIECE = select.PIPE_BUF  # what a pipe that says it is ready takes without waiting


def open_journal(level: str) -> None:
    """From now on what is said at this level or above it is written; a word of `LEVELS`."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(serializer=_line),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(LEVELS[level]),
        logger_factory=structlog.BytesLoggerFactory(_LossyFile()),  # type: ignore[arg-type]  # it needs no more of a file
        cache_logger_on_first_use=True,
    )


class _LossyFile:
    """A line that cannot be written at once is lost: with a full disk, or a pipe that nobody reads, the writer must go on."""

    name = "<stderr>"

    def write(self, line: bytes) -> int:
        """Past Python's own buffer, which would keep a lost line and fail again with each one after it."""
        with contextlib.suppress(OSError):
            for start in range(0, len(line), _PIECE):
                _, ready, _ = select.select((), (_STANDARD_ERROR,), (), 0)
                if not ready:
                    break
                os.write(_STANDARD_ERROR, line[start : start + _PIECE])
        return len(line)

    def flush(self) -> None:
        """Nothing is held back."""


def _line(event: dict[str, Any], default: Callable[[Any], Any]) -> bytes:
    return msgspec.json.encode(event, enc_hook=default)
