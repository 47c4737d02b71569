"""Which copies are found: made by editing real clips, and real ones; and what is found wrongly.

    python -m benchmarks.copies --data FOLDER

The thresholds were chosen on every second captioned clip of 5 s and more; the edits measured here
are of the others. Needs the `ffmpeg` program for the edits only.
"""

from __future__ import annotations

import csv
import shutil
import time
from collections.abc import Iterable, Mapping
from itertools import combinations
from pathlib import Path

from benchmarks.command import run
from benchmarks.copy_edits import EDITS, START_S, Edit, join, make
from benchmarks.library import temporary_folder
from benchmarks.table import Row, Section
from indexer.copies.finder import find_copies
from indexer.copies.match import Match
from indexer.copies.pictures import Shades
from indexer.media.discovery import FoundVideo, find_videos
from indexer.media.fingerprint import Fingerprinter, decode
from indexer.media.reader import SAMPLE_RATE_HZ, open_video

SOURCES = 13
"""Of the clips that no threshold was chosen on; one of them, of candles, hardly moves."""
_TOLERANCE_S = 1.0
_COPIES = {
    frozenset(pair)
    for pair in combinations(
        ("chair-19-sd-bar.mp4", "chair-20-sd-bar.mp4", "chair-22-sd-grey-bar.mp4"), 2
    )
} | {
    frozenset({"butterfly.mp4", "recording3.mp4"}),
    frozenset({"wind-turbine.mp4", "recording4.mp4"}),
}
"""By looking: the chairs are three cuts of one film, a recording shows its original on a screen.
The boxing clips follow each other in their sources; where two meet they share less than a second.
"""


def measure_copies(data: Path) -> Section:
    """Recall by kind of edit and of relation; alarms among clips of different sources."""
    found = find_videos(data / "captioned_videos")
    captioned, costs = fingerprints(one.path for one in found if isinstance(one, FoundVideo))
    rows = [*costs, *_alarms(captioned)]
    if shutil.which("ffmpeg"):
        rows += _edited(data / "captioned_videos", captioned)
    else:
        rows.append(Row("edited copies", None, remark="there is no ffmpeg on PATH"))
    rows += _similar(data / "similar_videos")
    return Section("copies", f"python -m benchmarks.copies --data {data}", tuple(rows))


def fingerprints(paths: Iterable[Path]) -> tuple[dict[str, Shades], list[Row]]:
    """By file name; and what they cost."""
    found: dict[str, Shades] = {}
    spent_s, pictures, characters = 0.0, 0, 0
    for path in paths:
        watcher = Fingerprinter()
        with open_video(path, size=240) as reader:
            for frame in reader.frames():
                started_s = time.process_time()
                watcher.add(frame.time_s, frame.image)
                spent_s += time.process_time() - started_s
                pictures += 1
            text = watcher.finish(reader.info().duration_s)
        characters += len(text)
        found[path.name] = decode(text)
    hours = sum(map(len, found.values())) / SAMPLE_RATE_HZ / 3600
    return found, [
        Row("fingerprint of a sampled picture", spent_s / pictures * 1000, "ms"),
        Row("fingerprint of an hour", characters / hours / 1e6, "MB", "as text"),
    ]


def _alarms(captioned: Mapping[str, Shades]) -> list[Row]:
    """Pairs found among clips none of which is a copy of another."""
    found = _find(captioned, captioned)
    pairs = len(captioned) * (len(captioned) - 1) // 2
    return [Row("alarms among captioned clips", len(found), remark=f"{pairs} pairs")]


def _edited(folder: Path, captioned: Mapping[str, Shades]) -> list[Row]:
    """Each kind of edit of each source, against all captioned clips."""
    long = [
        name
        for name, shades in sorted(captioned.items())
        if len(shades) >= 10 and not name.startswith("edit__")
    ]
    sources = long[1::2][:SOURCES]
    rows, wrong = [], 0
    with temporary_folder() as work:
        for edit in EDITS:
            copies = {name: make(edit, folder / name, work / f"{name}.mp4") for name in sources}
            shades, _ = fingerprints(copies.values())
            found = _find({**captioned, **shades}, shades)
            right = sum(
                any(_is_right(match, edit) for match in found.get((name, f"{name}.mp4"), []))
                for name in sources
            )
            joined = sum((name, f"{name}.mp4") in found for name in sources)
            wrong += len(found) - joined
            rows.append(_recall(edit.name, joined, len(sources), f"times right: {right}"))
        rows.append(_joined(folder, sources, captioned, work))
    return [*rows, Row("alarms, edited copies", wrong, remark="pairs of different sources")]


def _joined(folder: Path, sources: list[str], captioned: Mapping[str, Shades], work: Path) -> Row:
    """Two clips one after the other: both have to be found."""
    pairs = list(zip(sources[::2], sources[1::2], strict=False))
    paths = [
        join(folder / one, folder / other, work / f"joined {number}.mp4")
        for number, (one, other) in enumerate(pairs)
    ]
    shades, _ = fingerprints(paths)
    found = _find({**captioned, **shades}, shades)
    hits = sum(
        (name, path.name) in found for path, pair in zip(paths, pairs, strict=True) for name in pair
    )
    return _recall("part of two joined clips", hits, 2 * len(pairs), "")


def _similar(folder: Path) -> list[Row]:
    """Real copies by relation, and pairs found that are none."""
    with (folder / "groups.csv").open(encoding="utf-8", newline="") as file:
        relation = {row["video"]: row["relation"] for row in csv.DictReader(file)}
    shades, _ = fingerprints(folder / name for name in relation)
    found = {frozenset(pair) for pair in _find(shades, shades)}
    rows = []
    for kind in ("edited copy", "phone recording"):
        wanted = {pair for pair in _COPIES if any(relation[name] == kind for name in pair)}
        rows.append(_recall(f"similar videos, {kind}", len(found & wanted), len(wanted), ""))
    punches = sorted(name for name in relation if relation[name] == "same source video")
    alike = {frozenset(pair) for pair in combinations(punches, 2)}
    remark = f"{len(alike)} pairs, none a copy"
    rows.append(Row("alarms, same source video", len(found & alike), remark=remark))
    rows.append(Row("alarms, other similar videos", len(found - _COPIES - alike)))
    return rows


def _find(
    shades: Mapping[str, Shades], new: Mapping[str, Shades]
) -> dict[tuple[str, str], list[Match]]:
    """Matches by names; the names of `shades` are numbered in their order."""
    names = list(shades)
    numbers = [number for number, name in enumerate(names) if name in new]
    found: dict[tuple[str, str], list[Match]] = {}
    for match in find_copies({n: shades[name] for n, name in enumerate(names)}, new=numbers):
        found.setdefault((names[match.a], names[match.b]), []).append(match)
    return found


def _is_right(match: Match, edit: Edit) -> bool:
    """Whether both ends lie in the original where the edit took them from."""
    start_s = START_S if edit.cut else 0.0
    ends = ((match.a_start_s, match.b_start_s), (match.a_end_s, match.b_end_s))
    return all(abs(start_s + edit.speed * b_s - a_s) <= _TOLERANCE_S for a_s, b_s in ends)


def _recall(name: str, hits: int, wanted: int, remark: str) -> Row:
    remarks = [f"{hits} of {wanted}", remark]
    return Row(f"recall, {name}", hits / wanted, remark=", ".join(filter(None, remarks)))


if __name__ == "__main__":
    run([measure_copies], __doc__)
