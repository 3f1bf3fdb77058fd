"""One of each document as a venue would print it, for golden paper and for looking at."""

from collections.abc import Mapping
from typing import Any

from edge.printing.facts import dish, dishes, party, place
from edge.printing.formats import Page
from edge.printing.jobs import Printer, Waiting
from edge.printing.layout import Element
from edge.printing.render import payload_of, pieces_of

AT_MS = 1_772_755_620_000  # 5 March 2026, 21:07 in Buenos Aires
TICKET: dict[str, Any] = {
    "station": "Parrilla",
    "number": 47,
    "check_number": 12,
    **place("12", is_table=True),
    "course": 2,
    **party(4),
    "waiter": "Sofía",
    "fired_at_ms": AT_MS,
    "also_at": "Barra, Horno",
    **dishes(
        iter(
            [
                (2, "Ñoquis bolognesa", ("Extra queso", "Sin ajo"), "", ("peanut", "milk")),
                (1, "Bife de chorizo", ("Jugoso", "Papas fritas"), "cortar en 2, lugar 3", ()),
                (12, "Empanada de carne cortada a cuchillo", (), "", ()),
            ]
        )
    ),
}
LINES: list[dict[str, Any]] = [
    {"quantity": 2, "name": "Ñoquis a la bolognesa", "unit_minor": 920000, "gross_minor": 1840000, "modifiers": []},
    {
        "quantity": 1,
        "name": "Milanesa napolitana con papas fritas y huevo",
        "unit_minor": 0,
        "gross_minor": 1490000,
        "modifiers": [{"what": "Doble queso"}],
    },
    {"quantity": 3, "name": "Agua sin gas", "unit_minor": 220050, "gross_minor": 660150, "modifiers": []},
]
BILL: dict[str, Any] = {
    "number": 31,
    **place("12", is_table=True),
    "waiter": "Sofía",
    "covers": 4,
    "lines": LINES,
    "cover_charge_minor": 320000,
    "total_minor": 4310150,
    "printed_at_ms": AT_MS,
    "copy": 0,
}
OFF = {
    "kind": "discount",
    "rate_bp": 1000,
    "amount_minor": -247015,
    "reason": "Demora de la cocina en el segundo tiempo",
}
GIVEN: dict[str, Any] = {
    "lines": [
        {
            **LINES[0],
            "own_adjustments": [{"kind": "comp", "rate_bp": 0, "amount_minor": -1840000, "reason": "Cumpleaños"}],
        },
        *LINES[1:],
    ],
    "adjustments": [OFF, {"kind": "service", "rate_bp": 0, "amount_minor": 100000, "reason": ""}],
    "total_minor": 2323135,
}
TOTALS: dict[str, Any] = {
    "period": 128,
    "opened_at_ms": AT_MS - 9 * 3_600_000 - 420_000,
    "business_day": "2026-03-05",
    "last_day": "",
    "checks": 38,
    "covers": 97,
    "sales_minor": 128430000,
    "vat_minor": 22289504,
    "tips_minor": 9610000,
    "voids": 4,
    "voids_minor": 3120000,
    "over_short_minor": -420000,
    "open_checks": 2,
    "open_minor": 6190000,
    "vat": [
        {"vat_bp": 1050, "gross_minor": 1105000, "vat_minor": 105000},
        {"vat_bp": 2100, "gross_minor": 127325000, "vat_minor": 22184504},
    ],
    "tenders": [
        {"cash": True, "count": 21, "amount_minor": 61230000},
        {"card": True, "count": 15, "amount_minor": 60000000},
        {"transfer": True, "count": 2, "amount_minor": 7200000},
    ],
    "taken_minor": 128430000,
    "adjustments": [],
    "by": "Marta",
    "at_ms": AT_MS,
}
DOCUMENTS: Mapping[str, dict[str, Any]] = {
    "kitchen": TICKET,
    "change": {
        **TICKET,
        "voided": 1,
        "what": "Bife de chorizo",
        "of": dish(1, "Bife de chorizo", ("Jugoso", "Sin papas fritas"), "cortar en 2, lugar 3", ("milk",)),
        "remaining": 0,
        "before": 1,
        "others": 2,
        "is_one_other": False,
        "reason": "Se arrepintió",
    },
    "guest_check": {**BILL, "paid_minor": 0, "balance_minor": 4310150, "tip_bp": 1000, "tip_minor": 431015},
    "receipt": {
        **BILL,
        "vat_minor": 748043,
        "payments": [
            {"card": True, "amount_minor": 2000000, "tendered_minor": 0, "change_minor": 0, "reference": "004512"},
            {"cash": True, "amount_minor": 2310150, "tendered_minor": 3000000, "change_minor": 389850, "reference": ""},
        ],
        "tips_minor": 300000,
    },
    "x_report": TOTALS,
    "z_report": {**TOTALS, "z_number": 128},
    "no_sale": {"reason": "Cambio para la mesa 4", "by": "Marta", "opened_at_ms": AT_MS},
    "missed": {"count": 2, "tickets": [TICKET, {**TICKET, "number": 48, **place("Juan", is_table=False)}]},
    "test": {},
}
#: The same bill with what was given on it, and a Z of a day on which things were.
ADJUSTED: Mapping[str, dict[str, Any]] = {
    "guest_check": {**DOCUMENTS["guest_check"], **GIVEN, "balance_minor": 2323135, "tip_minor": 232314},
    "receipt": {**DOCUMENTS["receipt"], **GIVEN, "vat_minor": 403189},
    "z_report": {
        **DOCUMENTS["z_report"],
        "before_adjustments_minor": 131030000,
        "adjustments": [
            {"kind": "comp", "count": 3, "amount_minor": -2450000},
            {"kind": "discount", "count": 2, "amount_minor": -250000},
            {"kind": "service", "count": 1, "amount_minor": 100000},
        ],
    },
}
MOVED: dict[str, Any] = {**TICKET, **place("4", is_table=True), "moved_from": "12", "is_moved": True}


