"""Which format a subtitle file is in: its content says, not its name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from indexer.media.subtitles import blocks, json_text, lines, sami, scc, stl, xml_text
from indexer.media.subtitles.decoding import decode
from indexer.media.subtitles.track import NotUnderstood, Track

_HEAD_CHARACTERS = 100_000
_PICTURES = {
    b"\0\0\1\xba": "VobSub",
    b"# VobSub index": "VobSub",
    b"PG": "PGS, of Blu-ray",
}
"""First bytes of files that hold pictures of text."""


@dataclass(frozen=True)
class TextFormat:
    """A format of lines of text."""

    name: str
    recognises: Callable[[str], bool]
    """Looks at the first characters of a file."""
    read: Callable[[str, float | None], Track]
    """Takes the whole file and the video's frames a second. Raises whatever a damaged file leads
    it to."""


TEXT_FORMATS = (
    TextFormat("WebVTT", blocks.is_vtt, blocks.read_vtt),
    TextFormat("SCC", scc.is_scc, scc.read_scc),
    TextFormat("SAMI", sami.is_sami, sami.read_sami),
    TextFormat("XML", xml_text.is_xml, xml_text.read_xml),
    TextFormat("JSON", json_text.is_json, json_text.read_json),
    TextFormat("SSA", lines.is_substation, lines.read_substation),
    TextFormat("SRT", blocks.is_srt, blocks.read_srt),
    TextFormat("MicroDVD", lines.is_microdvd, lines.read_microdvd),
    TextFormat("MPL2", lines.is_mpl2, lines.read_mpl2),
    TextFormat("Spruce STL", stl.is_spruce_stl, stl.read_spruce_stl),
    TextFormat("SBV", blocks.is_sbv, blocks.read_sbv),
    TextFormat("TMP", lines.is_tmp, lines.read_tmp),
)
"""By how sure it is that one is meant."""


def parse(content: bytes, fps: float | None = None) -> Track:
    """What is in a subtitle file, and in which format.

    `fps` are the video's frames a second, for formats that count frames. Raises NotUnderstood, or
    whatever a damaged file leads a parser to.
    """
    for start, name in _PICTURES.items():
        if content.startswith(start):
            raise NotUnderstood(f"it holds pictures of text ({name})")
    if stl.is_ebu_stl(content):
        return stl.read_ebu_stl(content)
    text = decode(content)
    head = text[:_HEAD_CHARACTERS]
    for one in TEXT_FORMATS:
        if one.recognises(head):
            track = one.read(text, fps)
            return replace(track, format=track.format or one.name)
    raise NotUnderstood("it is in no format of subtitles that is known")
