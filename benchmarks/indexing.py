"""How fast videos are indexed, beside plain decoding of the same files by ffmpeg.

    python -m benchmarks.indexing --data FOLDER

Whole processes are timed, start and model included, as a user waits for them; ffmpeg and the
indexer take turns, so that a busy machine slows down both.
"""

from __future__ import annotations

import json
import shutil
import statistics
import subprocess
import time
from pathlib import Path

from benchmarks.command import run
from benchmarks.encoding import frames_per_second
from benchmarks.library import temporary_folder
from benchmarks.program import run_videobert
from benchmarks.table import Row, Section
from benchmarks.timing import wall_s
from indexer.hashing import content_hash
from indexer.media.discovery import FoundVideo, find_videos
from indexer.pipeline import index
from indexer.scanning import scan
from indexer.store.catalog import Catalog
from indexer.store.paths import LibraryPaths
from model.encoder import Encoder
from model.registry import load_encoder

TURNS = 2
"""Runs of the indexer; ffmpeg runs before, between and after them."""
_REPEATS = 5


def measure_indexing(data: Path) -> Section:
    """Speed of a first run, of the encoder alone, and of a run over what is known."""
    videos, encoder = data / "captioned_videos", load_encoder()
    with temporary_folder() as folder:
        rows = _first_runs(videos, folder)
        rows.append(frames_per_second(videos, encoder))
        rows += _second_runs(videos, folder / "0", encoder)
    return Section("indexing", f"python -m benchmarks.indexing --data {data}", tuple(rows))


def _first_runs(videos: Path, folder: Path) -> list[Row]:
    files = [one.path for one in find_videos(videos) if isinstance(one, FoundVideo)]
    for path in files:
        content_hash(path)  # none of them pays for the disk
    decoding_s, indexing_s, video_s = _decode_all(files), [], 0.0
    for turn in range(TURNS):
        seconds, report = _index(videos, folder / str(turn))
        indexing_s.append(seconds)
        decoding_s += _decode_all(files)
        video_s = report["video_s"]
    index_s = statistics.median(indexing_s)
    return [
        Row("first run", index_s, "s", f"{len(files)} files, {video_s:.0f} s of video"),
        Row("speed", video_s / index_s, "x realtime"),
        *_beside_ffmpeg(index_s, decoding_s),
    ]


def _beside_ffmpeg(index_s: float, decoding_s: list[float]) -> list[Row]:
    name = "indexing / ffmpeg -f null"
    if not decoding_s:
        return [Row(name, None, remark="there is no ffmpeg on PATH")]
    decode_s = statistics.median(decoding_s)
    turns = f"medians of {TURNS} and {len(decoding_s)} alternate runs"
    return [
        Row("ffmpeg -threads 2 -f null, file after file", decode_s, "s"),
        Row(name, index_s / decode_s, remark=turns),
    ]


def _decode_all(files: list[Path]) -> list[float]:
    """Seconds for ffmpeg to decode everything and drop it; nothing where there is no ffmpeg."""
    ffmpeg = shutil.which("ffmpeg")
    if ffmpeg is None:
        return []
    started_s = time.perf_counter()
    for path in files:
        command = [ffmpeg, "-v", "quiet", "-nostdin", "-threads", "2", "-i", f"file:{path}"]
        subprocess.run([*command, "-f", "null", "-"], check=False)
    return [time.perf_counter() - started_s]


def _index(videos: Path, library: Path) -> tuple[float, dict[str, float]]:
    """Seconds and report of a run in a process of its own."""
    started_s = time.perf_counter()
    output = run_videobert("index", "--json", "--library", library, videos)
    return time.perf_counter() - started_s, json.loads(output)


def _second_runs(videos: Path, library: Path, encoder: Encoder) -> list[Row]:
    """Over a library that is up to date."""
    index(library, [videos], encoder)  # loads what is loaded once
    again_s = statistics.median(
        wall_s(lambda: index(library, [videos], encoder)) for _ in range(_REPEATS)
    )
    catalog = Catalog(LibraryPaths(library).catalog)
    known, encoded = catalog.files(), catalog.encoded(encoder.fingerprint)
    scan_s = statistics.median(
        wall_s(lambda: scan([videos], known, encoded)) for _ in range(_REPEATS)
    )
    catalog.close()
    process_s = statistics.median(_index(videos, library)[0] for _ in range(_REPEATS))
    times = f"{again_s / scan_s:.0f} times the scan; median of {_REPEATS}"
    return [
        Row("run with nothing new, in process", again_s * 1000, "ms", times),
        Row("scan alone, nothing new", scan_s * 1000, "ms"),
        Row("run with nothing new, whole process", process_s, "s"),
    ]


if __name__ == "__main__":
    run([measure_indexing], __doc__)
