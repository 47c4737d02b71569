"""`videobert train`: from the narration of a library to a model of its own, if that is better."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from indexer.errors import UnreadableFile
from indexer.narration import Narration, captioned_pairs, narrated_pairs
from indexer.own_model import current_checkpoint, install
from indexer.run_origin import RunOrigin
from indexer.store.library import Library
from indexer.store.paths import LibraryPaths
from indexer.training_report import TrainingReport

if TYPE_CHECKING:
    from model.training.trainer import Prepared

Say = Callable[[str], None]
REQUEST = "request.json"


@dataclass(frozen=True)
class TrainingRequest:
    """What the user asked for."""

    captions: Path | None = None
    """CSV of `video,caption`; without it the subtitles beside the videos are read."""
    steps: int | None = None
    device: str = "auto"
    """"auto", "cpu" or "cuda"."""
    seed: int = 1
    resume: Path | None = None
    """Folder of a run to go on with, by its own choices."""
    dry_run: bool = False

    def write(self, run: Path) -> None:
        """Note it in the run's folder."""
        values = asdict(self) | {
            "captions": str(self.captions.resolve()) if self.captions else None
        }
        run.mkdir(parents=True, exist_ok=True)
        (run / REQUEST).write_text(json.dumps(values | {"resume": None}, indent=2) + "\n", "utf-8")

    @classmethod
    def read(cls, run: Path) -> TrainingRequest:
        """The request of a run, to go on with it. Raises UnreadableFile."""
        path = run / REQUEST
        try:
            values = json.loads(path.read_text("utf-8"))
            captions = Path(values["captions"]) if values["captions"] else None
            return cls(**values | {"captions": captions, "resume": run})
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise UnreadableFile(
                path, f"no run to go on with ({error})", "Start a new one without --resume."
            ) from error


def train_library(
    root: Path, request: TrainingRequest, say: Say = lambda line: None
) -> TrainingReport:
    """Train on what is narrated in the library at `root`; a model that is accepted becomes its.

    The vectors stay as they are until `rebuild`, and nothing is locked meanwhile. Raises
    LibraryNotFound, LibraryMismatch when the vectors are not of the library's model, LibraryBusy
    when the library is being indexed at the end, UnreadableFile for the captions, and ModelError.
    """
    from model.registry import load_encoder
    from model.training.checkpointing import load_student, save_student
    from model.training.device import training_device
    from model.training.trainer import TrainSettings, prepare, train

    if request.resume is not None:
        request = replace(TrainingRequest.read(request.resume), dry_run=request.dry_run)
    checkpoint = current_checkpoint(root)
    with Library.open(root, encoder=checkpoint.fingerprint) as library:
        narration = narration_of(library, checkpoint.fingerprint, request.captions)
    device, resume = training_device(request.device), request.resume is not None
    settings = TrainSettings(device, request.steps, request.seed, resume)
    prepared = prepare(narration.pairs, settings)
    report = _report(narration, prepared)
    if request.dry_run or not prepared.plan.steps:
        return report
    paths = LibraryPaths(root)
    report.run = request.resume or paths.training / f"{datetime.now():%Y%m%d-%H%M%S}"
    if not resume:
        origin = RunOrigin.of(checkpoint.fingerprint, (pair.video for pair in narration.pairs))
        origin.write(report.run)
        request.write(report.run)
    open_folder = partial(load_encoder, device=device)
    report.outcome = outcome = train(
        load_student(checkpoint),
        open_folder(checkpoint.folder),
        narration.pairs,
        report.run,
        settings,
        save=partial(save_student, base=checkpoint),
        reopen=open_folder,
        say=say,
    )
    report.interrupted = outcome.fitted is not None and outcome.fitted.interrupted
    if outcome.decision is not None and outcome.decision.accepted and outcome.candidate is not None:
        report.model = install(paths, outcome.candidate)
    return report


def narration_of(library: Library, encoder: str, captions: Path | None) -> Narration:
    """What is said in its videos: by a CSV, or by the subtitles beside them."""
    if captions is not None:
        return captioned_pairs(library.paths, library.catalog, encoder, captions)
    return narrated_pairs(library.paths, library.catalog, encoder)


def _report(narration: Narration, prepared: Prepared) -> TrainingReport:
    plan, split = prepared.plan, prepared.split
    return TrainingReport(
        videos=narration.videos,
        narrated=narration.narrated,
        pairs=len(narration.pairs),
        held_out=len(split.held_out),
        scope=plan.scope.value,
        steps=plan.steps,
        why=plan.why,
        failed=narration.failed,
    )
