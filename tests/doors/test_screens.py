"""Files of screens: what is asked for by a name that no file can have is not there, and nothing of ours failed."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from doors.pages import screens


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[TestClient[Litestar]]:
    folder = tmp_path / "guest"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("<!doctype html>", encoding="utf-8")
    (folder / "assets" / "app.js").write_text("1", encoding="utf-8")
    with TestClient(Litestar(screens(tmp_path / "guest", "guest"))) as made:
        yield made


@pytest.mark.parametrize(
    "name",
    ["%00", "x%00.js", "a" * 300, "%C3%B1" * 150, "b/" * 3_000, "a" * 254 + "/" + "b" * 256, "assets/%00"],
    ids=["nul", "nul inside", "long", "long in bytes alone", "deep", "a long name at the end", "nul below"],
)
def test_a_name_that_no_file_can_have_is_not_found(browser: TestClient[Litestar], name: str) -> None:
    assert browser.get(f"/guest/{name}").status_code == 404


def test_what_is_there_is_served_with_a_policy_that_names_no_other_host(browser: TestClient[Litestar]) -> None:
    for path in ("/guest/", "/guest/assets/app.js"):
        response = browser.get(path)
        assert response.status_code == 200
        assert "connect-src 'self';" in response.headers["content-security-policy"]
        assert response.headers["x-frame-options"] == "DENY"
