"""What is said, filters and copies in a real browser."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from search.evidence import Match
from search.live import EngineHolder
from search.results import Copy, SearchResult
from tests.browsing import faultless_page, titles, until, wait_until_plays_from
from tests.colours import index_folder, write_colours
from tests.conftest import ColourEncoder
from tests.fake_engine import FakeEngine, small_library
from tests.scenes import GREEN, RED, Scene
from tests.web_desk import running, serving
from webui.config import WebConfig

TITLE = "How to <i>paint</i>"

pytestmark = pytest.mark.browser

SAID = """1
00:00:00,500 --> 00:00:02,000
The wall was as bright as anything that I had ever seen before I opened the tin of paint.

2
00:00:05,000 --> 00:00:06,000
<b>Nobody</b> knows why.

3
00:00:09,500 --> 00:00:11,500
At last it is dry.
"""
TOLD = {
    "title": TITLE,
    "description": "First red, then green.",
    "tags": ["diy", "Walls & doors"],
    "upload_date": "20240531",
    "webpage_url": "https://www.example.org/paint",
}


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """`paint` has six shots of 2 s and all that can be known; of `silent` nothing is known."""
    films = tmp_path_factory.mktemp("films", numbered=False)
    write_colours(films / "silent.mp4", "blue", seconds=1)
    colours = ["red", "green", "blue"] * 2
    write_colours(films / "paint.mp4", *colours, seconds=2)
    (films / "paint.en.srt").write_text(SAID, "utf-8")
    (films / "paint.de.srt").write_text(SAID.replace("dry", "trocken"), "utf-8")
    (films / "paint.info.json").write_text(json.dumps(TOLD), "utf-8")
    library = tmp_path_factory.mktemp("library")
    index_folder(library, films, ColourEncoder())
    with serving(WebConfig(library, engines=EngineHolder(library, ColourEncoder()))) as address:
        yield address


@pytest.fixture
def page(browser, address):
    with faultless_page(browser, address) as page:
        yield page


def open_first(page, query):
    page.goto(f"/?q=%22{query}%22&channels=speech")
    titles(page)
    page.click(".card-open")
    page.wait_for_selector("#about:not([hidden])")


def current(page, kind):
    """Text of what is marked as current."""
    return page.locator(f"{kind}[aria-current]").all_inner_texts()


def test_a_card_says_which_words_matched(page):
    page.goto("/?q=paint+tin&channels=speech")
    assert set(titles(page)) == {TITLE}
    words = page.inner_text(".card-words")
    assert words.startswith("SAID"), words
    assert "…" in words, "the beginning is left out, so that what matched is seen"
    first = page.locator(".card").first
    assert first.locator("mark").all_inner_texts() == ["tin", "paint"]
    seen = page.evaluate(
        """() => {
            const line = document.querySelector(".card-words").getBoundingClientRect();
            const marks = [...document.querySelectorAll(".card:first-child mark")];
            return marks.every(mark => mark.getBoundingClientRect().bottom <= line.bottom + 1);
        }"""
    )
    assert seen
    assert page.inner_text(".match-shares") == "Said 100 %"
    assert page.get_attribute(".match", "title").endswith("Said 100 %")
    assert first.locator(".match-bar i").count() == 1
    assert first.locator(".match-bar .share-speech").count() == 1


def test_words_of_the_player_lead_to_where_they_are_said(page):
    open_first(page, "nobody")
    assert "<b>" not in page.inner_text("#player-words")
    page.click("#player-words button >> text=Nobody")
    until(page, "video.currentTime >= 5")
    wait_until_plays_from(page, 5, 8)


def test_the_storyboard_shows_each_shot_and_leads_to_it(page):
    open_first(page, "dry")
    shots = page.locator(".shot")
    assert shots.all_inner_texts() == ["0:00", "0:02", "0:04", "0:06", "0:08", "0:10"]
    until(page, "document.querySelectorAll('.shot[aria-current]').length === 1")
    shots.nth(1).click()
    wait_until_plays_from(page, 2, 6)
    until(page, "document.querySelectorAll('.shot')[1].hasAttribute('aria-current')")
    shots.nth(1).press("ArrowRight")
    page.keyboard.press("Enter")
    wait_until_plays_from(page, 4, 8)


def test_the_transcript_is_folded_and_follows_the_film(page):
    open_first(page, "dry")
    assert page.inner_text("#transcript-source") == "paint.en.srt, paint.de.srt"
    assert not page.is_visible("#cues")
    page.keyboard.press("t")
    page.wait_for_selector(".cue")
    assert page.locator(".cue").count() == 3
    until(page, "document.querySelectorAll('.cue')[2].hasAttribute('aria-current')")
    page.locator(".cue").nth(1).click()
    wait_until_plays_from(page, 5, 9)
    until(page, "document.querySelectorAll('.cue')[1].hasAttribute('aria-current')")
    assert current(page, ".cue") == ["0:05\nNobody knows why."]


def test_the_transcript_comes_in_each_language_and_as_a_file(page):
    open_first(page, "dry")
    page.click("#transcript summary")
    page.select_option("#transcript-language", label="German")
    until(page, "document.getElementById('cues').innerText.includes('trocken')")
    with page.expect_download() as download:
        page.click("#transcript-srt")
    assert download.value.suggested_filename == "paint.srt"
    assert "trocken" in download.value.path().read_text()


def test_details_are_shown_as_text(page):
    open_first(page, "dry")
    assert page.inner_text("#player-title") == TOLD["title"]
    facts = page.locator("#about-facts li").all_inner_texts()
    assert facts[0].startswith("May 31, 2024")
    source = page.locator("#about-facts a")
    assert source.get_attribute("href") == TOLD["webpage_url"]
    assert "noopener" in source.get_attribute("rel")
    assert page.inner_text("#about-text") == TOLD["description"]


def test_a_silent_video_has_no_transcript(page):
    page.goto("/")
    titles(page)
    page.click("[aria-label^='Play silent']")
    page.wait_for_selector("#about:not([hidden])")
    for part in ("#transcript", "#storyboard", "#about-tags", "#about-text", "#player-copies"):
        assert not page.is_visible(part)


def test_a_tag_leads_to_the_videos_that_have_it(page):
    page.goto("/")
    titles(page)
    page.click("[aria-label^='Play paint']")
    page.click("#about-tags a >> text=walls")
    until(page, "!player.open")
    until(page, "document.querySelectorAll('.card:not(.waiting)').length === 1")
    assert page.url.endswith("/?tag=walls+%26+doors")
    assert titles(page) == ["paint"]
    assert page.locator(".chip").all_inner_texts() == ["Tag walls & doors"]


def test_filters_live_in_the_address_and_can_be_taken_away(page):
    page.goto("/?q=blue")
    assert set(titles(page)) == {TITLE, "silent"}
    page.click("#filters-open")
    page.fill("#filter-tag", "diy, walls & doors")
    page.fill("#filter-longer", "2s")
    page.check(".toggle [value=picture]")
    page.click("#filters [type=submit]")
    until(page, "document.querySelectorAll('.chip').length === 5")
    assert set(titles(page)) == {TITLE}
    assert not page.is_visible("#filters")
    assert "tag=diy&tag=walls+%26+doors&longer=2s&channels=picture" in page.url
    page.click(".chip >> text=walls")
    until(page, "document.querySelectorAll('.chip').length === 4")
    page.go_back()
    until(page, "document.querySelectorAll('.chip').length === 5")
    page.reload()
    assert set(titles(page)) == {TITLE}
    assert page.input_value("#filter-tag") == "diy, walls & doors"
    page.click(".chip-clear")
    until(page, "document.querySelectorAll('.card:not(.waiting)').length > 1")
    assert page.url.endswith("/?q=blue")


def test_a_wrong_filter_is_explained_by_its_field(page):
    page.goto("/?q=blue&shorter=5s")
    page.click("#filters-open")
    page.fill("#filter-after", "soon")
    page.press("#filter-after", "Enter")
    page.wait_for_selector("#filter-after-problem:not([hidden])")
    assert "no date" in page.inner_text("#filter-after-problem")
    assert page.evaluate("document.activeElement.id") == "filter-after"
    assert page.get_attribute("#filter-after", "aria-invalid") == "true"
    page.fill("#filter-after", "2001")
    page.press("#filter-after", "Enter")
    until(page, "document.querySelectorAll('.card:not(.waiting)').length > 0")
    assert page.get_attribute("#filter-after", "aria-invalid") is None


def test_what_was_typed_in_the_panel_counts_for_the_next_search(page):
    page.goto("/")
    page.click("#filters-open")
    page.fill("#filter-shorter", "5s")
    page.keyboard.press("Escape")
    assert page.input_value("#filter-shorter") == "", "Escape takes it back"
    page.click("#filters-open")
    page.fill("#filter-shorter", "5s")
    page.fill("#query", "blue")
    page.press("#query", "Enter")
    until(page, "document.title.startsWith('blue')")
    assert page.url.endswith("/?q=blue&shorter=5s")
    assert titles(page) == ["silent"]


def test_nothing_fits_all_filters(page):
    page.goto("/?tag=nobody")
    page.wait_for_selector("#notice:not([hidden])")
    assert page.inner_text("#notice-title") == "No video found"
    assert "filters" in page.inner_text("#notice-text")


@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_sticks_out(browser, address, width):
    many = "tag=diy&in=films&longer=1s&after=1990&channels=speech,picture"
    with faultless_page(browser, address, viewport={"width": width, "height": 800}) as page:
        page.goto(f"/?q=dry&{many}")
        titles(page)
        page.click("#filters-open")
        left, right = page.evaluate(
            "(({left, right}) => [left, right])(filters.getBoundingClientRect())"
        )
        assert 0 <= left < right <= width
        page.keyboard.press("Escape")
        page.click(".card-open")
        page.wait_for_selector(".shot")
        page.click("#transcript summary")
        page.wait_for_selector(".cue")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate("player.scrollWidth <= player.clientWidth")


class Copied(FakeEngine):
    """Its first answer is in a copy, too, and in writing."""

    def search(self, *arguments, **options) -> SearchResult:
        result = super().search(*arguments, **options)
        first, *others = result.moments
        match = Match("screen", "\N{GRINNING FACE} RED ball", ((2, 5),), 0.5, 1.0)
        copy = Copy(2, self.records[1].path, 1.0, 4.0)
        first = replace(first, copies=(copy,), matches=(match,), channels={"screen": first.score})
        return replace(result, moments=(first, *others))


def test_copies_are_counted_on_the_card_and_listed_in_the_player(browser, tmp_path):
    small = small_library(tmp_path)
    engine = Copied(tmp_path, records=small.records, scenes=small.scenes)
    with running(engine) as address, faultless_page(browser, address) as page:
        page.goto("/?q=ball")
        titles(page)
        assert page.inner_text(".card-copies") == "1 copy"
        assert engine.records[1].path in page.get_attribute(".card-copies", "title")
        assert page.inner_text(".card-words mark") == "RED", "places are in code points"
        page.click(".card-open")
        page.click("#player-copies button")
        until(page, "document.getElementById('player-title').innerText === 'sea'")
        assert page.url.endswith("at=2%401-4")
        wait_until_plays_from(page, 1, 4.1)
        assert page.locator("#player-copies button").all_inner_texts() == [
            "ball.mp4, 0:00\N{EN DASH}0:03"
        ]
        page.go_back()
        until(page, "!player.open")


def test_a_preview_gives_way_to_another_where_it_ends(browser, tmp_path):
    engine = FakeEngine(tmp_path)
    engine.add("old.avi", Scene("an old film", RED, 3), Scene("its end", GREEN, 3))
    (tmp_path / "old.avi").write_bytes(b"RIFF, but nothing that a browser plays")
    with running(engine) as address, faultless_page(browser, address) as page:
        page.goto("/?q=old+film")
        titles(page)
        page.click(".card-open")
        until(page, "video.currentSrc.endsWith('start=0&end=3')")
        page.click(".shot:last-child")
        until(page, "video.currentSrc.endsWith('start=4.5&end=6')")
        wait_until_plays_from(page, 0, 1.6)
        assert page.inner_text("#player-moment") == "Moment 0:04\N{EN DASH}0:06 of 0:06"
        assert current(page, ".shot") == ["0:04"]
