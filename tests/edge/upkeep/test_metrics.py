"""GET /metrics says how the restaurant is, not only the process."""

from pathlib import Path

from litestar.testing import AsyncTestClient
from prometheus_client.parser import text_string_to_metric_families

from edge import app as root
from shared.commands.cash import CloseDay
from shared.commands.printing import ConfigurePrinter, ReportPrinterFault
from tests.real_venue import a_real_venue
from tests.service import START_MS


async def test_an_edge_counts_what_a_restaurant_does(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path) as venue:
        await venue.serve("c1")
        assert await venue.code("caro", CloseDay()) == "needs_manager"
        await venue.do("console", ConfigurePrinter(printer_id="p", printer_name="Parrilla", host="127.0.0.1"))
        fault = ReportPrinterFault(printer_id="p", fault="paper_out", waiting_jobs=3, since_ms=START_MS)
        await venue.do("edge", fault)
        await venue.edge.backups.look()
        async with AsyncTestClient(root.build_app(venue.edge)) as client:
            answered = await client.get("/metrics")
        samples = {
            (sample.name, *sample.labels.values()): sample.value
            for family in text_string_to_metric_families(answered.text)
            for sample in family.samples
        }
        assert samples["hos_refusals_total", "needs_manager"] == 1
        assert samples["hos_printer_fault", "paper_out", "Parrilla"] == 1
        assert samples["hos_printer_waiting", "Parrilla"] == 3
        assert samples["hos_log_entries",] == venue.rows("SELECT MAX(seq) FROM log")[0][0]
        assert samples["hos_commands_total",] == venue.edge.writer.commands > samples["hos_commits_total",] > 0
        assert samples["hos_uplink", "off"] == 1
        assert samples["hos_uplink_unsent",] == 0
        assert samples["hos_writes",] == 1
        assert samples["hos_backup_good_seconds",] * 1000 == venue.edge.clock.now_ms()
        assert samples["process_resident_memory_bytes",] > 0


async def test_health_says_what_became_of_the_last_backup(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path) as venue:
        venue.edge.settings.backups.write_text("a file where the folder should be")
        await venue.edge.backups.look()
        async with AsyncTestClient(root.build_app(venue.edge)) as client:
            health = (await client.get("/health")).json()
        assert (health["backup_at_ms"], health["backup_trouble"]) == (0, "copy_failed")
        assert (health["host"], health["public_url"]) == ("127.0.0.1", "")
