"""The page is whole by itself: nothing from elsewhere, nothing inline, usable without a mouse."""

from __future__ import annotations

import re

import pytest

from indexer.errors import LibraryNotFound
from tests.fake_engine import FakeEngine
from tests.web_desk import make_app
from webui import create_app
from webui.config import WebConfig


@pytest.fixture
def page(client):
    return client.get("/").text


def test_it_says_how_big_the_library_is(page):
    assert "2 videos" in page
    assert "3 moments" in page


@pytest.mark.parametrize("address", ["/", "/nothing"])
def test_nothing_is_inline_and_nothing_comes_from_elsewhere(client, address):
    page = client.get(address, headers={"Accept": "text/html"}).text
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", page)
    assert not re.search(r"<script(?![^>]*\ssrc=)", page)
    assert re.findall(r'(?:src|href|action)="(?!/|#)[^"]*"', page) == []


def test_everything_that_it_needs_is_there(client, page):
    for address in re.findall(r'(?:src|href)="(/static/[^"]+)"', page):
        assert client.get(address).status_code == 200, address


def test_modules_import_only_what_is_there_and_nothing_from_elsewhere(client):
    waiting, seen = ["app.js"], set()
    while waiting:
        name = waiting.pop()
        seen.add(name)
        answer = client.get(f"/static/{name}")
        assert (answer.status_code, answer.mimetype) == (200, "text/javascript"), name
        assert "://" not in answer.text, name
        waiting += set(re.findall(r'from "\./([a-z]+\.js)"', answer.text)) - seen
    assert len(seen) > 5


def test_every_control_has_a_name(page):
    for control in re.findall(r"<(?:input|button|dialog)\b[^>]*>", page):
        identity = re.search(r'id="([\w-]+)"', control)
        labelled = identity and f'for="{identity[1]}"' in page
        spoken = "aria-label" in control or "title=" in control
        text = re.search(re.escape(control) + r"\s*[^<\s]", page)
        assert labelled or spoken or text or "card-open" in control, control


def test_an_empty_library_is_no_failure(tmp_path):
    assert make_app(FakeEngine(tmp_path)).test_client().get("/").status_code == 200


def test_without_a_library_it_says_what_is_missing(tmp_path):
    def engines():
        raise LibraryNotFound("There is no library in /films & more.")

    answer = create_app(WebConfig(tmp_path, engines=engines)).test_client().get("/")
    assert answer.status_code == 200
    assert "There is no library in /films &amp; more." in answer.text
