"""Moving the edges of a moment to where the player is."""

from __future__ import annotations

import pytest

from tests.browsing import faultless_page, until, until_true
from tests.fake_engine import FakeEngine
from tests.scenes import GREEN, RED, Scene
from tests.web_desk import running

pytestmark = pytest.mark.browser


@pytest.fixture
def page(browser, tmp_path):
    """The player over the second of three moments of one video: green, from 4 s to 8 s."""
    engine = FakeEngine(tmp_path)
    engine.add("a.mp4", Scene("red", RED, 4), Scene("green", GREEN, 4), Scene("red", RED, 4))
    with running(engine) as address, faultless_page(browser, address) as page:
        page.goto("/?q=green&at=1@4-8")
        page.wait_for_selector("#player[open]")
        until(page, "video.readyState > 0")
        yield page


def moment(page) -> str:
    return page.inner_text("#player-moment")


def move_to(page, seconds: float) -> None:
    page.evaluate("seconds => { video.pause(); video.currentTime = seconds; }", seconds)
    until(page, "!video.seeking")


def test_both_edges_move_and_the_link_and_the_file_with_them(page):
    assert moment(page) == "Moment 0:04–0:08 of 0:12"
    move_to(page, 5)
    page.click("#player-begin")
    move_to(page, 6.5)
    page.click("#player-end")
    assert moment(page) == "Moment 0:05–0:07 of 0:12"
    assert page.url.endswith("at=1%405-6.5")
    assert page.get_attribute("#player-cut", "href").endswith("/cut?start=5&end=6.5")
    assert page.inner_text("#player-announce") == moment(page)
    page.reload()
    page.wait_for_selector("#player[open]")
    until_true(page, lambda: moment(page) == "Moment 0:05–0:07 of 0:12")


def test_keys_do_the_same_and_playing_starts_anew_at_the_edge(page):
    move_to(page, 6)
    page.keyboard.press("[")
    assert moment(page) == "Moment 0:06–0:08 of 0:12"
    move_to(page, 11)
    page.click("#player-again")
    until(page, "video.currentTime >= 6 && video.currentTime < 9")


def test_an_edge_that_passes_the_other_takes_it_along(page):
    move_to(page, 9)
    page.keyboard.press("[")
    assert moment(page) == "Moment 0:09–0:12 of 0:12"
    move_to(page, 2)
    page.keyboard.press("]")
    assert moment(page) == "Moment 0:00–0:02 of 0:12"


def test_where_nothing_would_be_left_the_moment_stays(page):
    move_to(page, 0)
    page.keyboard.press("]")
    assert moment(page) == "Moment 0:04–0:08 of 0:12"


def test_a_moment_that_was_moved_is_still_among_the_results(page):
    """Its neighbours are those of the result that it was made of."""
    before = page.is_disabled("#player-next"), page.is_disabled("#player-previous")
    move_to(page, 5)
    page.keyboard.press("[")
    assert (page.is_disabled("#player-next"), page.is_disabled("#player-previous")) == before
    page.click("#player-close")
    assert page.locator(".card").count() >= 1
