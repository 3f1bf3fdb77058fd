"""A venue that puts things and counts them behind the writer, cut off at its first statement behind the log, then at its
second, and so on until nothing is left to cut: `behind_victim.py FOLDER`. Says what each life left.
"""

import asyncio
import os
import sys
from itertools import count
from pathlib import Path

from behind_toy import a_behind, counted
from engine_toy import a_venue, put


async def live(folder: Path, cut_at: int) -> None:
    """Three things more; then all that the folder holds is counted."""
    statements = count(1)

    def cut(statement: str) -> None:
        if next(statements) == cut_at:
            os._exit(9)  # as a power cut would: no handler runs

    async with a_venue(folder) as venue:
        (before,) = venue.rows("SELECT COUNT(*) FROM log")[0]
        await venue.writer.ask([put(f"t{before}-{n}") for n in range(3)])
        venue.conn.set_trace_callback(cut)
        behind = a_behind(venue)
        behind.start()
        await behind.reaches(int(str(before)) + 3)
        await behind.stop()


def main(folder: Path) -> None:
    """A process for each life; this one only looks on."""
    for cut_at in count(1):
        child = os.fork()
        if child == 0:
            asyncio.run(live(folder, cut_at))
            os._exit(0)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        print(code, *counted(folder), flush=True)
        if code != 9:
            return


main(Path(sys.argv[1]))
