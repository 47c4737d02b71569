"""What a file is known by, and files that are written whole or not at all."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.errors import EmptyFile, UnreadableFile
from indexer.hashing import content_hash
from indexer.store.atomic import write_atomically


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("scratch")


@settings(max_examples=50, deadline=None)
@given(content=st.binary(min_size=1, max_size=300), times=st.sampled_from([1, 3000]))
def test_a_hash_is_of_the_bytes_alone(scratch: Path, content: bytes, times: int):
    (scratch / "a.mp4").write_bytes(content * times)
    assert content_hash(scratch / "a.mp4") == hashlib.sha256(content * times).hexdigest()


def test_an_empty_file_has_no_hash(tmp_path: Path):
    (tmp_path / "a.mp4").touch()
    with pytest.raises(EmptyFile, match=r"a\.mp4: the file is empty"):
        content_hash(tmp_path / "a.mp4")


@pytest.mark.parametrize("kind", ["gone", "folder", "pipe", "device"])
def test_what_cannot_be_read_to_an_end_is_named(tmp_path: Path, kind: str):
    path = tmp_path / "a.mp4"
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "device":
        path.symlink_to("/dev/zero")
    with pytest.raises(UnreadableFile) as caught:
        content_hash(path)
    assert caught.value.path == str(path)


def test_a_file_is_replaced_whole_and_its_folders_are_made(tmp_path: Path):
    path = tmp_path / "a" / "b" / "file"
    write_atomically(path, b"one")
    before = path.stat().st_ino
    with path.open("rb") as reader:
        write_atomically(path, b"another")
        assert reader.read() == b"one"
    assert path.read_bytes() == b"another"
    assert path.stat().st_ino != before
    assert list(path.parent.iterdir()) == [path]


def test_what_a_killed_run_left_is_overwritten(tmp_path: Path):
    (tmp_path / ".file.tmp").write_bytes(b"half a")
    write_atomically(tmp_path / "file", b"whole")
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == {"file": b"whole"}


def test_a_write_that_fails_leaves_the_old_file_and_nothing_beside_it(tmp_path: Path):
    (tmp_path / "file").mkdir()  # cannot be replaced by a file
    (tmp_path / "file" / "inside").touch()
    with pytest.raises(OSError, match="file"):
        write_atomically(tmp_path / "file", b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
