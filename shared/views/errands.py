"""What is to be done outside, as screens see it."""

import msgspec


class ErrandView(msgspec.Struct, frozen=True, kw_only=True):
    """A job of an errand that is open, or was given up lately; one that is done is gone."""

    job_id: str
    errand: str  # the kind: print
    lane: str  # a printer
    what: str  # of print: the document
    subject: str  # of print: the ticket; "" for other paper
    state: str  # waiting, underway, uncertain or given_up
    outcome: str  # why it was given up: expired, unconfirmed, unresolved, elsewhere or unmade
    problem: str  # what was in the way last
    attempts: int  # how often it was begun
    made_at_ms: int
    until_ms: int  # not begun after


VIEWS = {"errand": ErrandView}
