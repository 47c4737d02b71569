"""Indexes with the colour encoder, in a process that may be killed; for test_indexer_kills.py.

python -m tests.index_colours LIBRARY FOLDER                 index, as `videobert index` does
python -m tests.index_colours LIBRARY FOLDER --each-step TRUTH
    again and again from the same state, killed before the first, second, third ... change to
    the library's disk, until a run gets through
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

from indexer import pipeline
from tests.conftest import ColourEncoder
from tests.library_tools import (
    Passage,
    Snapshot,
    assert_mirrors,
    assert_opens,
    fault,
    snapshot,
)


def main(library: Path, folder: Path, truth: Path | None) -> None:
    """Exit status 0 when all went well."""
    if truth is None:
        sys.exit(not pipeline.index(library, [folder], ColourEncoder()).ok)
    print(json.dumps(kill_at_each_step(library, folder, truth)))


def kill_at_each_step(library: Path, folder: Path, truth: Path) -> list[bool]:
    """For each step whether the library opened after the kill and could be brought up to date.

    Children are forked, not started: importing everything each time would take longest.
    """
    before = library.with_name("before")
    library.rename(before)
    survived: list[bool] = []
    while True:
        shutil.copytree(before, library)
        status = in_child(lambda: index_until(library, folder, len(survived)))
        if status != -signal.SIGKILL:
            assert status == 0
            return survived
        survived.append(in_child(lambda: recover(library, folder, truth)) == 0)
        shutil.rmtree(library)


def index_until(library: Path, folder: Path, step: int) -> None:
    def die() -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    with fault(library, step, die):
        pipeline.index(library, [folder], ColourEncoder())


def recover(library: Path, folder: Path, truth: Path) -> None:
    """After a kill: it opens as it was or as it was to be, and the next run finishes the job."""
    expected = snapshot(truth)
    holdings = expected.holdings
    assert_opens(library, holdings)
    report = pipeline.index(library, [folder], ColourEncoder())
    assert report.ok
    assert_mirrors(library, folder, holdings)
    assert said(snapshot(library)) == said(expected)
    left = [path for path in library.rglob(".*") if path.parent != library / "media"]
    assert left == [], f"left behind: {left}"


def said(held: Snapshot) -> dict[str, list[Passage]]:
    """What `masters`, which only the truth has, cannot differ in."""
    return {
        content: rows
        for content, passages in held.passages.items()
        if (rows := [row for row in passages if row[0] == "speech"])
    }


def in_child(work: Callable[[], None]) -> int:
    """The exit status of `work` in a forked process; below 0 the signal that ended it."""
    child = os.fork()
    if child == 0:
        try:
            work()
        except BaseException:  # noqa: BLE001 - the child ends here, whatever it was
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


if __name__ == "__main__":
    places = [Path(argument) for argument in sys.argv[1:] if argument != "--each-step"]
    main(places[0], places[1], places[2] if len(places) > 2 else None)
