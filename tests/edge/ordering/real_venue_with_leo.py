"""A room with two waiters, of which Leo serves the only section."""

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

from shared.commands.devices import ReportScreens, ScreenNow
from shared.commands.floor import AssignSection
from shared.commands.staff import AddStaff, RecordSignIn
from tests.real_venue import RealVenue, a_real_venue, pair

LEO_PHONE = "phone2"


@contextlib.asynccontextmanager
async def a_room(folder: Path) -> AsyncIterator[RealVenue]:
    """Everybody is signed in, and every screen is asleep."""
    async with a_real_venue(folder) as venue:
        await pair(venue, LEO_PHONE, "waiter")
        await venue.do("console", AddStaff(staff_id="leo", staff_name="Leo", role="waiter", pin="not a hash"))
        await venue.do("edge", RecordSignIn(session_id="s-leo", staff_id="leo", on_device_id=LEO_PHONE))
        await venue.do("console", AssignSection(section_id="salon", staff_id="leo"))
        yield venue


async def awake(venue: RealVenue, *device_ids: str) -> None:
    """Somebody can see these screens."""
    screens = tuple(ScreenNow(device_id=device_id, is_awake=True) for device_id in device_ids)
    await venue.do("edge", ReportScreens(screens=screens))
