"""What may be asked. Every command, by the name it travels under."""

from shared.commands import (
    cash,
    devices,
    floor,
    guests,
    kitchen,
    menu,
    ordering,
    payments,
    printing,
    staff,
    upkeep,
)
from shared.commands.base import (
    Command,
    CommandAnswer,
    CommandAsk,
    CommandsAnswer,
    CommandsAsk,
)

_MODULES = (
    floor,
    menu,
    guests,
    ordering,
    kitchen,
    payments,
    cash,
    staff,
    devices,
    printing,
    upkeep,
)

#: Every command type, by its name.
COMMANDS: dict[str, type[Command]] = {
    str(command.__struct_config__.tag): command
    for module in _MODULES
    for command in vars(module).values()
    if isinstance(command, type) and issubclass(command, Command) and command is not Command
}

#: What a guest's phone may ask, through the public door only.
GUEST_COMMANDS = frozenset({"submit_draft", "change_draft", "withdraw_draft", "call_waiter", "ask_bill"})

#: What only the edge's own workers and routes may ask.
EDGE_COMMANDS = frozenset(
    {
        "join_table",
        "expire_drafts",
        "record_sign_in",
        "record_pin_failure",
        "record_approval",
        "ask_pairing",
        "report_printer_fault",
        "report_printer_ready",
        "report_printed",
        "report_backup",
    }
)

__all__ = [
    "COMMANDS",
    "EDGE_COMMANDS",
    "GUEST_COMMANDS",
    "Command",
    "CommandAnswer",
    "CommandAsk",
    "CommandsAnswer",
    "CommandsAsk",
]
