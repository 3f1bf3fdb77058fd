"""A venue's log as a spreadsheet: one row an entry, for an accountant who wants to see everything.

python docs/examples/log_to_spreadsheet.py /var/lib/hos/venue.db log.xlsx
"""

import sqlite3
import sys

from openpyxl import Workbook

COLUMNS = ("seq", "business_day", "asked_at_ms", "kind", "subject", "staff_id", "device_id")


def log_to_spreadsheet(database: str, target: str) -> int:
    """Write every entry of the log; how many there were."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("log")
    sheet.append((*COLUMNS, "what"))
    conn = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    try:
        count = 0
        for *columns, body in conn.execute(f"SELECT {', '.join(COLUMNS)}, body FROM log ORDER BY seq"):
            sheet.append((*columns, body.decode()))
            count += 1
    finally:
        conn.close()
    book.save(target)
    return count


if __name__ == "__main__":
    print(log_to_spreadsheet(*sys.argv[1:]), "entries")
