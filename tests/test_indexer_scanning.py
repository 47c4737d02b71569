"""Scanning: each file is new, unchanged, still failed, missing, or in trouble; never two."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.scanning import Changes, is_root, scan
from indexer.store.records import FileRecord

STATES = st.dictionaries(
    st.sampled_from(["a.mp4", "b.mp4", "s/a.mp4", "s/t/c.mp4", "u/d.mp4"]),
    st.tuples(
        st.booleans(),  # is on disk
        st.sampled_from(["unknown", "same", "touched", "failed", "unreadable", "not encoded"]),
    ),
    min_size=1,
)


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("scratch")


def make(folder: Path, states: dict[str, tuple[bool, str]]) -> dict[str, FileRecord]:
    """Put the files on disk, and return what the catalog is to know of them."""
    known = {}
    for name, (on_disk, state) in states.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"xy")
        os.utime(path, (1000, 1000))
        stat = path.stat()
        if not on_disk:
            path.unlink()
        if state != "unknown":
            error = {"failed": "NotAVideo", "unreadable": "UnreadableFile"}.get(state)
            content = None if error else "there" if state != "not encoded" else "not there"
            mtime = stat.st_mtime_ns - (state == "touched")
            known[str(path)] = FileRecord(str(path), 2, mtime, content, error, error)
    return known


def sorted_in(changes: Changes) -> dict[str, str]:
    """Path to the list that it is in; a path in two lists fails."""
    lists = {
        "new": [str(file.path) for file in changes.new],
        "unchanged": changes.unchanged,
        "still failed": [record.path for record in changes.still_failed],
        "missing": [record.path for record in changes.missing],
        "trouble": [trouble.path for trouble in changes.troubles],
    }
    pairs = [(path, name) for name, paths in lists.items() for path in paths]
    assert len(pairs) == len(dict(pairs)), "a file was sorted in twice"
    return dict(pairs)


@settings(max_examples=80, deadline=None)
@given(states=STATES, retry=st.booleans(), nested=st.booleans())
def test_every_file_is_sorted_in_once(
    scratch: Path, states: dict[str, tuple[bool, str]], retry: bool, nested: bool
):
    folder = Path(os.path.realpath(scratch)) / os.urandom(8).hex()
    known = make(folder, {**states, "anchor.mp4": (True, "same")})
    roots = [folder, folder, *([folder / "s"] if nested and (folder / "s").exists() else [])]
    lost = len(roots) == 3 and not any(path.is_file() for path in (folder / "s").rglob("*"))
    lost = lost and any(path.startswith(str(folder / "s")) for path in known)
    found = sorted_in(scan(roots, known, {"there"}, retry_failed=retry))
    expected = {str(folder / "anchor.mp4"): "unchanged"}
    if lost:
        expected[str(folder / "s")] = "trouble"
    for name, (on_disk, state) in states.items():
        kept = lost and name.startswith("s/")
        if on_disk:
            again = "new" if retry else "still failed"
            verdict = {"same": "unchanged", "failed": again}.get(state, "new")
            expected[str(folder / name)] = verdict
        elif state != "unknown" and not kept:
            expected[str(folder / name)] = "missing"
    assert found == expected


def test_what_lies_elsewhere_is_left_alone(tmp_path: Path):
    known = make(tmp_path, {"a/x.mp4": (True, "same"), "ab/x.mp4": (False, "same")})
    assert sorted_in(scan([tmp_path / "a"], known, {"there"})) == {
        str(tmp_path / "a" / "x.mp4"): "unchanged"
    }


@pytest.mark.parametrize("name", ["x" * 300, "gone", "file.mp4/inside"])
def test_a_root_that_the_file_system_does_not_answer_for_is_lost_not_empty(
    tmp_path: Path, name: str
):
    """A name that is too long makes `stat` fail as a dead mount does: by an error."""
    (tmp_path / "file.mp4").touch()
    root = tmp_path / name
    record = FileRecord(str(root / "a.mp4"), 1, 1, "there", None, None)
    changes = scan([root], {record.path: record}, {"there"})
    assert sorted_in(changes) == {str(root): "trouble"}
    assert [trouble.code for trouble in changes.troubles] == ["RootMissing"]
    assert not is_root(root)


def test_a_root_whose_name_cannot_be_stored_is_in_trouble(tmp_path: Path):
    odd = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9"))
    odd.mkdir()
    (odd / "a.mp4").touch()
    changes = scan([odd], {}, set())
    assert [trouble.code for trouble in changes.troubles] == ["UnreadableFile"]
    assert changes.new == []
    assert is_root(tmp_path)
    assert not is_root(odd)
