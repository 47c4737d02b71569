"""The page in a real browser: from a question to the moment that plays."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.browsing import faultless_page, titles, until, wait_until_plays_from
from tests.fake_engine import FakeEngine, small_library
from tests.scenes import BLUE, GREEN, RED, Scene, write_snow, write_video
from tests.web_desk import running
from webui import files

pytestmark = pytest.mark.browser

HOSTILE = "<img src=x onerror=document.title='taken'>.mp4"


@pytest.fixture
def engine(tmp_path):
    engine = small_library(tmp_path)
    engine.add(HOSTILE, Scene("a red and hostile name", (150, 60, 90), 2))
    return engine


@pytest.fixture
def address(engine):
    with running(engine) as address:
        yield address


@pytest.fixture
def page(browser, address):
    with faultless_page(browser, address) as page:
        yield page


def ask(page, text):
    page.fill("#query", text)
    page.press("#query", "Enter")
    wait_for_title(page, text)


def wait_for_title(page, start):
    until(page, f"document.title.startsWith({start!r})")


def test_words_find_the_moment_and_it_plays_from_its_start(page):
    page.goto("/")
    assert titles(page)[1:] == ["sea", "ball"], "the newest are shown before anything is asked"
    ask(page, "green grass")
    assert page.url.endswith("/?q=green+grass")
    assert titles(page) == ["ball"]
    assert page.inner_text(".thumb-time") == "0:03\N{EN DASH}0:06"
    assert page.inner_text(".match-text") == "Best match"
    page.click(".card-open")
    assert page.inner_text("#player-moment") == "Moment 0:03\N{EN DASH}0:06 of 0:06"
    wait_until_plays_from(page, 3, 6.1)


def test_the_thumbnail_is_the_moment_itself(page):
    page.goto("/?q=green+grass")
    page.wait_for_selector(".card:not(.waiting) .thumb-tile")
    # tile 3 of a sheet with 10 columns and one row shows 4.5 s
    place = page.evaluate(
        "getComputedStyle(document.querySelector('.thumb-tile')).backgroundPosition"
    )
    assert place == "33.3333% 0%"


def test_a_dropped_clip_finds_moments_like_it(page, tmp_path):
    clip = write_video(tmp_path / "meadow.mp4", [Scene("", GREEN, 1)])
    page.goto("/")
    titles(page)
    carried = page.evaluate_handle(
        """bytes => {
            const carried = new DataTransfer();
            const file = new File([new Uint8Array(bytes)], "meadow.mp4", { type: "video/mp4" });
            carried.items.add(file);
            return carried;
        }""",
        list(clip.read_bytes()),
    )
    page.dispatch_event("body", "dragover", {"dataTransfer": carried})
    assert page.is_visible("#drop")
    page.dispatch_event("body", "drop", {"dataTransfer": carried})
    wait_for_title(page, "meadow.mp4")
    assert not page.is_visible("#drop")
    assert page.inner_text("#results-title") == "Like meadow.mp4"
    assert titles(page) == ["ball"]
    page.click(".card-open")
    wait_until_plays_from(page, 3, 6.1)


def test_a_file_that_is_no_video_is_explained(page, tmp_path):
    wrong = tmp_path / "letter.mp4"
    wrong.write_text("Dear Sir")
    page.goto("/")
    page.set_input_files("#file", wrong)
    page.wait_for_selector("#notice:not([hidden])")
    assert "letter.mp4" in page.inner_text("#notice-text")
    assert not page.is_visible("#notice-again"), "asking the same again would not help"


def test_a_busy_server_is_asked_once_more(page, tmp_path):
    """The first answer is Busy; the page asks again by itself."""
    refusals = ["Busy"]

    def answer(route):
        if not refusals:
            return route.continue_()
        error = {"code": refusals.pop(), "message": "Try again.", "status": 503}
        return route.fulfill(status=503, headers={"Retry-After": "1"}, json={"error": error})

    clip = write_video(tmp_path / "meadow.mp4", [Scene("", GREEN, 1)])
    page.route("**/api/v1/search/clip*", answer)
    page.goto("/")
    page.set_input_files("#file", clip)
    wait_for_title(page, "meadow.mp4")
    refusals += ["Busy"] * 2
    page.set_input_files("#file", clip)
    page.wait_for_selector("#notice:not([hidden])")
    assert page.inner_text("#notice-title") == "One moment, please"
    page.click("#notice-again")
    wait_for_title(page, "meadow.mp4")
    assert refusals == []


def test_back_returns_to_the_page_before(page):
    page.goto("/")
    ask(page, "sea")
    ask(page, "ball")
    page.click(".card-open")
    assert page.evaluate("player.open")
    page.go_back()
    until(page, "!player.open")
    page.go_back()
    wait_for_title(page, "sea")
    assert page.input_value("#query") == "sea"
    page.go_back()
    wait_for_title(page, "Videobert")
    assert page.input_value("#query") == ""


def test_a_link_to_a_moment_opens_it(page):
    page.goto("/?q=green+grass&at=1@3-6")
    page.wait_for_selector("#player[open]")
    until(page, "video.readyState >= 2 && video.currentTime >= 3")
    page.click("#player-again")  # browsers start nothing before someone touches the page
    wait_until_plays_from(page, 3, 6.1)
    page.keyboard.press("Escape")
    until(page, "!player.open")
    assert page.url.endswith("/?q=green+grass")


def test_similar_asks_with_the_moment(page, engine):
    engine.add("again.mp4", Scene("water", BLUE, 3))
    page.goto("/?q=sea")
    titles(page)
    page.click(".card-similar")
    wait_for_title(page, "sea.mp4")
    assert re.search(r"/\?like=2%402.00$", page.url)
    assert titles(page) == ["sea", "again"]


def test_it_works_without_a_mouse(page):
    page.goto("/?q=a+the+green")
    titles(page)
    page.locator("body").press("/")
    assert page.evaluate("document.activeElement.id") == "query"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    focused = "[...document.querySelectorAll('.card-open')].indexOf(document.activeElement)"
    assert page.evaluate(focused) == 1
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    page.wait_for_selector("#player[open]")
    first = page.inner_text("#player-moment")
    page.keyboard.press("n")
    until(page, f"document.getElementById('player-moment').innerText !== {first!r}")
    page.keyboard.press("Escape")
    until(page, "!player.open")
    page.keyboard.press("ArrowUp")


def test_names_of_files_are_only_text(page):
    page.goto("/?q=hostile")
    assert titles(page) == [HOSTILE.removesuffix(".mp4")]
    page.click(".card-open")
    page.wait_for_selector("#player[open]")
    assert page.inner_text("#player-title") == HOSTILE.removesuffix(".mp4")
    assert page.locator("img[src=x]").count() == 0
    assert page.title() == "hostile · Videobert"


def test_a_film_that_comes_in_many_parts_plays_to_its_end(page, engine, monkeypatch):
    """Each answer is shorter than what the player asked for; it has to ask again."""
    record = engine.add("snow.mp4", Scene("snow", RED, 4))
    write_snow(Path(record.path), seconds=4)
    monkeypatch.setattr(files, "LARGEST_PART_BYTES", 40_000)
    assert Path(record.path).stat().st_size > 10 * files.LARGEST_PART_BYTES
    page.goto("/?q=snow")
    titles(page)
    page.click(".card-open")
    wait_until_plays_from(page, 0, 4)
    until(page, "video.ended")
    assert page.evaluate("video.error") is None


def test_a_codec_that_the_browser_lacks_is_shown_as_a_preview(page, engine, tmp_path):
    record = engine.add("old.avi", Scene("an old film", RED, 5))
    (tmp_path / "old.avi").write_bytes(b"RIFF, but nothing that a browser plays")
    page.goto("/?q=old+film")
    titles(page)
    page.click(".card-open")
    until(page, "video.currentSrc.includes('/preview.mp4')")
    wait_until_plays_from(page, 0, 5.1)
    assert page.evaluate("video.currentSrc").endswith(
        f"/media/{record.id}/preview.mp4?start=0&end=5"
    )
    assert not page.is_visible("#player-message")


def test_a_file_that_is_gone_is_named(page, engine, tmp_path):
    page.goto("/?q=sea")
    titles(page)
    (tmp_path / "sea.mp4").unlink()
    page.click(".card-open")
    until(page, "document.getElementById('player-message').innerText.includes('no longer there')")
    assert str(tmp_path / "sea.mp4") in page.inner_text("#player-message")


def test_nothing_found(page):
    page.goto("/?q=elephant")
    page.wait_for_selector("#notice:not([hidden])")
    assert page.inner_text("#notice-title") == "No moment found"
    assert "No moment found" in page.inner_text("#announce")


def test_an_empty_library_says_how_to_fill_it(browser, tmp_path):
    with (
        running(FakeEngine(tmp_path)) as address,
        browser.new_context(base_url=address) as context,
    ):
        page = context.new_page()
        for start in ("/", "/?q=sea"):
            page.goto(start)
            page.wait_for_selector("#notice:not([hidden])")
            assert page.inner_text("#notice-title") == "No videos yet"
            assert "videobert index" in page.inner_text("#notice-command")


@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_sticks_out(page, width):
    page.set_viewport_size({"width": width, "height": 800})
    for address in ("/", "/?q=a+the+green", "/?q=hostile&at=3@0-2"):
        page.goto(address)
        titles(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
