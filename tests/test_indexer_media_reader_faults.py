"""Damaged, hostile and awkward files give what they have, or an error that names them."""

from __future__ import annotations

import csv
import pickle
import time
from pathlib import Path

import av
import numpy as np
import pytest

from indexer.errors import (
    EmptyFile,
    EncryptedVideo,
    MediaError,
    NotAVideo,
    NoVideoStream,
    UndecodableVideo,
    UnreadableFile,
)
from indexer.media.reader import Frame, VideoInfo, open_video
from tests.synthetic import (
    Clip,
    awkward_folder,
    constant_rate,
    read_index,
    write_clip,
)
from tests.test_indexer_media_reader import read


def test_truncated_file_gives_what_it_has(tmp_path):
    whole = write_clip(tmp_path / "whole.mkv", Clip(constant_rate(30, 4), options={"g": "15"}))
    data = whole.read_bytes()
    path = tmp_path / "cut.mkv"
    path.write_bytes(data[: len(data) // 2])
    frames, info = read(path)
    assert 2 <= len(frames) < 8
    assert info.duration_s < 3


def test_damaged_middle_is_a_warning(tmp_path):
    path = write_clip(tmp_path / "x.mkv", Clip(constant_rate(30, 6), options={"g": "15"}))
    data = bytearray(path.read_bytes())
    third = len(data) // 3
    data[third : third + len(data) // 6] = bytes(len(data) // 6)
    path.write_bytes(data)
    frames, _ = read(path)
    assert len(frames) >= 4
    assert read_index(frames[0].image) == 0


def test_damaged_pictures_are_counted(tmp_path):
    source = write_clip(tmp_path / "x.mp4", Clip(constant_rate(30, 4), options={"g": "15"}))
    path = tmp_path / "damaged.mkv"
    with av.open(str(source)) as old, av.open(str(path), "w") as new:
        stream = new.add_stream_from_template(old.streams.video[0])
        for number, packet in enumerate(old.demux(video=0)):
            if packet.size == 0:
                continue
            if number % 20 == 3:
                damaged = av.Packet(b"\x7f\xff\xff\xff" + bytes(8))
                damaged.pts, damaged.dts = packet.pts, packet.dts
                damaged.time_base = packet.time_base
                packet = damaged
            packet.stream = stream
            new.mux(packet)
    frames, info = read(path)
    assert len(frames) == 8
    assert "damaged packet" in " ".join(info.warnings)


@pytest.mark.parametrize(
    "name",
    ["-video-with-dash-.mp4", "concat:x.mp4", "a b%03d.mp4", "日本 ü?*.mp4", "http:x.mp4", "x.txt"],
)
def test_any_name(tmp_path, name, monkeypatch):
    path = write_clip(tmp_path / "x.mp4", Clip(constant_rate(10, 1))).rename(tmp_path / name)
    monkeypatch.chdir(tmp_path)
    for given_path in (path, Path(name), name):
        with open_video(given_path, size=32) as reader:
            assert len(list(reader.frames())) == 2


HOSTILE = {
    "hls.mp4": "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n{target}\n#EXT-X-ENDLIST\n",
    "concat.mp4": "ffconcat version 1.0\nfile '{target}'\n",
    "dash.mp4": (
        '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" '
        'mediaPresentationDuration="PT1S" profiles="urn:mpeg:dash:profile:isoff-on-demand:2011">'
        '<Period><AdaptationSet mimeType="video/mp4"><Representation id="1" bandwidth="1">'
        "<BaseURL>{target}</BaseURL></Representation></AdaptationSet></Period></MPD>"
    ),
    "session.mp4": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nm=video 5004 RTP/AVP 96\n",
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_no_other_file_is_opened(tmp_path, name):
    target = write_clip(tmp_path / "secret.ts", Clip(constant_rate(10, 1)))
    path = tmp_path / name
    path.write_text(HOSTILE[name].format(target=target.name))
    with pytest.raises(NotAVideo) as caught:
        open_video(path, size=32)
    assert str(path) in str(caught.value)
    assert caught.value.remedy


def test_what_is_not_a_video(tmp_path):
    text = tmp_path / "notes.mp4"
    text.write_text("nothing to see " * 200)
    with pytest.raises(NotAVideo):
        open_video(text, size=32)
    (tmp_path / "empty.mp4").touch()
    with pytest.raises(EmptyFile):
        open_video(tmp_path / "empty.mp4", size=32)
    with pytest.raises(UnreadableFile):
        open_video(tmp_path / "absent.mp4", size=32)
    with pytest.raises(UnreadableFile, match="regular file"):
        open_video(tmp_path, size=32)
    with pytest.raises(UnreadableFile, match="UTF-8") as caught:
        open_video(b"/tmp/\xff.mp4".decode("utf-8", "surrogateescape"), size=32)
    str(caught.value).encode()
    assert "Rename" in caught.value.remedy


def test_lost_header_is_named_as_damage(tmp_path):
    path = write_clip(tmp_path / "x.mp4", Clip(constant_rate(10, 1)))
    path.write_bytes(path.read_bytes()[:600])
    with pytest.raises(UndecodableVideo, match="damaged or truncated"):
        open_video(path, size=32)


def test_huge_picture_is_refused_before_it_is_decoded(tmp_path):
    def blank(index: int, width: int, height: int) -> np.ndarray:
        return np.zeros((height, width, 3), np.uint8)

    clip = Clip([0], "gif", width=10_000, height=8_000, pixel_format="rgb8", draw=blank)
    path = write_clip(tmp_path / "x.gif", clip)
    with pytest.raises(MediaError, match="10000 x 8000"):
        open_video(path, size=32)


@pytest.mark.parametrize("kind", MediaError.__subclasses__())
def test_errors_cross_processes(kind):
    error = kind("/films/x.mp4", "was wrong", "Do this.")
    copy = pickle.loads(pickle.dumps(error))
    assert (type(copy), str(copy), copy.code) == (kind, str(error), error.code)
    assert (copy.path, copy.reason, copy.remedy) == (error.path, error.reason, error.remedy)


SLOW = "slow_decode_over_60s"


def test_awkward_files():
    """Each gives frames or a typed error, as the manifest has it, in bounded time."""
    folder = awkward_folder()
    with (folder / "manifest.csv").open(newline="") as file:
        rows = {row["file"]: row for row in csv.DictReader(file) if SLOW not in row["tags"]}
    assert len(rows) >= 40
    for name, row in rows.items():
        tags = row["tags"].split()
        started_s = time.monotonic()
        outcome = _outcome(folder / name)
        if isinstance(outcome, MediaError):
            assert not int(row["frames"] or 0), f"{name} can be decoded, but: {outcome}"
            assert type(outcome) is _expected_error(tags), name
        else:
            frames, info = outcome
            times = [frame.time_s for frame in frames]
            assert "no_frames_decoded" not in tags, name
            assert times == sorted(set(times)), name
            assert 0 <= times[0] < 2, name
            assert times[-1] < info.duration_s < 60, name
            assert bool(info.warnings) == ("decode_errors" in tags), name
        assert time.monotonic() - started_s < 30, name


def _outcome(path: Path) -> tuple[list[Frame], VideoInfo] | MediaError:
    try:
        return read(path)
    except MediaError as error:
        return error


def _expected_error(tags: list[str]) -> type[MediaError]:
    for tag, kind in {
        "zero_length": EmptyFile,
        "audio_only": NoVideoStream,
        "encrypted": EncryptedVideo,
    }.items():
        if tag in tags:
            return kind
    return UndecodableVideo
