"""The Python in docs/python.md runs as it stands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY, ColourEncoder
from tests.played import Shown
from tests.web_desk import serving
from webui.config import WebConfig

BLOCKS = re.findall(
    r"^```python\n(.*?)^```", (REPOSITORY / "docs/python.md").read_text("utf-8"), re.S | re.M
)


def test_the_engine_and_the_client_take_four_lines():
    lines = [[line for line in block.splitlines() if line] for block in BLOCKS[:2]]
    assert [len(block) for block in lines] == [4, 4]


def test_every_line_runs(
    colour_library: Path,
    colour_engine,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
):
    home = Path.home() / ".local/share"
    home.mkdir(parents=True)
    (home / "videobert").symlink_to(colour_library)
    monkeypatch.setattr("model.registry.load_encoder", lambda folder: ColourEncoder())
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    with serving(WebConfig(colour_library, engines=lambda: colour_engine)) as address:
        for block in BLOCKS:
            exec(block.replace("http://127.0.0.1:8000", address), names)
    first, second = capsys.readouterr().out.splitlines()
    assert "red.mp4" in first
    assert "red.mp4" in second
    assert (tmp_path / "dogs.csv").read_bytes().startswith(b"rank,id,video,")
    assert (tmp_path / "dogs.m3u8").read_bytes().startswith(b"#EXTM3U\n")
    assert Shown(tmp_path / "dog.mp4").numbers
