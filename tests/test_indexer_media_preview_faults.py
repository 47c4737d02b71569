"""What cannot be shown is refused by name and leaves nothing behind, whatever the decoder does."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from fractions import Fraction
from pathlib import Path

import av
import pytest

from indexer.errors import (
    DecodeMemoryExceeded,
    DecoderCrashed,
    DecodeTimeout,
    EmptyFile,
    MediaError,
    NotAVideo,
    NoVideoStream,
    UndecodableVideo,
    UnreadableFile,
)
from indexer.media import child
from indexer.media.jobs import DecodeLimits
from indexer.media.preview import make_preview
from tests.beeping import SOUND_HZ, beep
from tests.synthetic import Clip, constant_rate, write_clip


@pytest.fixture
def refused(tmp_path):
    """Asks for a preview of a bad file; what it raises. Nothing may be left behind."""

    def ask(source: Path, **limits) -> MediaError:
        folder = tmp_path / "previews"
        with pytest.raises(MediaError) as caught:
            make_preview(source, folder / "p.mp4", 0, 1, DecodeLimits(**limits))
        assert list(folder.iterdir()) == []
        assert caught.value.path == str(source)
        return caught.value

    return ask


def test_bad_files(tmp_path, refused):
    film = write_clip(tmp_path / "film.mp4", Clip(constant_rate(10, 3)))
    (tmp_path / "text.mp4").write_text("nothing " * 200)
    (tmp_path / "empty.mp4").touch()
    (tmp_path / "cut.mp4").write_bytes(film.read_bytes()[:900])
    (tmp_path / "list.m3u8").write_text(f"#EXTM3U\n#EXTINF:3,\n{film}\n")
    (tmp_path / "list.mp4").write_text(f"ffconcat version 1.0\nfile {film}\n")
    with av.open(str(tmp_path / "sound.mp4"), "w") as container:
        sound = container.add_stream("aac", rate=SOUND_HZ)
        container.mux([*sound.encode(beep(0, 0, 1)), *sound.encode(None)])
    assert isinstance(refused(tmp_path / "text.mp4"), NotAVideo)
    assert isinstance(refused(tmp_path / "list.m3u8"), NotAVideo)
    assert isinstance(refused(tmp_path / "list.mp4"), NotAVideo)
    assert isinstance(refused(tmp_path / "empty.mp4"), EmptyFile)
    assert isinstance(refused(tmp_path / "cut.mp4"), UndecodableVideo)
    assert isinstance(refused(tmp_path / "sound.mp4"), NoVideoStream)
    assert isinstance(refused(tmp_path / "none.mp4"), UnreadableFile)


def test_pictures_without_a_byte_that_is_right(tmp_path, refused):
    clip = Clip(constant_rate(10, 3), codec="mpeg4", time_base=Fraction(1, 10))
    path = write_clip(tmp_path / "x.avi", clip)
    with av.open(str(path)) as container:
        packets = [bytes(packet) for packet in container.demux(video=0) if packet.size]
    data = path.read_bytes()
    for packet in packets:
        data = data.replace(packet, b"\xa5" * len(packet))
    path.write_bytes(data)
    assert isinstance(refused(path), UndecodableVideo)


FAULTY = """
import os, signal, sys, time
from indexer.media import preview_worker
from indexer.media.excerpt import Excerpt

def hog():
    blocks = []
    while True:
        blocks.append(bytearray(64 << 20))

def frames(self, inner=Excerpt.frames):
    for item in inner(self):
        yield item
        {fault}

Excerpt.frames = frames
preview_worker.main()
"""


@pytest.fixture
def faulty(monkeypatch):
    """Children that misbehave after the first picture."""

    def become(fault: str) -> None:
        def command(module: str, *arguments: str) -> list[str]:
            return [sys.executable, "-P", "-c", FAULTY.format(fault=fault), *arguments]

        monkeypatch.setattr(child, "command", command)

    return become


@pytest.mark.parametrize(
    ("fault", "error", "words"),
    [
        ("os.abort()", DecoderCrashed, "SIGABRT"),
        ("os._exit(3)", DecoderCrashed, "code 3"),
        ("time.sleep(60)", DecodeTimeout, "longer than 3 s"),
        ("os.kill(os.getpid(), signal.SIGSTOP)", DecodeTimeout, "longer"),
        ("hog()", DecodeMemoryExceeded, "memory"),
        ("{}['of PyAV']", UndecodableVideo, "KeyError"),
    ],
)
def test_whatever_the_decoder_does(tmp_path, refused, faulty, fault, error, words):
    path = write_clip(tmp_path / "x.mp4", Clip(constant_rate(10, 3)))
    faulty(fault)
    found = refused(path, stall_s=1.0, memory_bytes=700 << 20)
    assert type(found) is error
    assert words in found.reason


def test_a_process_that_cannot_start_is_not_blamed_on_the_file(tmp_path, monkeypatch):
    path = write_clip(tmp_path / "x.mp4", Clip(constant_rate(10, 3)))
    command = [sys.executable, "-c", "import no_such_module"]
    monkeypatch.setattr(child, "command", lambda module, *arguments: command)
    with pytest.raises(RuntimeError, match="no_such_module"):
        make_preview(path, tmp_path / "p.mp4", 0, 1)


SCRIPT = """
import os, sys
from pathlib import Path
from indexer.media import child, one_job, preview
worker, path = sys.argv[1:]
child.command = lambda module, *rest: [sys.executable, "-P", "-c", worker, *rest]
start = one_job.subprocess.Popen
def popen(*args, **kwargs):
    process = start(*args, **kwargs)
    print(process.pid, flush=True)
    return process
one_job.subprocess.Popen = popen
preview.make_preview(Path(path), Path(path).with_name("p.mp4"), 0, 1)
"""


@pytest.mark.parametrize("fault", ["time.sleep(60)", "sum(range(10**11))"])
def test_the_child_ends_with_its_parent(tmp_path, fault):
    path = write_clip(tmp_path / "x.mp4", Clip(constant_rate(10, 3)))
    begun = tmp_path / "begun"
    worker = FAULTY.format(fault=f"open({str(begun)!r}, 'w').close(); {fault}")
    with subprocess.Popen(
        [sys.executable, "-c", SCRIPT, worker, str(path)],
        stdout=subprocess.PIPE,
        env=child.environment(),
    ) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        deadline_s = time.monotonic() + 30
        while not begun.exists() and time.monotonic() < deadline_s:
            time.sleep(0.05)
        parent.kill()
    assert begun.exists()
    while Path(f"/proc/{pid}").exists():
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
        if state == "Z":
            break
        assert time.monotonic() < deadline_s, "the child lives on"
        time.sleep(0.05)


def test_a_folder_that_cannot_be_written(tmp_path):
    path = write_clip(tmp_path / "x.mp4", Clip(constant_rate(10, 3)))
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match="file"):
        make_preview(path, tmp_path / "file" / "p.mp4", 0, 1)
    if os.geteuid() != 0:
        (tmp_path / "locked").mkdir(mode=0o500)
        with pytest.raises(PermissionError):
            make_preview(path, tmp_path / "locked" / "p.mp4", 0, 1)


def test_a_target_that_is_taken_by_a_folder(tmp_path):
    path = write_clip(tmp_path / "x.mp4", Clip(constant_rate(10, 3)))
    (tmp_path / "p.mp4").mkdir()
    with pytest.raises(OSError, match=r"p\.mp4"):
        make_preview(path, tmp_path / "p.mp4", 0, 1)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["p.mp4", "x.mp4"]
