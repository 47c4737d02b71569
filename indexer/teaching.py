"""`videobert train --teacher`: a large tower looks at the library once, and the small model learns.

Search stays on the small model. See `model.towers.distil` for how.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from indexer.errors import CorruptShard
from indexer.narration import Narration, video_shards
from indexer.own_model import current_checkpoint, install
from indexer.report import Failure
from indexer.run_origin import RunOrigin
from indexer.store.library import Library
from indexer.store.paths import LibraryPaths
from indexer.store.shards import Shard, existing_shard
from indexer.teaching_report import TeachingReport
from indexer.training import narration_of
from indexer.watching import WatchedVideo, watch
from model.checkpoint import Checkpoint

if TYPE_CHECKING:
    from model.training.pairs import TrainingPair
    from model.training.teaching import SeenVideo

Say = Callable[[str], None]
FEWEST_VIDEOS = 8
"""Below that, two to judge by leave too few to learn from."""
MOST_TOKENS = 100_000
"""Tokens that are learnt from, 42 hours: more tell little, and the teacher is slow."""


@dataclass(frozen=True)
class TeachingRequest:
    """What the user asked for."""

    teacher: str
    """A name of `model.towers.registry`, of a tower that reads too."""
    captions: Path | None = None
    """CSV of `video,caption`; without it the subtitles beside the videos are read."""
    device: str = "auto"
    """"auto", "cpu" or "cuda"."""
    seed: int = 1
    dry_run: bool = False


def teach_library(
    root: Path, request: TeachingRequest, say: Say = lambda line: None
) -> TeachingReport:
    """Let the teacher judge the library's own frames; a model that is accepted becomes its.

    What the teacher saw of a video is kept beside the runs, so that a run that was cut short is
    soon where it was. The vectors stay as they are until `rebuild`, and nothing is locked
    meanwhile. Raises LibraryNotFound, LibraryMismatch when the vectors are not of the library's
    model, LibraryBusy when the library is being indexed at the end, and ModelError.
    """
    checkpoint = current_checkpoint(root)
    with Library.open(root, encoder=checkpoint.fingerprint) as library:
        narration = narration_of(library, checkpoint.fingerprint, request.captions)
        chosen, total = _chosen(library, checkpoint.fingerprint)
    report = TeachingReport(
        teacher=request.teacher,
        videos=total,
        narrated=narration.narrated,
        pairs=len(narration.pairs),
        chosen=len(chosen),
        failed=narration.failed,
    )
    if len(chosen) < FEWEST_VIDEOS:
        report.why = _too_few(len(chosen))
    elif request.dry_run:
        report.why = f"{sum(video.tokens for video in chosen)} tokens of 1.5 s would be looked at."
    else:
        _teach(LibraryPaths(root), request, checkpoint, chosen, narration.pairs, report, say)
    return report


def _teach(
    paths: LibraryPaths,
    request: TeachingRequest,
    checkpoint: Checkpoint,
    chosen: list[WatchedVideo],
    pairs: list[TrainingPair],
    report: TeachingReport,
    say: Say,
) -> None:
    from model.registry import load_encoder
    from model.towers.registry import open_dual_tower
    from model.towers.tower_encoder import TowerEncoder
    from model.training.checkpointing import load_student, save_student
    from model.training.device import training_device
    from model.training.teaching import teach

    device = training_device(request.device)
    tower = open_dual_tower(request.teacher, device)
    shards = watch(paths, TowerEncoder(tower), chosen, report.failed, say)
    seen = _seen(paths, checkpoint.fingerprint, shards, report.failed)
    videos = sorted(seen, key=lambda video: video.video)  # they come as they are read
    if len(videos) < FEWEST_VIDEOS:
        report.why = _too_few(len(videos))
        return
    open_folder = partial(load_encoder, device=device)
    report.run = paths.training / f"{datetime.now():%Y%m%d-%H%M%S}"
    learnt = [video.video for video in videos] + [pair.video for pair in pairs]
    RunOrigin.of(checkpoint.fingerprint, learnt).write(report.run)
    report.taught = teach(
        load_student(checkpoint),
        open_folder(checkpoint.folder),
        tower,
        videos,
        pairs,
        report.run,
        seed=request.seed,
        save=partial(save_student, base=checkpoint),
        reopen=open_folder,
        say=say,
    )
    if report.taught.decision.accepted:
        report.model = install(paths, report.taught.candidate)


def _chosen(library: Library, encoder: str) -> tuple[list[WatchedVideo], int]:
    """Videos to look at, and how many there are. By content hash: that is as good as by lot."""
    noted = Narration()  # its failures are those that the narration has noted already
    videos = [
        WatchedVideo(shard.content, len(shard.tokens), files)
        for shard, files in video_shards(library.paths, library.catalog, encoder, noted)
    ]
    chosen: list[WatchedVideo] = []
    tokens = 0
    for video in sorted(videos, key=lambda video: video.content):
        if tokens >= MOST_TOKENS and len(chosen) >= FEWEST_VIDEOS:
            break
        chosen.append(video)
        tokens += video.tokens
    return chosen, noted.videos


def _seen(
    paths: LibraryPaths, encoder: str, shards: Iterator[Shard], failed: list[Failure]
) -> Iterator[SeenVideo]:
    """The student's tokens beside the teacher's; those that cannot be read are in `failed`."""
    from model.towers.torch_tower import unit
    from model.training.teaching import SeenVideo

    for shard in shards:
        try:
            tokens = existing_shard(paths.shard(encoder, shard.content)).tokens
        except CorruptShard as error:
            failed.append(Failure.of(str(paths.shard(encoder, shard.content)), error))
            continue
        count = min(len(tokens), len(shard.tokens))
        seen = unit(shard.tokens[:count].astype(np.float32))
        yield SeenVideo(shard.content, tokens[:count], seen)


def _too_few(count: int) -> str:
    return (
        f"Nothing is taught: {count} videos can be looked at, and with fewer than {FEWEST_VIDEOS} "
        "there is nothing to tell a better model by. Index more of them first."
    )
