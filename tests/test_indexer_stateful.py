"""Whatever is done and interrupted: after an index, files = contents = clips = vectors."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    precondition,
    rule,
    run_state_machine_as_test,
)

from indexer import nightly, pipeline
from indexer.errors import LibraryMismatch, LibraryNotFound
from indexer.report import Report
from tests.conftest import ColourEncoder
from tests.library_tools import (
    Holding,
    assert_mirrors,
    assert_opens,
    assert_same_holdings,
    fault,
    snapshot,
    write_video,
)

NAMES = ("a.mp4", "b.mp4", "sub/a.mp4", "sub/ünï.mp4")
ENCODERS = ("c010u5", "0e1f")
EXAMPLES = os.environ.get("VIDEOBERT_TEST_EXAMPLES")
"""More sequences, and others each time, for whoever changes the indexer: 200 take 10 minutes."""


class Crash(BaseException):
    """Stands for a process that ends between two steps."""


@pytest.fixture(scope="module")
def masters(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Videos of six contents; the longest has several clips."""
    folder = tmp_path_factory.mktemp("masters")
    colours = [(250, 0, 0), (0, 250, 0), (0, 0, 250), (250, 250, 0), (0, 250, 250)]
    paths = [
        write_video(folder / f"{i}.mp4", colour, seconds=1 + i / 2)
        for i, colour in enumerate(colours)
    ]
    return [*paths, write_video(folder / "long.mp4", *colours, seconds=5)]


@pytest.fixture(scope="module")
def truth(masters: list[Path], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Holding]:
    """What an index made from scratch holds of each content."""
    library = tmp_path_factory.mktemp("truth")
    assert pipeline.index(library, masters, ColourEncoder()).ok
    return snapshot(library).holdings


