"""What other slices may know of paper: how the names of a menu come out on the venue's printers."""

from sqlite3 import Connection

from edge.printing.names import PaperName, paper_names
from shared.menu import Menu

_CODE_PAGES = "SELECT DISTINCT code_page FROM printer ORDER BY code_page"


def names_on_paper(conn: Connection, menu: Menu) -> list[PaperName]:
    """The names of a menu that some printer of the venue does not show as they are typed; none without a printer.

    `is_legible` is false for letters that come out by their sound; `mark` stands beside names that would look alike.
    """
    pages = [page for (page,) in conn.execute(_CODE_PAGES)]
    found: dict[str, PaperName] = {}
    for page in pages:
        for one in paper_names(menu, page):
            found.setdefault(one.name, one)
    return [*found.values()]
