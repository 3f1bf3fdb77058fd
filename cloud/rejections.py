"""The hub's no: codes with facts, in the same form as the edge's. The owner's app holds the words."""

from shared.errors import Fact

#: Every code the hub may answer with: its HTTP status and what its facts mean.
CODES: dict[str, tuple[int, str]] = {
    "malformed": (400, "the request makes no sense; where, why"),
    "needs_sign_in": (401, "nobody is signed in, or the session has ended"),
    "sign_in_wrong": (401, "no account with this address and password"),
    "csrf_invalid": (403, "the request does not come from the hub's own page"),
    "not_found": (404, "there is nothing at this address"),
    "venue_unknown": (404, "the business has no such venue; venue_id"),
    "too_large": (413, "the request is over the size limit; limit_bytes"),
    "too_fast": (429, "too many attempts; retry_after_s"),
    "failed": (500, "something of ours broke; nothing was changed"),
    "busy": (503, "the database does not answer; try again"),
}


class Rejected(Exception):
    """A code from `CODES` and the facts a person needs. Nothing was changed."""

    def __init__(self, code: str, **facts: Fact) -> None:
        assert code in CODES, f"undeclared code {code}"
        super().__init__(code)
        self.code = code
        self.facts = facts

    @property
    def status(self) -> int:
        """The HTTP status."""
        return CODES[self.code][0]
