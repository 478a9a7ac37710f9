"""Datasette's own pages look and work like ours, as far as a style sheet can make them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import datasette
import pytest
from conftest import cases

from browser.conftest import DESK, PHONE
from browser.test_pages import WCAG, is_dark, too_wide

if TYPE_CHECKING:
    from playwright.sync_api import Page

PAGES = cases("pages_of_datasette")
# What only Datasette itself can mend: fields and an editor without a name, a wide table without a
# link (Chromium lets Tab go there all the same), 0.65's pages without lang.
MARKUP = {
    "label",
    "select-name",
    "aria-input-field-name",
    "scrollable-region-focusable",
    "html-has-lang",
}
OLD = datasette.__version__.startswith("0.")


def opened(
    visit: Callable[..., Page], case: dict[str, Any], facts: dict[str, Any], **how: Any
) -> Page:
    path = case["path"]
    if OLD:
        path = path.replace("/-/query?sql", "?sql")
    page = visit("about:blank", **how)
    answer = page.goto(path.format(**facts))
    assert answer is not None
    assert answer.status in case.get("status", [200])  # 1.0 shows an error of SQL as a page
    return page


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [PHONE, DESK])
@pytest.mark.parametrize("case", PAGES)
def test_what_a_style_sheet_can_do_is_done(
    visit: Callable[..., Page],
    axe: Callable[..., list[str]],
    facts: dict[str, Any],
    case: dict[str, Any],
    width: int,
    dark: bool,
) -> None:
    page = opened(visit, case, facts, width=width, dark=dark)
    assert [said for said in axe(page, *WCAG) if said.split()[0] not in MARKUP] == []
    assert too_wide(page) == ""
    assert is_dark(page) == dark


@pytest.mark.parametrize("case", PAGES)
def test_our_header_leads_back(
    visit: Callable[..., Page], facts: dict[str, Any], case: dict[str, Any]
) -> None:
    page = opened(visit, case, facts)
    header = page.get_by_role("navigation", name="Main")
    assert header.get_by_role("link").all_inner_texts()[0] == "Search"
    page.locator("a.site-name").click()
    assert page.get_by_role("heading", level=1).inner_text() == "What statesmen said"
