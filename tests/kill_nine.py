"""Kills indexing runs with -9 at random moments, and looks at what they leave.

    python -m tests.kill_nine FOLDER --kills 30

runs the real command with the real encoder: a run is started, killed at a random moment after it
took the library's lock, the library is opened, and so on. A run that gets through is compared
with one that nobody disturbed. Then it goes on from nothing, or from a library that half of the
videos were in before, by turns. Exit status 1 when anything differs.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from indexer.errors import LibraryNotFound
from indexer.media.discovery import FoundVideo, find_videos
from tests.library_tools import Snapshot, assert_same_holdings, snapshot

REPOSITORY = Path(__file__).resolve().parent.parent
POLL_S = 0.005


@dataclass
class Tally:
    """What became of the runs."""

    mid_run: int = 0
    """Killed while they held the lock."""
    opened: int = 0
    """Kills after which the library opened, with clips that are all true."""
    not_found: int = 0
    """Kills after which there was no library yet: before the first generation."""
    finished: int = 0
    """Runs that got through, and left what an undisturbed one does."""


def torment(
    command: Sequence[str],
    library: Path,
    expected: Snapshot,
    kills: int,
    longest_s: float,
    seed: int,
    half: Path,
) -> Tally:
    """Start `command`, which indexes into `library`, until `kills` of its runs were killed.

    Each is killed 0 to `longest_s` seconds after it took the lock. `half` is a library to start
    from every other time. Raises AssertionError when the library does not open, or holds what it
    should not.
    """
    tally, chance = Tally(), random.Random(seed)
    while tally.mid_run < kills:
        if not library.exists() and tally.finished % 2 == 0:
            shutil.copytree(half, library)
        if run_and_kill(command, library, chance.uniform(0, longest_s)):
            tally.mid_run += 1
            look_at(library, expected, tally)
        else:
            finish(command, library, expected)
            tally.finished += 1
            shutil.rmtree(library)
    finish(command, library, expected)
    tally.finished += 1
    return tally


def run_and_kill(command: Sequence[str], library: Path, delay_s: float) -> bool:
    """Whether the run was killed at work; False when it ended by itself before."""
    process = subprocess.Popen(
        command, cwd=REPOSITORY, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    while process.poll() is None and not holds_lock(library, process.pid):
        time.sleep(POLL_S)
    try:
        process.wait(delay_s)
    except subprocess.TimeoutExpired:
        process.kill()
    return process.wait() < 0


def holds_lock(library: Path, pid: int) -> bool:
    lock = library / "indexer.lock"
    return lock.exists() and lock.read_text() == str(pid)


def look_at(library: Path, expected: Snapshot, tally: Tally) -> None:
    """Open what a killed run left: it holds nothing but true clips."""
    try:
        held = snapshot(library).holdings
    except LibraryNotFound:
        assert not (library / "CURRENT").exists()
        tally.not_found += 1
        return
    assert_same_holdings(held, {content: expected.holdings[content] for content in held})
    tally.opened += 1


def finish(command: Sequence[str], library: Path, expected: Snapshot) -> None:
    """Run once more, undisturbed, and compare with a library that never was disturbed."""
    run(command)
    found = snapshot(library)
    assert found.files == expected.files
    assert found.passages == expected.passages
    assert_same_holdings(found.holdings, expected.holdings)


def run(command: Sequence[str]) -> bytes:
    """What `command` prints. A failed file among others makes its exit status 1, and no matter."""
    return subprocess.run(command, cwd=REPOSITORY, stdout=subprocess.PIPE, check=False).stdout


def index(library: Path, *places: Path) -> list[str]:
    """The real command."""
    words = ["videobert", "index", "--json", "--library", str(library), *map(str, places)]
    return [sys.executable, "-m", *words]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--seed", type=int, default=9)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        calm, half, tormented = (Path(scratch, name) for name in ("calm", "half", "tormented"))
        folder = options.folder.resolve()
        report = json.loads(run(index(calm, folder)))
        print(f"undisturbed: {report['indexed']} videos in {report['elapsed_s']:.1f} s")
        videos = [found.path for found in find_videos(folder) if isinstance(found, FoundVideo)]
        run(index(half, *videos[::2]))
        longest_s = report["elapsed_s"] / 2
        tally = torment(
            index(tormented, folder),
            tormented,
            snapshot(calm),
            options.kills,
            longest_s,
            options.seed,
            half,
        )
    print(f"{tally.mid_run} runs killed at work, 0 to {longest_s:.1f} s after they began:")
    print(f"  the library opened after {tally.opened}, was not there yet after {tally.not_found}")
    print(f"  {tally.finished} runs were let through: contents, clip times and vectors (to 1e-6)")
    print("  are those of the undisturbed run")


if __name__ == "__main__":
    main()
