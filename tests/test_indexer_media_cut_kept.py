"""What a cut keeps of its film: all sound tracks, its colours; and when it is given up."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange

from indexer.errors import DecodeTimeout
from indexer.media import cutting
from indexer.media.cutting import CutTarget, cut
from indexer.media.jobs import DecodeLimits
from tests.cuts import FPS, film, made


@pytest.mark.parametrize("name", ["x.mp4", "x.mkv"])
def test_a_copy_keeps_all_sound_tracks(tmp_path, name):
    path = write_dubbed(tmp_path / name, ["eng", "deu"])
    done, shown = made(path, 2, 4)
    assert done.copied
    assert shown.numbers == list(range(50, 100))
    with av.open(str(done.path)) as container:
        tracks = container.streams.audio
        assert [track.metadata["language"] for track in tracks] == ["eng", "deu"]
        heard = [p.stream.index for p in container.demux(*tracks) if p.size]
        first, second = (heard.count(track.index) for track in tracks)
    assert first == second == pytest.approx(2 * 48_000 / 1024, abs=2)
    assert made(path, 2.05, 4)[1].sound_streams == 1  # encoded again: the film's own


def write_dubbed(path: Path, languages: list[str]) -> Path:
    """Numbered pictures for 6 s, and a track of silence for each language."""
    with av.open(str(film(path.with_name("mute.mp4")))) as mute, av.open(str(path), "w") as output:
        picture = output.add_stream_from_template(mute.streams.video[0])
        sounds = [output.add_stream("aac", rate=48_000) for _ in languages]
        for sound, language in zip(sounds, languages, strict=True):
            sound.codec_context.layout = "mono"
            sound.metadata["language"] = language
        packets = [packet for packet in mute.demux(video=0) if packet.size]
        for packet in packets:
            packet.stream = picture
        for sound in sounds:
            packets += [*silence(sound, 6), *sound.encode(None)]
        for packet in sorted(packets, key=lambda packet: packet.dts * packet.time_base):
            output.mux(packet)
    return path


def silence(sound: AudioStream, seconds: int) -> Iterator[Packet]:
    for index in range(seconds * 48_000 // 1024):
        frame = AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), "fltp", "mono")
        frame.sample_rate, frame.time_base = 48_000, Fraction(1, 48_000)
        frame.pts = index * 1024
        yield from sound.encode(frame)


@pytest.mark.parametrize("colour_range", [ColorRange.JPEG, ColorRange.MPEG])
def test_colours_are_kept(tmp_path, colour_range):
    """Also of HDR and of full range: nothing is converted that the file need not be."""
    path = tmp_path / "x.mp4"
    with av.open(str(path), "w") as output:
        stream = output.add_stream("libx264", rate=FPS, options={"crf": "4", "g": "50"})
        stream.width, stream.height, stream.pix_fmt = 256, 16, "yuv420p"
        context = stream.codec_context
        context.color_range = colour_range
        context.colorspace, context.color_primaries, context.color_trc = 9, 9, 16
        for index in range(FPS):
            frame = VideoFrame(256, 16, "yuv420p")
            frame.planes[0].update(bytes(range(256)) * 16)
            for plane in frame.planes[1:]:
                plane.update(bytes([128]) * plane.buffer_size)
            frame.pts, frame.time_base = index, Fraction(1, FPS)
            frame.color_range = colour_range
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    done, _ = made(path, 0.2, 0.8)
    assert not done.copied
    with av.open(str(path)) as before, av.open(str(done.path)) as after:
        one, other = next(before.decode(video=0)), next(after.decode(video=0))
        for name in ("color_range", "colorspace", "color_primaries", "color_trc"):
            assert getattr(one, name) == getattr(other, name), name
        ramps = [np.frombuffer(f.planes[0], np.uint8)[:256].astype(int) for f in (one, other)]
    assert np.abs(ramps[0] - ramps[1]).max() <= 3


def test_what_takes_too_long_is_given_up(tmp_path, monkeypatch):
    monkeypatch.setattr(cutting, "_LEAST_WALL_S", 0.0)
    monkeypatch.setattr(cutting, "_WALL_PER_SECOND_4K", 0.0)
    path, target = film(tmp_path / "x.mp4", seconds=1), CutTarget(tmp_path / "cuts", "cut")
    with pytest.raises(DecodeTimeout, match=r"x\.mp4: .* took longer .* Cut a shorter stretch"):
        cut(path, 0, 1, target, limits=DecodeLimits(stall_s=0.001))
    assert list((tmp_path / "cuts").iterdir()) == []
