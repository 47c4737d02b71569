"""What is read of one transcript in many subtitle formats, and how far its times are off.

python -m benchmarks.subtitles --data FOLDER
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.command import run
from benchmarks.table import Row, Section
from indexer.errors import UnreadableFile
from indexer.media.reading import Transcript
from indexer.media.subtitle_files import read_subtitles
from indexer.media.subtitles.formats import parse
from model.sentences import Cue

REFERENCE = "test.srt"
FILM_HZ = 24.0
"""What the SCC file counts its frames by; it cannot say so itself, the video does."""


def measure_subtitles(data: Path) -> Section:
    """The largest difference of a start or an end from those of `test.srt`, by file."""
    folder = data / "subtitle_formats"
    reference = read_subtitles(folder / REFERENCE).cues
    rows = [row for path in sorted(folder.iterdir()) for row in _rows(path, reference)]
    return Section("subtitles", f"python -m benchmarks.subtitles --data {data}", tuple(rows))


def _rows(path: Path, reference: Sequence[Cue]) -> Iterator[Row]:
    try:
        transcript = read_subtitles(path)
    except UnreadableFile as error:
        yield Row(path.name, None, remark=f"refused: {error.reason}")
        return
    yield _row(path.name, path, transcript, reference)
    if path.suffix == ".scc":
        film = read_subtitles(path, FILM_HZ)
        yield _row(f"{path.name}, of a video at {FILM_HZ:.0f} fps", path, film, reference)


def _row(name: str, path: Path, transcript: Transcript, reference: Sequence[Cue]) -> Row:
    kind = parse(path.read_bytes(), FILM_HZ).format
    remark = f"{kind}, {len(transcript.cues)} cues, language {transcript.language or 'not said'}"
    if len(transcript.cues) < len(reference):
        return Row(name, None, remark=f"{remark}; another transcript")
    differences = [
        abs(a - b)
        for cue, right in zip(transcript.cues, reference, strict=False)
        for a, b in ((cue.start_s, right.start_s), (cue.end_s, right.end_s))
    ]
    return Row(name, round(max(differences), 3), "s", remark)


if __name__ == "__main__":
    run([measure_subtitles], __doc__)
