"""The command `hos`; its parts live where they belong, this joins them."""

import argparse
import importlib
import importlib.metadata
import os
import sys
from collections.abc import Sequence

OK, USAGE, INTERRUPTED = 0, 2, 130

#: Command → where its own command line is, and what it is for. Imported only when asked: help answers at once.
COMMANDS = {
    "edge": (
        "edge.__main__",
        "one venue's server: run, verify, rebuild, log, backup, ask, let-in, menu import, menu export",
    ),
    "cloud": ("cloud.__main__", "the hub: run, migrate, enrol, nats, restored"),
    "demo": (
        "installer.demo.command_line",
        "the whole system on this machine, mid-service; demo replay plays a restaurant's order files",
    ),
    "bench": ("installer.bench.command_line", "what this machine does, each figure beside a floor"),
    "doctor": ("installer.doctor", "what is wrong with this machine, and what to do about it"),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Hand over to the command's own line; its exit code. 2: there is no such command; 130: Ctrl-C."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if not words:
        command_parser().print_help(sys.stderr)
        return USAGE
    try:
        asked = command_parser().parse_args(words[:1])
        module = importlib.import_module(COMMANDS[asked.command][0])
        code = int(module.main(words[1:]))
        sys.stdout.flush()  # while the reader's end of a pipe can still be asked about
    except KeyboardInterrupt:
        sys.stderr.write("Interrupted.\n")
        return INTERRUPTED
    except BrokenPipeError:  # whoever read us had enough, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    return code


def command_parser() -> argparse.ArgumentParser:
    """What may be typed."""
    width = max(map(len, COMMANDS)) + 2
    parser = argparse.ArgumentParser(
        prog="hos",
        description="Hospitality OS: a restaurant's server, screens and printers, and the hub for its owner.",
        epilog="commands:\n"
        + "\n".join(f"  {name:<{width}}{about}" for name, (_, about) in COMMANDS.items())
        + "\n\n`hos COMMAND --help` says more. Exit codes: 0 done, 1 problems or failure, 2 wrong use, 130 interrupted"
        "\nwith Ctrl-C; what 3 means is explained by each command.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"hos {importlib.metadata.version('hospitality-os')}")
    parser.add_argument("command", choices=list(COMMANDS), metavar="COMMAND", help="see below")
    return parser


if __name__ == "__main__":
    sys.exit(main())
