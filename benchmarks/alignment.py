"""Whether the parts of a clip are found: cut out of the library's videos, and joined.

    python -m benchmarks.alignment --data FOLDER

The library is the captioned videos. Of those that last ten seconds or more every other one was
looked at while the search was made; the figures are of clips of the others. A part is found when
one of the first ten results is a copy in its video, whose seconds of the clip meet those of the
part. What the library has nothing of: the narrated videos, and those of the similar ones that are
of other sources.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Iterable
from pathlib import Path

from benchmarks.aligned_clips import Cut
from benchmarks.alignment_trial import Trial
from benchmarks.command import run
from benchmarks.library import captioned_library, temporary_folder
from benchmarks.table import Row, Section
from indexer.store.library import Library

SHORTEST_S, LONGEST_S = 3.0, 8.0
"""Of a part."""
LEAST_S = 10.0
"""Of a video that parts are cut out of."""
COMPILED = 3
"""Videos in a compilation."""
_UNKNOWN = ("same source video", "edited copy")
"""Of the similar videos. The captioned ones have the originals that others are recordings of."""


def measure_alignment(data: Path) -> Section:
    """On the half that no constant was chosen on."""
    with captioned_library(data) as (library, encoder), Library.open(library) as opened:
        rows = alignment_rows(Trial(opened, encoder), data, half=1)
    return Section("clip alignment", f"python -m benchmarks.alignment --data {data}", tuple(rows))


def alignment_rows(trial: Trial, data: Path, half: int) -> list[Row]:
    """`trial` is over a library of the captioned videos."""
    folder = data / "captioned_videos"
    sources = _sources(folder)[half::2]
    chance = random.Random(half)
    cuts, compiled = _cuts(sources, chance), _compilations(sources, chance)
    with temporary_folder() as work:
        clip = work / "clip.mp4"
        rows = trial.tally(folder, [[cut] for cut in cuts], clip).rows("partial copy")
        rows += trial.tally(folder, compiled, clip).rows("compilation")
    return [*rows, *trial.times.rows(), _alarms(trial, data)]


def _sources(folder: Path) -> list[tuple[str, float]]:
    """(file, seconds) of what parts are cut out of."""
    with (folder / "captions.csv").open(encoding="utf-8", newline="") as file:
        lengths = {row["video"]: float(row["duration_s"]) for row in csv.DictReader(file)}
    return sorted((video, length) for video, length in lengths.items() if length >= LEAST_S)


def _cuts(sources: Iterable[tuple[str, float]], chance: random.Random) -> list[Cut]:
    """One out of the middle of each source: at least a second is missing at both ends."""
    cuts = []
    for video, length_s in sources:
        lasting_s = chance.uniform(SHORTEST_S, min(LONGEST_S, length_s - 2))
        start_s = chance.uniform(1, length_s - 1 - lasting_s)
        cuts.append((video, round(start_s, 2), round(start_s + lasting_s, 2)))
    return cuts


def _compilations(sources: Iterable[tuple[str, float]], chance: random.Random) -> list[list[Cut]]:
    """Every source is in one of them, but for what is left over."""
    cuts = _cuts(sources, chance)
    chance.shuffle(cuts)
    return [cuts[at : at + COMPILED] for at in range(0, len(cuts) - COMPILED + 1, COMPILED)]


def _alarms(trial: Trial, data: Path) -> Row:
    """Clips of other sources than the library's that are said to be copied."""
    unknown = sorted((data / "narrated_videos").glob("*.mp4"))
    with (data / "similar_videos" / "groups.csv").open(encoding="utf-8", newline="") as file:
        videos = [row["video"] for row in csv.DictReader(file) if row["relation"] in _UNKNOWN]
    unknown += [data / "similar_videos" / video for video in videos]
    wrong = sum(map(trial.is_copied, unknown))
    return Row("unknown clips with a copy", wrong, remark=f"of {len(unknown)}")


if __name__ == "__main__":
    run([measure_alignment], __doc__)
