"""Subtitles inside a container: each stream with its language, by the clock of the pictures."""

from __future__ import annotations

import random
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from av.subtitles.subtitle import SubtitleSet

from indexer.errors import MediaError, NoVideoStream
from indexer.media.reading import Transcript
from indexer.media.subtitle_streams import embedded_subtitles
from model.sentences import Cue
from tests.synthetic import Clip, constant_rate, write_clip

MS = Fraction(1, 1000)
HEADER = b"[Script Info]\n\n[Events]\nFormat: Layer, Start, End, Style, Name, Effect, Text\n"
SAID = {
    ("eng", "Full"): [(500, 1500, r"Hello {\i1}you{\i0}"), (2000, 3000, r"Two\Nlines")],
    ("ger", "Deutsch"): [(600, 1600, "Hallo, äh")],
}
READ = (
    Transcript((Cue(0.5, 1.5, "Hello you"), Cue(2.0, 3.0, "Two\nlines")), "en", "stream", "Full"),
    Transcript((Cue(0.6, 1.6, "Hallo, äh"),), "de", "stream", "Deutsch"),
)


def write(path: Path, codec: str | None, late_ms: int = 0, pictures: bool = False) -> Path:
    """4 s of video with the streams of `SAID`, all of it `late_ms` after time 0."""
    with av.open(str(path), "w") as out:
        video = out.add_stream("libvpx" if path.suffix == ".webm" else "libx264", rate=5)
        video.width = video.height = 32
        video.pix_fmt = "yuv420p"
        streams = [(_subtitles(out, codec, *who), said) for who, said in SAID.items() if codec]
        if pictures:
            discs = _subtitles(out, "dvdsub", "fre", "Pictures")
        for number in range(20):
            frame = av.VideoFrame.from_ndarray(np.full((32, 32, 3), 10 * number, np.uint8))
            frame.pts, frame.time_base = late_ms + 200 * number, MS
            out.mux(video.encode(frame))
        out.mux(video.encode(None))
        for stream, said in streams:
            for number, (start, end, text) in enumerate(said):
                line = f"{number},0,Default,,0,0,0,,{text}".encode()
                packet = stream.codec_context.encode_subtitle(
                    SubtitleSet.create(line, 0, end - start, pts=start * 1000)
                )
                _mux(out, stream, packet, late_ms + start, end - start)
        if pictures:
            _mux(out, discs, av.Packet(b"\0\4\0\4"), late_ms + 700, 100)
    return path


def _subtitles(out, codec: str, language: str, title: str):
    stream = out.add_stream(codec)
    stream.metadata.update(language=language, title=title)
    stream.time_base = stream.codec_context.time_base = MS
    stream.codec_context.subtitle_header = HEADER
    return stream


def _mux(out, stream, packet, start_ms: int, length_ms: int) -> None:
    packet.pts = packet.dts = start_ms
    packet.duration, packet.time_base, packet.stream = length_ms, MS, stream
    out.mux(packet)


@pytest.mark.parametrize(
    ("name", "codec"),
    [("a.mkv", "srt"), ("a.mkv", "ass"), ("a.mp4", "mov_text"), ("a.webm", "webvtt")],
)
def test_streams_of_text_are_read(tmp_path: Path, name: str, codec: str):
    warnings: list[str] = []
    assert embedded_subtitles(write(tmp_path / name, codec), warn=warnings.append) == READ
    assert warnings == []


def test_time_is_counted_from_the_start_of_the_presentation(tmp_path: Path):
    path = write(tmp_path / "late.mkv", "srt", late_ms=10_000)
    assert embedded_subtitles(path, warn=pytest.fail) == READ


def test_streams_of_pictures_are_named(tmp_path: Path):
    warnings: list[str] = []
    path = write(tmp_path / "a.mkv", "srt", pictures=True)
    assert embedded_subtitles(path, warn=warnings.append) == READ
    (warning,) = warnings
    assert "Pictures" in warning
    assert "dvd_subtitle" in warning


def test_life_is_shown_for_each_packet(tmp_path: Path):
    alive: list[None] = []
    path = write(tmp_path / "a.mkv", "srt")
    embedded_subtitles(path, warn=pytest.fail, on_progress=lambda: alive.append(None))
    assert len(alive) >= 3


def test_a_video_without_any_gives_none(tmp_path: Path):
    path = write_clip(tmp_path / "a.mp4", Clip(constant_rate(5, 1)))
    assert embedded_subtitles(path, warn=pytest.fail) == ()


def test_what_is_no_video_is_refused(tmp_path: Path):
    (tmp_path / "a.mp4").write_bytes(b"no video at all")
    with pytest.raises(MediaError, match=r"a\.mp4"):
        embedded_subtitles(tmp_path / "a.mp4", warn=pytest.fail)
    with av.open(str(tmp_path / "b.mkv"), "w") as out:
        stream = _subtitles(out, "srt", "eng", "")
        packet = stream.codec_context.encode_subtitle(SubtitleSet.create(b"0,0,,,0,0,0,,a", 0, 9))
        _mux(out, stream, packet, 0, 9)
    with pytest.raises(NoVideoStream):
        embedded_subtitles(tmp_path / "b.mkv", warn=pytest.fail)


DAMAGED = """
import sys
from pathlib import Path
from indexer.errors import MediaError
from indexer.media.subtitle_streams import embedded_subtitles
for path in sorted(Path(sys.argv[1]).iterdir()):
    try:
        found = embedded_subtitles(path, warn=lambda said: None)
    except MediaError:
        continue
    assert all(track.cues for track in found), path
print("all read")
"""


def test_damaged_files_lead_to_nothing_worse_than_an_error(tmp_path: Path):
    """In a process of its own, as in earnest."""
    chance = random.Random(7)
    (tmp_path / "damaged").mkdir()
    for name, codec in [("a.mkv", "ass"), ("a.mp4", "mov_text"), ("a.webm", "webvtt")]:
        content = write(tmp_path / name, codec).read_bytes()
        for number in range(40):
            damaged = bytearray(content)
            for _ in range(chance.choice([1, 5, 50])):
                damaged[chance.randrange(len(damaged))] = chance.randrange(256)
            place = tmp_path / "damaged" / f"{number}{name}"
            place.write_bytes(damaged[: chance.choice([None, None, len(damaged) // 2])])
    command = [sys.executable, "-c", DAMAGED, str(tmp_path / "damaged")]
    done = subprocess.run(
        command, capture_output=True, text=True, cwd=Path(__file__).parents[1], timeout=120
    )
    assert done.stdout.strip() == "all read", done.stderr[-2000:]