def a_printer(*, columns: int = 48, code_page: str = "PC858", language: str = "es-AR") -> Printer:
    """A printer of this paper."""
    return Printer(
        printer_id="parrilla",
        name="Parrilla",
        host="192.168.0.50",
        port=9100,
        columns=columns,
        code_page=code_page,
        fence="gs_r",
        has_cutter=True,
        language=language,
    )


def a_job(document: str, facts: dict[str, Any], printer: Printer, *, copies: int = 0, backup_of: str = "") -> Waiting:
    """A job for it."""
    return Waiting(
        job_id="j-0",
        document=document,
        facts=facts,
        copies=copies,
        other_id="",
        backup_of=backup_of,
        page=Page(columns=printer.columns, code_page=printer.code_page, language=printer.language or "es-AR"),
        venue="Bodegón Ñandú",
    )


def paper(document: str, facts: dict[str, Any] | None = None, **more: Any) -> tuple[Element, ...]:
    """The lines of a sample that fits one piece of paper."""
    (piece,) = pieces(document, facts, **more)
    return piece


def pieces(document: str, facts: dict[str, Any] | None = None, **more: Any) -> list[tuple[Element, ...]]:
    """The lines of each piece of a sample."""
    printer = a_printer(**{name: more.pop(name) for name in ("columns", "code_page", "language") if name in more})
    facts = DOCUMENTS[document] if facts is None else facts
    return pieces_of(a_job(document, facts, printer, **more), printer, AT_MS)


def paper_bytes(document: str, facts: dict[str, Any] | None = None, **more: Any) -> bytes:
    """The bytes of a sample."""
    printer = a_printer(**{name: more.pop(name) for name in ("columns", "code_page", "language") if name in more})
    facts = DOCUMENTS[document] if facts is None else facts
    return payload_of(a_job(document, facts, printer, **more), printer, AT_MS)
