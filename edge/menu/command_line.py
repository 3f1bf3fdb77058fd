"""`hos edge menu …`: the menu as a spreadsheet, in and out."""

import argparse


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `menu` to the edge's commands."""
    about = "bring the menu in from a spreadsheet, or write it to one"
    commands.add_parser("menu", help=about, description=f"{about[0].upper()}{about[1:]}.")
