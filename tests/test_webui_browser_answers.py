"""What the page does with an answer: thumbs, reasons, pages, files, and saying there is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.store.notes import Notes
from tests.browsing import faultless_page, titles, until, until_true
from tests.fake_engine import FakeEngine, small_library
from tests.scenes import GREEN, RED, Scene
from tests.web_desk import running, serving
from webui.config import WebConfig

pytestmark = pytest.mark.browser


def test_a_thumb_is_kept_and_asked_with_until_it_is_forgotten(browser, tmp_path):
    engine = small_library(tmp_path)
    with running(engine) as address, faultless_page(browser, address) as page:
        page.goto(f"{address}/?q=red+ball")
        page.click(".thumb-up >> nth=0")
        until_true(page, lambda: page.get_attribute(".thumb-up >> nth=0", "aria-pressed") == "true")
        assert [str(one) for one in engine.asked["relevant"]] == ["1@0-3"]
        with Notes(tmp_path) as notes:
            [kept] = notes.judgements.list("red ball")
            assert kept.relevant
        assert page.inner_text("#forget-thumbs") == "Forget 1 thumb"
        until(page, "document.activeElement.matches('.card:first-child .thumb-up')")
        page.click("#forget-thumbs")
        until_true(page, lambda: page.is_hidden("#forget-thumbs"))
        until(page, "document.activeElement.id === 'results'")
        assert engine.asked["relevant"] == ()


def test_without_words_there_is_nothing_to_keep_a_thumb_by(browser, tmp_path):
    with running(small_library(tmp_path)) as address, faultless_page(browser, address) as page:
        page.goto(f"{address}/?like=1@0.5")
        page.wait_for_selector(".card:not(.waiting)")
        assert page.is_hidden(".thumbs >> nth=0")


def test_filters_alone_find_videos(browser, colour_library, colour_engine):
    config = WebConfig(colour_library, engines=lambda: colour_engine)
    with serving(config) as address, faultless_page(browser, address) as page:
        page.goto("/?q=longer:2s")
        page.wait_for_selector(".card:not(.waiting)")
        assert page.inner_text("#results-note") == "4 videos, newest first"
        assert page.locator(".match-bar").count() == 0
        assert page.is_hidden(".thumbs >> nth=0")
        page.click(".card-open >> nth=0")
        page.wait_for_selector("#player[open]")
        assert page.is_hidden("#curve")
        assert page.is_hidden("#concepts")


def test_the_player_shows_where_and_what(browser, tmp_path):
    with running(small_library(tmp_path)) as address, faultless_page(browser, address) as page:
        page.goto(f"{address}/?q=red+ball")
        page.click(".card-open >> nth=0")
        until_true(page, lambda: page.locator("#concepts li").all_inner_texts() == ["a red ball"])
        assert page.get_attribute("#curve", "aria-label") == "Seen: red ball, most at 0:00"
        assert page.locator("#curve path.curve-area").count() == 1
        assert page.locator("#curve-key li").all_text_contents() == ["Seen"]
        assert page.get_attribute("#player-cut", "href") == "/api/v1/videos/1/cut?start=0&end=3"


def test_more_pages_come_below(browser, tmp_path):
    engine = FakeEngine(tmp_path)
    for number in range(30):
        engine.add(f"{number:02}.mp4", Scene("red", RED, 2))
    with running(engine) as address, faultless_page(browser, address) as page:
        page.goto(f"{address}/?q=red")
        page.wait_for_selector(".card:not(.waiting)")
        assert len(titles(page)) == 24
        page.click("#more")
        until_true(page, lambda: len(titles(page)) == 30)
        assert len(set(titles(page))) == 30
        assert page.is_hidden("#more")


def test_an_answer_says_that_nothing_matches(browser, tmp_path):
    engine = small_library(tmp_path)
    engine.no_match = True
    with running(engine) as address, faultless_page(browser, address) as page:
        page.goto(f"{address}/?q=red+ball")
        page.wait_for_selector(".card:not(.waiting)")
        assert page.inner_text("#results-note").startswith("No sure match.")


def test_what_is_less_sure_comes_below_a_line(browser, tmp_path):
    engine = FakeEngine(tmp_path, sure_from=0.5)
    engine.add("a.mp4", Scene("red ball", RED, 2), Scene("red", RED, 2))
    for number in range(24):
        engine.add(f"{number:02}.mp4", Scene("grass", GREEN, 1))
    with running(engine) as address, faultless_page(browser, address) as page:
        page.goto(f"{address}/?q=red+ball+grass")
        page.wait_for_selector(".less-sure")
        items = page.locator("#results > li").evaluate_all("all => all.map((one) => one.className)")
        assert items[:3] == ["card", "less-sure", "card"]
        page.click("#more")
        until_true(page, lambda: len(titles(page)) == 26)
        assert page.locator(".less-sure").count() == 1
        page.locator(".thumb-up >> nth=1").click()  # of the first card below the line
        until(
            page, "document.activeElement.closest('.card') === results.querySelectorAll('.card')[1]"
        )
        page.goto(f"{address}/?q=grass")
        page.wait_for_selector(".card:not(.waiting)")
        assert page.locator(".less-sure").count() == 0


def test_an_answer_can_be_kept_as_a_list(browser, tmp_path):
    with running(small_library(tmp_path)) as address, faultless_page(browser, address) as page:
        page.goto(f"{address}/?q=red+ball&tag=Beach")
        page.wait_for_selector(".card:not(.waiting)")
        with page.expect_download() as download:
            page.click("#save-list a[data-format=csv]")
        assert download.value.suggested_filename == "red ball.csv"
        assert "1@0-3" in Path(download.value.path()).read_text()


def test_words_are_added_to_a_moment_and_the_moment_taken_away(browser, tmp_path):
    engine = small_library(tmp_path)
    with running(engine) as address, faultless_page(browser, address) as page:
        page.goto(f"{address}/?like=1@0.5")
        page.fill("#query", "green grass")
        page.press("#query", "Enter")
        until_true(page, lambda: "like=1%400.5" in page.url and "q=green+grass" in page.url)
        page.click("#chips button >> nth=0")
        until_true(page, lambda: "like" not in page.url and "q=green+grass" in page.url)


def test_what_cannot_be_read_is_selected(browser, tmp_path):
    engine = small_library(tmp_path)
    engine.add("lawn.mp4", Scene("green lawn", GREEN, 2))
    with running(engine) as address, faultless_page(browser, address) as page:
        page.goto(address)
        page.fill("#query", "a dog longer:soon")
        page.press("#query", "Enter")
        until_true(page, lambda: "no duration" in page.inner_text("#notice"))
        chosen = "() => [query.selectionStart, query.selectionEnd]"
        assert page.evaluate(chosen) == [6, 17]