class LibraryMachine(RuleBasedStateMachine):
    """A folder of videos that somebody works in, and a library of it that is kept up to date."""

    masters: list[Path]
    truth: dict[str, Holding]
    paths = Bundle("paths")

    def __init__(self) -> None:
        super().__init__()
        self.base = Path(tempfile.mkdtemp(prefix="videobert-test-"))
        self.folder = self.base / "videos"
        self.library = self.base / "library"
        self.encoder = ColourEncoder(ENCODERS[0])
        self.garbage = 0

    def teardown(self) -> None:
        shutil.rmtree(self.base)

    @initialize(target=paths)
    def start(self) -> object:
        """One video stays throughout: an emptied folder is taken for an unmounted disk."""
        (self.folder / "sub").mkdir(parents=True)
        shutil.copyfile(self.masters[0], self.folder / "anchor.mp4")
        return multiple(*(self.folder / name for name in NAMES))

    # what people do to their files

    @rule(path=paths, content=st.integers(0, 5))
    def put(self, path: Path, content: int) -> None:
        """A new file, or another content under a known path."""
        shutil.copyfile(self.masters[content], path)

    @rule(path=paths)
    def remove(self, path: Path) -> None:
        path.unlink(missing_ok=True)

    @rule(path=paths, to=paths)
    def rename(self, path: Path, to: Path) -> None:
        if path.exists():
            path.rename(to)

    @rule(path=paths, to=paths)
    def copy(self, path: Path, to: Path) -> None:
        if path.exists() and path != to:
            shutil.copy2(path, to)

    @rule(path=paths)
    def touch(self, path: Path) -> None:
        if path.exists():
            os.utime(path)

    @rule(path=paths)
    def break_it(self, path: Path) -> None:
        self.garbage += 1
        path.write_bytes(b"no video at all" * self.garbage)

    # what the library does

    @rule()
    def index(self) -> None:
        self.check_full_run(self.run_index())

    @rule()
    def rebuild(self) -> None:
        with contextlib.suppress(LibraryNotFound):
            self.check_full_run(nightly.rebuild(self.library, self.encoder))

    @rule()
    def index_again(self) -> None:
        """With nothing in between the second run decodes nothing and publishes nothing."""
        generation, seen = self.run_index().generation, self.encoder.frames_seen
        second = self.run_index()
        assert (second.generation, self.encoder.frames_seen) == (generation, seen)
        self.check_full_run(second)

    @rule(to=st.integers(1, 9))
    def rollback(self, to: int) -> None:
        try:
            assert nightly.rollback(self.library, to) == to
        except (LibraryNotFound, LibraryMismatch):
            return
        assert int((self.library / "CURRENT").read_text()) == to

    @rule(encoder=st.sampled_from(ENCODERS))
    def change_model(self, encoder: str) -> None:
        self.encoder = ColourEncoder(encoder)

    @rule(at=st.integers(0, 45), kind=st.sampled_from((KeyboardInterrupt, Crash, OSError)))
    def cut_short_index(self, at: int, kind: type[BaseException]) -> None:
        self.cut_short(self.run_index, at, kind)

    @precondition(lambda self: (self.library / "catalog.sqlite").exists())
    @rule(at=st.integers(0, 45), kind=st.sampled_from((KeyboardInterrupt, Crash, OSError)))
    def cut_short_rebuild(self, at: int, kind: type[BaseException]) -> None:
        self.cut_short(lambda: nightly.rebuild(self.library, self.encoder), at, kind)

    @rule(at=st.integers(0, 8), to=st.integers(1, 9))
    def cut_short_rollback(self, at: int, to: int) -> None:
        with contextlib.suppress(LibraryMismatch, LibraryNotFound):
            self.cut_short(lambda: nightly.rollback(self.library, to), at, Crash)

    @invariant()
    def the_library_opens_and_is_true(self) -> None:
        assert_opens(self.library, self.truth)

    def run_index(self) -> Report:
        return pipeline.index(self.library, [self.folder], self.encoder)

    def cut_short(
        self, run: Callable[[], Report | int], at: int, kind: type[BaseException]
    ) -> None:
        def stop() -> None:
            raise kind("at this step")

        before = self.held()
        with fault(self.library, at, stop) as armed:
            try:
                report = run()
            except kind:
                report = None
        if isinstance(report, Report) and armed.steps <= at:
            self.check_full_run(report)
        elif isinstance(report, Report) and report.generation is not None and not report.ok:
            # what was there and still has a file must not drop out because of Ctrl-C
            lost = before.keys() - self.held().keys()
            assert not lost & set(snapshot(self.library).files.values())

    def held(self) -> dict[str, Holding]:
        try:
            return snapshot(self.library).holdings
        except LibraryNotFound:
            return {}

    def check_full_run(self, report: Report) -> None:
        assert not report.interrupted
        assert {failure.code for failure in report.failed} <= {"NotAVideo"}, report.summary()
        assert_mirrors(self.library, self.folder, self.truth)
        assert report.clips == sum(len(h.times) for h in snapshot(self.library).holdings.values())


def test_whatever_happens_files_contents_clips_and_vectors_agree(
    masters: list[Path], truth: dict[str, Holding]
):
    LibraryMachine.masters, LibraryMachine.truth = masters, truth
    assert len({path.stat().st_size for path in masters}) == len(masters)
    run_state_machine_as_test(
        LibraryMachine,
        settings=settings(
            max_examples=int(EXAMPLES or 10),
            stateful_step_count=14,
            deadline=None,
            derandomize=EXAMPLES is None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_the_truth_can_be_computed_by_eye(masters: list[Path], truth: dict[str, Holding]):
    from indexer.hashing import content_hash

    red = truth[content_hash(masters[0])]
    np_red = ColourEncoder().encode_text(["red"])[0]
    assert red.times.tolist() == [[0.0, 1.0]]
    assert float(red.vectors[0] @ np_red) > 0.99
    long = truth[content_hash(masters[-1])]
    assert long.times[-1].tolist() == [16.5, 25.0]
    assert_same_holdings({"x": long}, {"x": long})
