"""Every page of ours: accessible, readable at every width, by keyboard and without a script."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import pytest
from conftest import cases

from browser.conftest import DESK, PHONE

if TYPE_CHECKING:
    from playwright.sync_api import Page

PAGES = cases("pages")
WCAG = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
ATOM = "{http://www.w3.org/2005/Atom}"
# What a person sees of where the focus is; in our charts the bar's frame takes it.
FOCUS = """() => {
    const at = document.activeElement;
    if (!at || at === document.body) return null;
    const box = at.getBoundingClientRect();
    const visible = [at, ...at.querySelectorAll("rect")].some((part) => {
        const style = getComputedStyle(part);
        const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
        return outlined || (style.stroke !== "none" && parseFloat(style.strokeWidth) >= 2);
    });
    const inside = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
    const order = window.order ??= new Map();
    if (!order.has(at)) order.set(at, order.size);
    return {
        number: order.get(at),
        what: at.outerHTML.slice(0, 160),
        fine: visible && inside && box.width > 0,
    };
}"""
# What Tab should reach: all that can be used and is shown, but not what is folded up.
REACHABLE = """() => [...document.querySelectorAll(
    "a[href], button, input:not([type=hidden]), select, textarea, summary"
)].filter((part) => part.checkVisibility() && part.tabIndex >= 0 && !part.disabled).length"""


def opened(
    visit: Callable[..., Page], case: dict[str, Any], facts: dict[str, Any], **how: Any
) -> Page:
    """Open the page of a case and see that it is the one that is meant."""
    page = visit("about:blank", **how)
    answer = page.goto(case["path"].format(**facts))
    assert answer is not None
    assert answer.status == case.get("status", 200)
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    return page


def too_wide(page: Page) -> str:
    """Tell what makes a page scroll sideways; nothing if it does not."""
    found: str = page.evaluate("""() => {
        const root = document.documentElement;
        if (root.scrollWidth <= root.clientWidth) return "";
        const wide = [...document.body.querySelectorAll("*")]
            .filter((part) => part.getBoundingClientRect().right > root.clientWidth + 1);
        return `${root.scrollWidth} > ${root.clientWidth}: ${wide.map((part) => part.outerHTML.slice(0, 80))}`;
    }""")
    return found


def is_dark(page: Page) -> bool | None:
    """Tell whether the ground is really dark; None: neither dark nor light."""
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    if ground == "rgba(0, 0, 0, 0)":
        ground = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    channels = [int(part) for part in ground.removeprefix("rgb(").rstrip(")").split(",")]
    return True if max(channels) < 64 else False if min(channels) > 192 else None


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [PHONE, DESK])
@pytest.mark.parametrize("case", PAGES)
def test_nothing_is_inaccessible(
    visit: Callable[..., Page],
    axe: Callable[..., list[str]],
    facts: dict[str, Any],
    record_property: Callable[[str, object], None],
    case: dict[str, Any],
    width: int,
    dark: bool,
) -> None:
    page = opened(visit, case, facts, width=width, dark=dark)
    assert axe(page, *WCAG) == []
    assert too_wide(page) == ""
    assert is_dark(page) == dark
    for advice in axe(page, "best-practice"):
        record_property("axe advises", f"{case['name']}: {advice}")


@pytest.mark.parametrize("case", PAGES)
def test_nothing_scrolls_sideways_when_magnified(
    visit: Callable[..., Page], facts: dict[str, Any], case: dict[str, Any]
) -> None:
    page = opened(visit, case, facts, width=DESK // 2)
    assert too_wide(page) == ""
    page.evaluate("document.documentElement.style.fontSize = '200%'")  # the text alone
    assert too_wide(page) == ""


@pytest.mark.parametrize("case", PAGES)
def test_all_is_reached_by_tab_and_the_focus_is_seen(
    visit: Callable[..., Page], facts: dict[str, Any], case: dict[str, Any]
) -> None:
    page = opened(visit, case, facts, reduced_motion="reduce")
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
    assert page.evaluate("document.getAnimations().length") == 0
    _to_the_top(page)
    total, reached, lost = page.evaluate(REACHABLE), set(), []
    for _ in range(total + 2):
        page.keyboard.press("Tab")
        focus = page.evaluate(FOCUS)
        if focus is None or focus["number"] in reached:
            break
        reached.add(focus["number"])
        if not focus["fine"]:
            lost.append(focus["what"])
    assert lost == []
    assert len(reached) >= total
    _to_the_top(page)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.localName") == "main"


def _to_the_top(page: Page) -> None:
    """Have the next Tab go to the first link, also where a search box has the focus at once."""
    page.evaluate("document.documentElement.tabIndex = -1; document.documentElement.focus()")


@pytest.mark.parametrize("case", PAGES)
def test_without_a_script_all_is_there(
    visit: Callable[..., Page], facts: dict[str, Any], case: dict[str, Any]
) -> None:
    with_it = opened(visit, case, facts).locator("main").inner_text()
    without = opened(visit, case, facts, java_script_enabled=False).locator("main").inner_text()
    words = set(with_it.split()) - {"Copy"}
    assert words <= set(without.split())


@pytest.mark.parametrize("case", PAGES)
def test_what_programs_read_parses(
    visit: Callable[..., Page], facts: dict[str, Any], case: dict[str, Any]
) -> None:
    page = opened(visit, case, facts)
    for script in page.locator("script[type='application/ld+json']").all():
        assert json.loads(script.text_content() or "")["@context"] == "https://schema.org"
    for link in page.locator("link[rel=alternate][type*=atom], link[rel=search]").all():
        answer = page.request.get(link.get_attribute("href") or "")
        assert answer.status == 200
        root = ElementTree.fromstring(answer.body())
        if root.tag == f"{ATOM}feed":
            assert root.find(f"{ATOM}id") is not None
            assert root.find(f"{ATOM}updated") is not None


def test_every_link_leads_somewhere(visit: Callable[..., Page], facts: dict[str, Any]) -> None:
    """All that our pages link to on this site answers."""
    found: dict[str, str] = {}
    for param in PAGES:
        (case,) = param.values
        page = opened(visit, case, facts, java_script_enabled=False)
        for address in page.locator("[href]").evaluate_all(
            "all => all.map((link) => link.getAttribute('href'))"
        ):
            if address.startswith("/"):
                found.setdefault(address.partition("#")[0], case["name"])
    answers = {address: page.request.head(address).status for address in found}
    assert {address: found[address] for address in found if answers[address] >= 400} == {}
