"""An application is made from its configuration alone, and costs nothing until it is asked."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.fake_engine import small_library
from tests.web_desk import make_app
from webui import create_app
from webui.config import WebConfig

HEAVY = ("torch", "cv2", "onnxruntime", "faiss", "av", "numpy", "sqlalchemy")


@pytest.mark.parametrize("module", ["webui", "webui.factory", "webui.cli"])
def test_importing_loads_nothing_heavy(module):
    code = f"import {module}, sys; print([m for m in {HEAVY} if m in sys.modules])"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert loaded.stdout.strip() == "[]", loaded.stderr


def test_no_engine_is_asked_for_before_the_first_request(tmp_path):
    asked = []
    app = create_app(
        WebConfig(tmp_path, engines=lambda: asked.append(1) or small_library(tmp_path))
    )
    assert asked == []
    app.test_client().get("/api/v1/status")
    assert asked == [1]


def test_a_request_keeps_the_engine_that_it_got(tmp_path):
    """A generation published meanwhile answers the next request, not the rest of this one."""
    engine, asked = small_library(tmp_path), []
    app = create_app(WebConfig(tmp_path, engines=lambda: asked.append(1) or engine))
    client = app.test_client()
    client.get("/api/v1/search?q=sea")
    assert len(asked) == 1
    client.get("/api/v1/search?q=sea")
    assert len(asked) == 2


def test_applications_do_not_share_anything(tmp_path):
    one, other = small_library(tmp_path / "one"), small_library(tmp_path / "other")
    other.generation = 8
    answers = [make_app(e).test_client().get("/api/v1/status").json for e in (one, other)]
    assert [answer["generation"] for answer in answers] == [7, 8]
