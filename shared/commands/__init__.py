"""What may be asked. Every command, by the name it travels under."""

from shared.commands.base import (
    Command,
    CommandAnswer,
    CommandAsk,
    CommandsAnswer,
    CommandsAsk,
)
from shared.modules import modules_of

#: Every command type, by its name.
COMMANDS: dict[str, type[Command]] = {
    str(command.__struct_config__.tag): command
    for module in modules_of(__name__, __path__)
    for command in vars(module).values()
    if isinstance(command, type) and issubclass(command, Command) and command is not Command
}

__all__ = [
    "COMMANDS",
    "Command",
    "CommandAnswer",
    "CommandAsk",
    "CommandsAnswer",
    "CommandsAsk",
]
