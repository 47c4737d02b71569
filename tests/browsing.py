"""A real Chromium on the page, for the tests.

Set VIDEOBERT_TEST_CHROMIUM where Chromium has another name.
"""

from __future__ import annotations

import os
import shutil
import time
from contextlib import contextmanager

import pytest

QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextmanager
def started():
    """Chromium; skips the test where it, or what drives it, is absent."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    names = [os.environ.get("VIDEOBERT_TEST_CHROMIUM", "chromium"), "chromium-browser"]
    chromium = next(filter(None, map(shutil.which, names)), None)
    if chromium is None:
        pytest.skip("Chromium is not installed")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=QUIET)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def faultless_page(browser, address, **settings):
    """A page at `address`; the test fails when a script on it does."""
    context = browser.new_context(base_url=address, **settings)
    page, failures = context.new_page(), []
    page.on("pageerror", lambda error: failures.append(str(error)))
    page.on("console", lambda said: failures.append(said.text) if "Policy" in said.text else None)
    page.set_default_timeout(20_000)
    try:
        yield page
    finally:
        context.close()
    assert failures == []


def until(page, condition):
    """Wait for `condition`; the page's own policy forbids wait_for_function's eval."""
    deadline = time.monotonic() + 20
    while not page.evaluate(condition):
        assert time.monotonic() < deadline, f"still not {condition}"
        page.wait_for_timeout(30)


def until_true(page, check):
    """Wait until `check()` says so."""
    deadline = time.monotonic() + 20
    while not check():
        assert time.monotonic() < deadline, "still not so"
        page.wait_for_timeout(30)


def titles(page):
    page.wait_for_selector(".card:not(.waiting)")
    return page.locator(".card-title").all_inner_texts()


def wait_until_plays_from(page, start, end):
    until(page, "video.videoWidth > 0 && !video.paused")
    until(page, f"video.currentTime > {start} + 0.3")
    assert start <= page.evaluate("video.currentTime") <= end
