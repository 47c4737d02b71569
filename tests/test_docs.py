"""What the documents promise is there."""

from __future__ import annotations

import re
from configparser import ConfigParser
from pathlib import Path

import pytest

import videobert
from tests.conftest import REPOSITORY

DOCUMENTS = [REPOSITORY / "README.md", *sorted((REPOSITORY / "docs").glob("*.md"))]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_commands_in_documents_exist(document: Path):
    named = set(re.findall(r"videobert (?!-)([a-z]+)", "\n".join(_code(document))))
    assert named <= set(videobert.COMMANDS)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_and_pictures_lead_somewhere(document: Path):
    links = re.findall(r"\]\(([^)#]+)", document.read_text("utf-8"))
    links += re.findall(r'src="([^"]+)"', document.read_text("utf-8"))
    local = [link for link in links if "://" not in link]
    assert [link for link in local if not (document.parent / link).exists()] == []


def test_the_readme_names_every_command():
    readme = (REPOSITORY / "README.md").read_text("utf-8")
    assert [name for name in videobert.COMMANDS if f"videobert {name}" not in readme] == []


def test_every_package_is_listed_and_ships_no_tests():
    """Packages are named one by one: what is not listed would be missing once installed."""
    setup = ConfigParser()
    setup.read(REPOSITORY / "setup.cfg")
    listed = set(setup["options"]["packages"].split())
    found = {
        ".".join(path.parent.relative_to(REPOSITORY).parts)
        for top in ("model", "indexer", "search", "webui")
        for path in (REPOSITORY / top).rglob("__init__.py")
    }
    assert listed == found


def _code(document: Path) -> list[str]:
    """Inline code, fenced and indented blocks."""
    text = document.read_text("utf-8")
    indented = re.findall(r"^    .*$", text, re.M)
    return indented + re.findall(r"`([^`\n]+)`", text) + re.findall(r"```.*?```", text, re.S)
