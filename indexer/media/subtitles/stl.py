"""Both formats that are called STL: the EBU's (Tech 3264, binary) and Spruce's (text)."""

from __future__ import annotations

import io
import re

from indexer.media.subtitles.quiet import quiet
from indexer.media.subtitles.track import Track, with_ends
from indexer.media.subtitles.ttml import paragraphs
from model.sentences import Cue

_HEADER_BYTES = 1024
_BLOCK_BYTES = 128
_PROGRAMME_START = slice(256, 264)
_RATE_HZ = slice(6, 8)
_SPRUCE = re.compile(
    r"(?m)^\s{0,9}(\d\d):(\d\d):(\d\d)[:;.](\d\d)\s{0,9},"
    r"\s{0,9}(\d\d):(\d\d):(\d\d)[:;.](\d\d)\s{0,9},[ \t]?(.*)$"
)
_STYLE = re.compile(r"\^[BIU]")


def is_ebu_stl(content: bytes) -> bool:
    """Whether `content` has the EBU's header."""
    return content[3:6] == b"STL" and content[6:11].replace(b".", b"").isdigit()


def read_ebu_stl(content: bytes) -> Track:
    """By ttconv. Times count from the start of the programme where the header says when it is.

    A last block that is cut off is left out.
    """
    whole = len(content) - (len(content) - _HEADER_BYTES) % _BLOCK_BYTES
    with quiet("ttconv"):
        from ttconv.stl.reader import to_model

        document = to_model(io.BytesIO(content[:whole]))
    found = (cue for _, cue in paragraphs(document.get_body()))
    cues = with_ends(sorted(found, key=lambda cue: cue.start_s))
    start_s = _programme_start_s(content)
    if any(cue.start_s < start_s for cue in cues):
        start_s = 0.0
    return Track(
        tuple(Cue(cue.start_s - start_s, cue.end_s - start_s, cue.text) for cue in cues),
        document.get_lang(),
        "EBU STL",
    )


def is_spruce_stl(head: str) -> bool:
    """Whether `head`, the first characters of a file, has a line of two times with frames."""
    return _SPRUCE.search(head) is not None


def read_spruce_stl(text: str, fps: float | None) -> Track:
    """`fps` are the video's frames a second; without them the disc's, 25 or 30."""
    found = _SPRUCE.findall(text)
    most = max((int(frames) for *_, a, _, _, _, b, _ in found for frames in (a, b)), default=0)
    rate = fps or (25 if most < 25 else 30 / 1.001)
    return Track(
        tuple(
            Cue(_seconds(line[:4], rate), _seconds(line[4:8], rate), _spoken(line[8]))
            for line in found
        )
    )


def _spoken(text: str) -> str:
    return _STYLE.sub("", text).replace("|", "\n")


def _seconds(numbers: tuple[str, ...], rate: float) -> float:
    hours, minutes, seconds, frames = map(int, numbers)
    return hours * 3600 + minutes * 60 + seconds + frames / rate


def _programme_start_s(content: bytes) -> float:
    digits = content[_PROGRAMME_START]
    if not digits.isdigit():
        return 0.0
    numbers = tuple(digits[i : i + 2].decode() for i in range(0, 8, 2))
    return _seconds(numbers, int(content[_RATE_HZ]) or 25)
