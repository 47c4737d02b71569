"""What people find again: after "back" and a reload, after a mistake, and in a file."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.browsing import faultless_page, titles, until, until_true
from tests.fake_engine import FakeEngine, small_library
from tests.scenes import GREEN, RED, Scene, write_video
from tests.web_desk import running

pytestmark = pytest.mark.browser


@pytest.fixture
def many(browser, tmp_path):
    """A page over thirty videos of red."""
    engine = FakeEngine(tmp_path)
    for number in range(30):
        engine.add(f"{number:02}.mp4", Scene("red", RED, 2))
    with running(engine) as address, faultless_page(browser, address) as page:
        yield page


@pytest.fixture
def page(browser, tmp_path):
    with (
        running(small_library(tmp_path)) as address,
        faultless_page(browser, address) as page,
    ):
        yield page


def test_pages_that_were_shown_come_back(many):
    many.goto("/?q=red")
    assert len(titles(many)) == 24
    many.click("#more")
    until_true(many, lambda: len(titles(many)) == 30)
    many.locator(".card-similar >> nth=27").scroll_into_view_if_needed()
    scrolled = many.evaluate("scrollY")
    assert scrolled > 300
    many.evaluate("document.querySelectorAll('.card-similar')[27].click()")
    until_true(many, lambda: many.inner_text("#results-title").startswith("Like"))
    assert many.evaluate("scrollY") == 0
    many.go_back()
    until_true(many, lambda: many.inner_text("#results-title") == "“red”")
    until_true(many, lambda: len(titles(many)) == 30)
    until(many, f"Math.abs(scrollY - {scrolled}) < 5")
    many.reload()
    until_true(many, lambda: len(titles(many)) == 30)
    until(many, f"Math.abs(scrollY - {scrolled}) < 5")


SHIFTS = """
    window.shifts = [];
    new PerformanceObserver((list) => shifts.push(...list.getEntries().map(({ value }) => value)))
        .observe({ type: "layout-shift", buffered: true });
"""


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("address", ["/", "/?q=sea", "/?like=1@0.5"])
def test_nothing_jumps_while_it_loads(page, address, width):
    page.set_viewport_size({"width": width, "height": 844})
    page.add_init_script(SHIFTS)
    page.goto(address)
    titles(page)
    page.wait_for_timeout(100)
    assert page.evaluate("shifts.reduce((sum, value) => sum + value, 0)") < 0.1  # web.dev: good


def test_a_page_comes_once_however_often_it_is_asked_for(many):
    many.goto("/?q=red")
    titles(many)
    many.evaluate("more.click(), more.click()")
    until_true(many, lambda: len(titles(many)) > 24)
    many.wait_for_timeout(200)
    assert len(set(titles(many))) == len(titles(many)) == 30


def test_a_clip_that_is_gone_with_a_reload_is_missed(page, tmp_path):
    page.goto("/")
    titles(page)
    page.set_input_files("#file", write_video(tmp_path / "lawn.mp4", [Scene("", GREEN, 1)]))
    until_true(page, lambda: page.inner_text("#results-title") == "Like lawn.mp4")
    page.fill("#query", "red ball")
    page.press("#query", "Enter")
    until_true(page, lambda: page.inner_text("#results-title") == "“red ball”, like lawn.mp4")
    assert "gone" not in page.inner_text("#results-note")
    page.reload()
    until_true(page, lambda: page.inner_text("#results-title") == "“red ball”")
    assert "gone" in page.inner_text("#results-note")


def test_what_is_like_a_moment_is_said_by_its_name(page):
    page.goto("/?q=sea")
    titles(page)
    page.click(".card-similar")
    until_true(page, lambda: page.inner_text("#chips").startswith("Like sea at 0:02"))
    page.fill("#query", "red ball")
    page.press("#query", "Enter")
    until_true(page, lambda: page.inner_text("#results-title") == "“red ball”, like sea at 0:02")


def test_a_moment_that_is_not_there_is_said(page):
    page.goto("/?q=sea&at=2@100-103")
    until_true(page, lambda: "ends before 1:40" in page.inner_text("#results-note"))
    assert not page.evaluate("player.open")


def test_the_wrong_part_of_a_question_is_marked(page):
    page.goto("/?q=%F0%9F%90%95+dog+longer:soon")
    page.wait_for_selector("#notice:not([hidden])")
    assert page.inner_text("#notice-asked mark") == "longer:soon"
    selected = "query.value.slice(query.selectionStart, query.selectionEnd)"
    assert page.evaluate(selected) == "longer:soon"  # though a dog's face is two units long
    assert page.get_attribute("#query", "aria-invalid") == "true"
    page.fill("#query", "sea")
    page.press("#query", "Enter")
    assert titles(page) == ["sea"]
    assert page.get_attribute("#query", "aria-invalid") == "false"
    assert page.is_hidden("#notice-asked")


@pytest.mark.parametrize(
    ("question", "remedy"),
    [
        ("elephant", "Try other words"),
        ("elephant&by_video=1", "Try other words"),
        ("elephant+longer:2h", "Take one away"),
        ("elephant&longer=2h", "Take one away"),
        ("elephant+then+mouse", "one after the other"),
    ],
)
def test_no_answer_says_what_to_change(page, question, remedy):
    page.goto(f"/?q={question}")
    page.wait_for_selector("#notice:not([hidden])")
    assert remedy in page.inner_text("#notice-text")


def test_examples_show_how_to_ask(page):
    page.goto("/")
    titles(page)
    page.fill("#query", "sea")
    page.press("#query", "Tab")
    page.click("#asking-open")
    page.get_by_role("button", name="-beach").click()
    assert page.input_value("#query") == "sea -beach"
    assert page.evaluate("document.activeElement.id") == "query"
    assert page.is_hidden("#asking")


def test_all_examples_can_be_read(page):
    from search.language import parse_question

    page.goto("/")
    titles(page)
    examples = page.locator(".example").all_text_contents()
    assert len(examples) > 10
    for example in examples:
        assert parse_question(f"anything {example}").steps


def test_a_clip_is_saved_or_it_is_said_why_not(page, tmp_path):
    page.goto("/?q=sea")
    titles(page)
    page.click(".card-open")
    page.wait_for_selector("#player[open]")
    with page.expect_download() as saved:
        page.click("#player-cut")
    assert re.fullmatch(r"sea 0\.00-4\.00\.mp4", saved.value.suggested_filename)
    assert Path(saved.value.path()).stat().st_size > 1000
    until_true(page, lambda: page.inner_text("#player-announce") == "The clip is saved")
    assert page.inner_text("#player-cut") == "Save clip"
    (tmp_path / "sea.mp4").unlink()
    page.click("#player-cut")
    until_true(page, lambda: "no longer there" in page.inner_text("#player-problem"))
    assert page.inner_text("#player-cut") == "Save clip"
