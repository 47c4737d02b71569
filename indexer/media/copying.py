"""Packets of one file into another, as they are."""

from __future__ import annotations

from contextlib import closing
from fractions import Fraction
from pathlib import Path

import av
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.video.stream import VideoStream

from indexer.media.cut_plan import CutPlan, way
from indexer.media.source import AnyPacket, Source

_TOLD = ("language", "title")
_SOUND_LAG_S = 3.0
"""How far behind its picture in the file sound may lie."""


def copy(path: Path, target: Path, plan: CutPlan, muxer: str) -> None:
    """Write what `plan` says, with all sound tracks.

    Raises a MediaError for `path`, OSError for `target`.
    """
    options = {"movflags": "+faststart"} if muxer in ("mp4", "mov") else {}
    with (
        closing(Source(path, every_sound=True)) as source,
        av.open(f"file:{target}", "w", format=muxer, options=options) as output,
    ):
        packets = way(source, plan.seek_s)
        assert packets is not None, "the plan was made this way"
        writer = _Writer(source, output, plan)
        for packet in packets:
            if writer.is_done(packet):
                break
            writer.add(packet)


class _Writer:
    def __init__(self, source: Source, output: OutputContainer, plan: CutPlan) -> None:
        self._source, self._output, self._plan = source, output, plan
        self._missing = len(plan.pictures)
        self._video: VideoStream = output.add_stream_from_template(source.video, opaque=True)
        self._sounds = {sound.index: _added(output, sound) for sound in source.sounds}
        assert source.video.time_base is not None
        self._origin = plan.origin_pts * source.video.time_base

    def is_done(self, packet: AnyPacket) -> bool:
        if self._missing or packet.dts is None or packet.time_base is None:
            return False
        late_s = float(packet.dts * packet.time_base) - (self._source.timeline.origin_s or 0.0)
        return late_s > self._plan.sound_s[1] + _SOUND_LAG_S

    def add(self, packet: AnyPacket) -> None:
        if packet.stream is self._source.video:
            if packet.pts in self._plan.pictures:
                self._missing -= 1
                self._write(packet, self._video)
        elif packet.pts is not None and self._is_heard(packet):
            self._write(packet, self._sounds[packet.stream.index])

    def _is_heard(self, packet: AnyPacket) -> bool:
        assert packet.pts is not None
        first_s, end_s = self._plan.sound_s
        middle = packet.pts + Fraction(packet.duration or 0, 2)
        time_s = float(middle * packet.time_base) - (self._source.timeline.origin_s or 0.0)
        return first_s <= time_s < end_s

    def _write(self, packet: AnyPacket, stream: VideoStream | AudioStream) -> None:
        shift = round(self._origin / packet.time_base)
        packet.pts = None if packet.pts is None else packet.pts - shift
        packet.dts = None if packet.dts is None else packet.dts - shift
        packet.stream = stream
        self._output.mux(packet)


def _added(output: OutputContainer, sound: AudioStream) -> AudioStream:
    """A track like `sound`, with what players choose by."""
    track: AudioStream = output.add_stream_from_template(sound, opaque=True)
    track.metadata.update({key: sound.metadata[key] for key in _TOLD if key in sound.metadata})
    track.disposition = sound.disposition
    return track
