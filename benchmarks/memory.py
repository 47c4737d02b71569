"""How much memory a run of the indexer takes, on good files and on awkward ones.

    python -m benchmarks.memory --data FOLDER

Reads /proc, so it needs Linux; elsewhere its rows are skipped.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.command import run
from benchmarks.library import temporary_folder
from benchmarks.program import start_videobert
from benchmarks.table import Row, Section

_PERIOD_S = 0.05
_PROC = Path("/proc")


@dataclass
class Peak:
    """Highest resident memory seen, MiB."""

    indexer: float = 0.0
    child: float = 0.0
    """The largest of its processes."""
    together: float = 0.0
    """The sum at one time; pages that processes share count once for each."""


def measure_memory(data: Path) -> Section:
    """Peaks of two runs, and what became of the awkward files."""
    rows: list[Row] = []
    for name in ("captioned_videos", "awkward_files"):
        rows += _rows_of(data / name)
    return Section("memory", f"python -m benchmarks.memory --data {data}", tuple(rows))


def _rows_of(videos: Path) -> list[Row]:
    if not videos.is_dir():
        return [Row(f"{videos.name}, peak", None, remark="the folder is absent")]
    with temporary_folder() as library:
        process = start_videobert("index", "--json", "--library", library, videos)
        peak, output = _watch(process)
    if process.returncode not in (0, 1) or not output:
        raise subprocess.CalledProcessError(process.returncode, process.args, output)
    return [*_peaks(videos.name, peak), *_outcome(videos.name, json.loads(output))]


def _peaks(name: str, peak: Peak) -> list[Row]:
    if not peak.indexer:
        return [Row(f"{name}, peak", None, remark="there is no /proc here")]
    return [
        Row(f"{name}, peak of the indexer", peak.indexer, "MiB"),
        Row(f"{name}, peak of its largest child", peak.child, "MiB"),
        Row(f"{name}, all together", peak.together, "MiB", "shared pages counted repeatedly"),
    ]


def _outcome(name: str, report: dict[str, Any]) -> list[Row]:
    codes = Counter(failure["code"] for failure in report["failed"])
    reasons = ", ".join(f"{count} {code}" for code, count in codes.most_common())
    done = report["indexed"] + report["copied"]
    return [
        Row(f"{name}, files indexed", done),
        Row(f"{name}, files failed", len(report["failed"]), remark=reasons),
    ]


def _watch(process: subprocess.Popen[str]) -> tuple[Peak, str]:
    """Look at the process and its descendants until it ends; also gives what it printed."""
    peak = Peak()
    while True:
        own, own_peak = _resident(process.pid)
        children = [_resident(pid) for pid in _descendants(process.pid)]
        peak.indexer = max(peak.indexer, own_peak)
        peak.child = max([peak.child, *(highest for _, highest in children)])
        peak.together = max(peak.together, own + sum(now for now, _ in children))
        with contextlib.suppress(subprocess.TimeoutExpired):
            return peak, process.communicate(timeout=_PERIOD_S)[0]


def resident_mib(pid: int) -> float:
    """Of a process, now; 0 where there is no /proc."""
    return _resident(pid)[0]


def _resident(pid: int) -> tuple[float, float]:
    """MiB resident now and at most so far; zeros when the process is gone."""
    sizes = {"VmRSS": 0.0, "VmHWM": 0.0}
    for line in _read(_PROC / str(pid) / "status").splitlines():
        name, _, rest = line.partition(":")
        if name in sizes:
            sizes[name] = int(rest.split()[0]) / 1024
    return sizes["VmRSS"], sizes["VmHWM"]


def _descendants(pid: int) -> list[int]:
    tasks = (_PROC / str(pid) / "task").glob("*/children")
    children = [int(child) for task in tasks for child in _read(task).split()]
    return children + [grandchild for child in children for grandchild in _descendants(child)]


def _read(path: Path) -> str:
    """What a file of /proc says; nothing when its process has just ended."""
    try:
        return path.read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""


if __name__ == "__main__":
    run([measure_memory], __doc__)
