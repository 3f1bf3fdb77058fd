"""Roles and what each may do. A venue's roles start from these sets. What a manager may lend, and what may come late."""

from collections.abc import Mapping

#: Every permission, with what it lets a person do.
PERMISSIONS: dict[str, str] = {
    "take_orders": "open checks, add lines, send and fire",
    "confirm_drafts": "claim, confirm and reject what guests ask for",
    "answer_calls": "answer a guest's call",
    "pause_drafts": "stop taking what guests ask for from their phones, and take it again",
    "void_unsent": "take off a line the kitchen has not got",
    "void_sent": "take off a line the kitchen has, or lower what a printed bill says",
    "move_checks": "move a check to another table",
    "discount": "take something off what a check or a line costs, or put something on top",
    "comp": "give a line or a whole check away",
    "open_item": "sell something with a typed name and price",
    "charge": "take payments",
    "drawer": "open a drawer with its float, drop and pay out, count it",
    "no_sale": "open the drawer without a sale",
    "x_report": "see and print the day's totals",
    "close_day": "close the business day with its Z",
    "bump": "mark tickets and lines done, bring them back",
    "sold_out": "mark an item sold out or back",
    "publish_menu": "publish a menu",
    "draw_floor": "draw rooms and tables",
    "manage_staff": "add people, set their PINs and roles",
    "manage_devices": "approve, invite and revoke devices",
    "manage_printers": "set up printers and stations",
    "configure_venue": "change the venue's settings",
    "approve": "approve one command of somebody else",
    "audit": "see what was refused, taken off after it was sent, given away, and opened without a sale",
}

_WAITER = frozenset(
    {
        "take_orders",
        "confirm_drafts",
        "answer_calls",
        "void_unsent",
        "move_checks",
        "charge",
        "sold_out",
    }
)
_CASHIER = _WAITER | {"drawer", "x_report"}
_COOK = frozenset({"bump", "sold_out"})
_TECHNICIAN = frozenset({"manage_devices", "manage_printers", "draw_floor", "configure_venue"})

#: Permissions by role.
ROLES: dict[str, frozenset[str]] = {
    "waiter": _WAITER,
    "cashier": _CASHIER,
    "cook": _COOK,
    "manager": frozenset(PERMISSIONS),
    "technician": _TECHNICIAN,
}

#: What a device may do with nobody signed in: a kitchen screen is worked with wet hands and no PIN.
DEVICE_ROLES: dict[str, frozenset[str]] = {
    "waiter": frozenset(),
    "pos": frozenset(),
    "kds": _COOK,
    "manage": frozenset(),
    "console": frozenset(PERMISSIONS),
    "edge": frozenset(PERMISSIONS),
    "hub": frozenset(),
    "guest": frozenset(),
}

_DRAWER = frozenset({"drawer"})
_GIVING = frozenset({"discount", "comp"})
#: What a manager may approve in place, each with what the approval lends for that one command. People, devices, printers,
#: menus and settings are not among them: for those the manager signs in.
APPROVABLE: Mapping[str, frozenset[str]] = {
    "void_line": frozenset({"void_sent", "void_unsent"}),
    "change_line": frozenset({"void_sent"}),
    "set_covers": frozenset({"void_sent"}),
    "add_open_item": frozenset({"open_item"}),
    "adjust_check": _GIVING,
    "adjust_line": _GIVING,
    "remove_adjustment": _GIVING,
    "move_check": frozenset({"move_checks"}),
    "abandon_check": frozenset({"take_orders"}),
    "print_receipt": frozenset({"charge"}),
    "open_drawer_without_sale": frozenset({"no_sale"}),
    "open_drawer": _DRAWER,
    "move_cash": _DRAWER,
    "count_drawer": _DRAWER,
    "settle_purse": _DRAWER,
    "print_x_report": frozenset({"x_report"}),
    "close_day": frozenset({"close_day"}),
    "pause_drafts": frozenset({"pause_drafts"}),
    "resume_drafts": frozenset({"pause_drafts"}),
    "assign_section": frozenset({"draw_floor"}),
}

#: What a screen that was offline sends in the name of somebody who has left it since: orders, and what the room asked.
#: Never money, what takes off or gives away, people, devices or settings.
MAY_COME_LATE = frozenset(
    {
        "open_check", "set_covers", "add_lines", "change_line", "send_lines", "fire_course", "claim_draft", "release_draft",
        "confirm_draft", "reject_draft", "answer_call", "pick_up_course", "answer_pass_call", "call_to_pass", "bump_ticket",
        "bump_line", "recall_ticket", "see_ticket_change",
    }
)  # fmt: skip
