"""An MP4 (H.264, AAC) of any length that looks like the video it was cut from."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any, TypeAlias

import av
from av.audio.frame import AudioFrame
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, Colorspace, VideoReformatter
from av.video.stream import VideoStream

from indexer.media.aac_track import AacTrack
from indexer.media.excerpt import Excerpt

_TIME_BASE = Fraction(1, 90_000)
_USUAL_RATES = (Fraction(1), Fraction(120))
_BT709 = 1
# No B frames: then the first picture is at 0 without an edit list, which not all players honour.
_OPTIONS = {"preset": "veryfast", "crf": "18", "bf": "0", "g": "60"}
_MOST_HELD_BYTES = 64 << 20

AnyPacket: TypeAlias = "Packet[Any]"


class CutWriter:
    """Pictures and sound go in as they come. Raises OSError when the file cannot be written."""

    def __init__(self, path: Path, excerpt: Excerpt, length_s: float) -> None:
        """`excerpt` has read its first picture: it says how its pictures are shown."""
        self._output = av.open(
            f"file:{path}", "w", format="mp4", options={"movflags": "+faststart"}
        )
        self._excerpt = excerpt
        self._length_s = length_s
        self._video: VideoStream | None = None
        self._sound: AacTrack | None = None
        self._last = -1
        self._held: list[AnyPacket] = []
        """Until there is sound: all tracks have to be known before anything is written."""
        self._held_bytes = 0
        self._begun = False
        self._reformatter = VideoReformatter()

    @property
    def damaged(self) -> int:
        """Frames of sound that could not be used."""
        return self._sound.damaged if self._sound else 0

    def close(self) -> None:
        """Close the file, finished or not."""
        self._output.close()

    def add_picture(self, time_s: float, picture: VideoFrame) -> None:
        """The next picture, shown from `time_s` on; the first one from 0 on."""
        ticks = round(time_s / _TIME_BASE) if self._video else 0
        if ticks <= self._last:
            return
        if self._video is None:
            self._video = self._new_stream(picture)
        frame = self._converted(picture, self._video)
        frame.pts, frame.time_base = ticks, _TIME_BASE
        self._last = ticks
        self._write(self._video.encode(frame))

    def add_sound(self, time_s: float, frame: AudioFrame) -> None:
        """Sound that begins at `time_s`, seconds from the first picture; it may be below 0."""
        if self._sound is None and not self._begun:
            self._sound = AacTrack(self._output, self._length_s)
        if self._sound is not None:
            self._write(self._sound.add(time_s, frame))

    def finish(self, end_s: float) -> None:
        """Write all that is left; the last picture stays until `end_s`."""
        assert self._video is not None, "no picture was added"
        packets: list[AnyPacket] = list(self._video.encode(None))
        for packet in packets:
            if packet.pts == self._last:
                packet.duration = max(round(end_s / _TIME_BASE) - self._last, 1)
        self._write(packets)
        if self._sound is not None:
            self._write(self._sound.finish())
        self._begin()

    def _write(self, packets: list[AnyPacket]) -> None:
        self._held += packets
        self._held_bytes += sum(packet.size for packet in packets)
        if self._begun or self._has_both or self._held_bytes > _MOST_HELD_BYTES:
            self._begin()

    @property
    def _has_both(self) -> bool:
        return self._video is not None and self._sound is not None

    def _begin(self) -> None:
        self._begun = True
        for packet in self._held:
            self._output.mux(packet)
        self._held.clear()

    def _new_stream(self, picture: VideoFrame) -> VideoStream:
        rate = min(max(self._excerpt.rate or Fraction(25), _USUAL_RATES[0]), _USUAL_RATES[1])
        stream = self._output.add_stream("libx264", rate=rate, options=_OPTIONS)
        assert isinstance(stream, VideoStream)
        context, geometry = stream.codec_context, self._excerpt.geometry
        stream.width, stream.height = _even(picture.width), _even(picture.height)
        stream.pix_fmt = "yuv420p"
        stream.time_base = context.time_base = _TIME_BASE
        if geometry.aspect:
            context.sample_aspect_ratio = geometry.aspect
        shown = geometry.orientation(picture)
        if shown.quarter_turns or shown.mirrored:
            # Ours mirrors first, the matrix last: then it turns the other way.
            turns = -shown.quarter_turns if shown.mirrored else shown.quarter_turns
            stream.set_display_rotation(90 * turns, hflip=shown.mirrored)
        context.color_range = _range_of(picture)
        kept = not picture.format.is_rgb
        context.colorspace = picture.colorspace if kept else _BT709
        context.color_primaries = picture.color_primaries if kept else _BT709
        context.color_trc = picture.color_trc if kept else _BT709
        return stream

    def _converted(self, picture: VideoFrame, stream: VideoStream) -> VideoFrame:
        """`picture` in 8 bits, and of even sides as H.264 wants it; in its own colours."""
        return self._reformatter.reformat(
            picture,
            width=stream.width,
            height=stream.height,
            format="yuv420p",
            dst_colorspace=Colorspace.ITU709 if picture.format.is_rgb else None,
            dst_color_range=_range_of(picture),
        )


def _range_of(picture: VideoFrame) -> ColorRange:
    """Whether black is 0 (JPEG) or 16 (MPEG) of 255; of RGB, what it is converted to."""
    full = picture.color_range == ColorRange.JPEG or picture.format.name.startswith("yuvj")
    return ColorRange.JPEG if full and not picture.format.is_rgb else ColorRange.MPEG


def _even(pixels: int) -> int:
    return max(2, pixels // 2 * 2)
