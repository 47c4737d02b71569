"""Text subtitles inside a container, read by FFmpeg. To be called in the decoding process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from os import PathLike, fspath

import av.error
from av.container import InputContainer
from av.packet import Packet
from av.stream import Discard, Stream
from av.subtitles.stream import SubtitleStream
from av.subtitles.subtitle import AssSubtitle

from indexer.media.clock import timeline_of
from indexer.media.container import choose_stream, open_container
from indexer.media.language_names import language_called
from indexer.media.reading import Transcript
from indexer.media.subtitle_files import MOST_CHARACTERS, MOST_CUES, transcript_cues
from indexer.media.subtitles.track import Track, with_ends
from model.sentences import Cue

MOST_STREAMS = 64
"""Discs have 32; a damaged header claims thousands."""


def embedded_subtitles(
    path: str | PathLike[str],
    *,
    warn: Callable[[str], None],
    on_progress: Callable[[], None] = lambda: None,
) -> tuple[Transcript, ...]:
    """The text subtitle streams of a video, in the file's order, those that say nothing left out.

    Times count from the start of the presentation, as those of the pictures do; jumps of joined
    recordings are not closed. `warn` is told what could not be read, and why: streams of
    pictures, such as PGS, VobSub or DVB, unknown codecs, damaged packets. `on_progress` is called
    for each packet. Raises a MediaError where the file cannot be opened or has no picture.
    """
    with open_container(path) as container:
        if not container.streams.subtitles:
            return ()
        film = choose_stream(container, fspath(path))
        origin_s = timeline_of(container, film).origin_s or 0.0
        film.discard = Discard.all
        chosen = list(_readable(container, warn))
        for stream in chosen:
            stream.discard = Discard.default
        found = {stream.index: _StreamCues(origin_s) for stream in chosen}
        for packet in _packets(container, chosen, warn):
            on_progress()
            found[packet.stream.index].add(packet)
        return tuple(_transcripts(chosen, found, warn))


class _StreamCues:
    """What one stream has said so far."""

    def __init__(self, origin_s: float) -> None:
        self._origin_s = origin_s
        self.cues: list[Cue] = []
        self.damaged = 0
        """Packets that could not be used."""
        self.left_out = 0
        """Cues beyond the bounds."""

    def add(self, packet: Packet[Stream]) -> None:
        """Decode a packet, whatever it holds."""
        if not packet.size:
            return  # the end
        try:
            texts = [said for one in packet.decode() if (said := _text(one)).strip()]
        except (av.error.FFmpegError, ValueError):
            self.damaged += 1
            return
        if not texts:
            return
        if packet.pts is None or packet.time_base is None:
            self.damaged += 1
            return
        start_s = float(packet.pts * packet.time_base) - self._origin_s
        length_s = float((packet.duration or 0) * packet.time_base)
        # Some demuxers do not know how long: until the next.
        end_s = start_s + length_s if length_s > 0 else float("inf")
        for text in texts:
            if len(self.cues) >= MOST_CUES or len(text) > MOST_CHARACTERS:
                self.left_out += 1
            else:
                self.cues.append(Cue(start_s, end_s, text))


def _text(subtitle: object) -> str:
    if not isinstance(subtitle, AssSubtitle):
        return ""
    return (subtitle.dialogue or subtitle.text).decode("utf-8", "replace")


def _readable(container: InputContainer, warn: Callable[[str], None]) -> Iterator[SubtitleStream]:
    """The streams of text; `warn` is told of the others."""
    streams = container.streams.subtitles
    if len(streams) > MOST_STREAMS:
        warn(f"only the first {MOST_STREAMS} of {len(streams)} subtitle streams are looked at")
    for stream in streams[:MOST_STREAMS]:
        if stream.codec_context is None:
            warn(f"{_name(stream)} is in a format without a decoder")
        elif stream.codec_context.codec.bitmap_sub:
            codec = stream.codec_context.codec.canonical_name
            warn(f"{_name(stream)} holds pictures of text ({codec}), which are not read")
        else:
            yield stream


def _packets(
    container: InputContainer, streams: list[SubtitleStream], warn: Callable[[str], None]
) -> Iterator[Packet[Stream]]:
    """Until the end, or until the file turns out to be damaged."""
    if not streams:
        return
    try:
        yield from container.demux(streams)
    except (av.error.FFmpegError, ValueError) as error:
        warn(f"subtitle streams end early: {error}")


def _transcripts(
    streams: list[SubtitleStream], found: dict[int, _StreamCues], warn: Callable[[str], None]
) -> Iterator[Transcript]:
    for stream in streams:
        read = found[stream.index]
        if read.damaged or read.left_out:
            warn(f"{read.damaged + read.left_out} captions of {_name(stream)} could not be used")
        ordered = sorted(read.cues, key=lambda cue: cue.start_s)
        if cues := transcript_cues(Track(with_ends(ordered))):
            language = language_called(stream.metadata.get("language", ""))
            yield Transcript(cues, language, source="stream", name=_title(stream))


def _name(stream: Stream) -> str:
    """For warnings."""
    said = [one for one in (_title(stream), stream.metadata.get("language", "")) if one]
    return f"subtitle stream {stream.index}" + (f" ({', '.join(said)})" if said else "")


def _title(stream: Stream) -> str:
    """Matroska's title, MP4's track name, or the name that some programs give the handler."""
    data = stream.metadata
    handler = data.get("handler_name", "")
    usual = "handler" in handler.lower() or not handler.isprintable()
    return (data.get("title") or data.get("name") or ("" if usual else handler))[:200]
