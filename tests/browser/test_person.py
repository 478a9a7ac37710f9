"""What a journalist does: from words to a citation, with a mouse, a finger, a keyboard, no script."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from conftest import DEV_TEXTS

from browser.conftest import DESK, PHONE

if TYPE_CHECKING:
    from playwright.sync_api import Page

WORDS = "to gain from cooperation"
needs_many = pytest.mark.skipif(not DEV_TEXTS.is_dir(), reason=f"no real input: {DEV_TEXTS}")


def hits(page: Page) -> list[str]:
    return page.locator(".hit .words").all_inner_texts()


def total(page: Page) -> int:
    found = re.match(r"[\d,]+", page.get_by_role("heading", level=1).inner_text())
    assert found
    return int(found.group().replace(",", ""))


def filters(page: Page) -> Any:
    return page.get_by_role("complementary", name="Filters")


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_from_words_to_a_citation_in_three_clicks(visit: Callable[..., Page], width: int) -> None:
    page = visit("/", width, permissions=["clipboard-read", "clipboard-write"], has_touch=True)
    press = "tap" if width == PHONE else "click"
    page.keyboard.type("cooperation")  # the box has the focus
    page.keyboard.press("Enter")
    getattr(filters(page).get_by_role("link", name="Xi Jinping").first, press)()
    page.wait_for_url("**speaker=**")
    assert page.locator(".hit .who").all_inner_texts() == ["Xi Jinping"] * len(hits(page))
    getattr(page.get_by_role("link", name=re.compile(WORDS)).first, press)()
    page.wait_for_url("**/quote/**")
    assert WORDS in page.locator("blockquote").first.inner_text()
    getattr(page.get_by_role("button", name=re.compile("^Copy")).first, press)()
    page.get_by_text("Copied", exact=True).first.wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    for part in (WORDS, "Xi", "2020", page.url.partition("?")[0]):
        assert part in copied


def test_every_citation_can_be_copied(visit: Callable[..., Page], facts: dict[str, Any]) -> None:
    page = visit(f"/quote/{facts['quote']}", permissions=["clipboard-read", "clipboard-write"])
    for way in ("APA", "Chicago", "BibTeX", "RIS", "CSL", "Wikipedia"):
        part = page.locator("details", has=page.locator("summary", has_text=way)).last
        if part.get_attribute("open") is None:
            part.locator("summary").click()
        shown = part.locator("pre").inner_text()
        part.get_by_role("button", name=re.compile("^Copy")).click()
        part.get_by_text("Copied", exact=True).wait_for()
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied.split() == shown.split() != []


def test_filters_combine_and_come_off_one_by_one(visit: Callable[..., Page]) -> None:
    page = visit("/search?q=cooperation")
    counts = [total(page)]
    for name in ("Xi Jinping", "Paraphrase"):
        filters(page).get_by_role("link", name=name).first.click()
        counts.append(total(page))
    assert counts == sorted(counts, reverse=True)
    assert counts[-1] < counts[0]
    chips = page.get_by_role("list", name="Filters in use").get_by_role("link")
    assert chips.count() == 3  # the third takes all off
    chips.first.click()
    assert "speaker=" not in page.url
    assert "kind=indirect" in page.url
    chips.first.click()
    assert chips.count() == 0
    assert total(page) == counts[0]


def test_a_range_of_days(visit: Callable[..., Page]) -> None:
    page = visit("/search?q=cooperation")
    page.get_by_label("From").fill("2020-03-27")
    page.get_by_label("To", exact=True).fill("2020-03-27")
    page.get_by_role("button", name="Apply").click()
    assert "from=2020-03-27" in page.url
    assert "q=cooperation" in page.url
    assert hits(page)
    assert set(page.locator(".hit time").all_inner_texts()) == {"27 March 2020"}


def test_words_searched_anew_keep_the_filters(visit: Callable[..., Page]) -> None:
    page = visit("/search?q=cooperation&speaker=xi-jinping")
    page.locator("#q").fill("relations")
    page.locator("#q").press("Enter")
    assert "speaker=xi-jinping" in page.url
    assert "q=relations" in page.url


def test_the_order_can_be_chosen(visit: Callable[..., Page]) -> None:
    page = visit("/search?q=said")
    order = page.get_by_role("navigation", name="Order")
    for name, newest in (("Newest", True), ("Oldest", False)):
        order.get_by_role("link", name=name).click()
        assert order.locator("[aria-current]").inner_text().startswith(name)
        days = page.locator(".hit time").evaluate_all("all => all.map((time) => time.dateTime)")
        assert days == sorted(days, reverse=newest)


@needs_many
def test_pages_of_hits_follow_one_another(visit: Callable[..., Page]) -> None:
    page = visit("/search")
    first = hits(page)
    pages = page.get_by_role("navigation", name="Pages")
    pages.get_by_role("link", name="Page 2", exact=True).click()
    second = hits(page)
    assert pages.locator("[aria-current=page]").inner_text().split()[-1] == "2"
    assert page.evaluate("scrollY") == 0
    assert not {*first} & {*second}
    pages.get_by_role("link", name="Page 1", exact=True).click()
    assert hits(page) == first


def test_did_you_mean(visit: Callable[..., Page]) -> None:
    page = visit("/search?q=coperation")
    assert not hits(page)
    page.locator("p", has_text="Did you mean").get_by_role("link").click()
    assert page.locator("#q").input_value() == "cooperation"
    assert hits(page)


def test_nothing_found_offers_to_take_filters_off(visit: Callable[..., Page]) -> None:
    page = visit("/search?q=cooperation&speaker=donald-trump&year=1999")
    assert not hits(page)
    page.locator("main").get_by_role("link", name="without any filter").click()
    assert hits(page)


def test_hits_by_speaker(visit: Callable[..., Page]) -> None:
    page = visit("/search?q=cooperation&group=speaker")
    headings = page.get_by_role("heading", level=2).all_inner_texts()
    assert any(text.startswith("Xi Jinping") for text in headings)


def test_the_matched_words_are_marked(visit: Callable[..., Page]) -> None:
    page = visit("/search?q=cooperate&speaker=xi-jinping")
    marked = {text.lower() for text in page.locator(".hit mark").all_inner_texts()}
    assert marked == {"cooperation"}


@pytest.mark.parametrize("path", ["/search?q=cooperation", "/quote/{quote}", "/article/{article}"])
def test_a_slash_goes_to_the_search_box(
    visit: Callable[..., Page], facts: dict[str, Any], path: str
) -> None:
    page = visit(path.format(**facts))
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "q"
    page.keyboard.type("/")  # once there, it is a slash
    assert page.locator("#q").input_value().endswith("/")


def test_with_the_keyboard_alone(visit: Callable[..., Page]) -> None:
    page = visit("/", permissions=["clipboard-read", "clipboard-write"])
    page.keyboard.type("cooperation critical juncture")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?**")
    _tab_to(page, WORDS)
    page.keyboard.press("Enter")
    page.wait_for_url("**/quote/**")
    _tab_to(page, "Copy")
    page.keyboard.press("Enter")
    page.get_by_text("Copied", exact=True).first.wait_for()
    assert WORDS in page.evaluate("navigator.clipboard.readText()")


def _tab_to(page: Page, text: str) -> None:
    for _ in range(150):
        page.keyboard.press("Tab")
        if text in page.evaluate("document.activeElement.textContent"):
            return
    raise AssertionError(f"Tab does not come to {text}")


def test_without_a_script(visit: Callable[..., Page]) -> None:
    page = visit("/", java_script_enabled=False)
    page.locator("#q").fill("cooperation")
    page.locator("#q").press("Enter")
    filters(page).get_by_role("link", name="Xi Jinping").first.click()
    page.get_by_role("link", name=re.compile(WORDS)).first.click()
    assert page.locator(".citation").first.is_visible()
    assert WORDS in page.locator(".citation").first.inner_text()
    assert page.get_by_role("button", name=re.compile("^Copy")).count() == 0
    page.get_by_role("link", name=re.compile("article", re.IGNORECASE)).first.click()
    assert "/article/" in page.url
    assert WORDS in page.locator("main").inner_text()


def test_a_quote_on_paper(visit: Callable[..., Page], facts: dict[str, Any]) -> None:
    page = visit(f"/quote/{facts['quote']}", dark=True)
    page.emulate_media(media="print")
    assert page.locator("blockquote").first.is_visible()
    for gone in ("header.top nav", "footer.bottom", "form", "button"):
        assert not any(part.is_visible() for part in page.locator(gone).all()), gone
    ground = "getComputedStyle(document.documentElement).backgroundColor"
    assert page.evaluate(ground) == "rgb(255, 255, 255)"
    for part in page.locator("main :is(p, h1, h2, blockquote, dd)").all():
        if part.is_visible():
            ink = part.evaluate("part => getComputedStyle(part).color")
            assert max(map(int, re.findall(r"\d+", ink)[:3])) < 128, part.inner_text()


def test_quotes_in_their_article(visit: Callable[..., Page], facts: dict[str, Any]) -> None:
    page = visit(f"/article/{facts['article']}")
    links = page.locator(f"main a[href*='/quote/{facts['quote']}']")
    links.first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/quote/{facts['quote']}*")
    assert WORDS in page.locator("blockquote").first.inner_text()


def test_from_speakers_to_what_one_said(visit: Callable[..., Page]) -> None:
    page = visit("/speakers")
    page.locator("main").get_by_role("link", name="Xi Jinping").first.click()
    assert page.get_by_role("heading", level=1).inner_text() == "Xi Jinping"
    assert page.locator("main").get_by_text("27 March 2020").first.is_visible()
