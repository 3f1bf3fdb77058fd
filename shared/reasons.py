"""Why something came off or cash moved, as codes: what is on record is the same in every language.

A reason that is no code is text that somebody typed, or that a release before 2026.12 wrote; it is shown as it is.
"""

#: The reason on record when a sender takes back at once what was sent by mistake.
SLIP = "slip"

#: The reason on record when a waiter's cash comes into a drawer.
SETTLEMENT = "settlement"

#: Every code, with what it means. Screens and papers have words for each in every language.
REASONS: dict[str, str] = {
    SLIP: "sent or typed by mistake",
    "changed_mind": "the guest wants something else",
    "delay": "it took too long",
    "made_wrong": "it came out wrong",
    "returned": "the guest sent it back",
    "change_in": "coins and small notes came in",
    SETTLEMENT: "a waiter handed over what they took",
    "supplier": "a supplier was paid",
    "delivery": "a delivery or a taxi was paid",
    "advance": "an advance to staff",
    "to_safe": "cash went to the safe",
    "much_cash": "there was too much cash in the drawer",
    "give_change": "the drawer was opened to give change",
    "check_note": "the drawer was opened to look at a note",
}
