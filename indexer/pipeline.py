"""From video files to a live index: scan -> hash -> decode -> encode -> shard -> publish."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from indexer.assembly import Assembly
from indexer.channels.registry import channels_of
from indexer.channels.update import update_channels
from indexer.channels.video import channel_videos
from indexer.copies.update import update_copies
from indexer.errors import LibraryMismatch
from indexer.intake import Intake, file_record
from indexer.media.isolation import DecoderPool
from indexer.media.jobs import Failed, Finished, Frames, Opened
from indexer.media.parts import recipes
from indexer.progress import Progress
from indexer.readings import Readings
from indexer.report import Failure, Report
from indexer.scanning import Changes, is_root, scan
from indexer.store.candidate import Accept, Verify
from indexer.store.config import LibraryConfig, add_roots
from indexer.store.generation import current_generation
from indexer.store.pruning import prune
from indexer.store.publisher import Publisher
from indexer.store.shards import write_shard
from indexer.store.writer import LibraryWriter, open_for_writing
from indexer.verification import verify_candidate
from model.encoder import Encoder, languages_of
from model.interrupts import uninterrupted


def index(
    root: Path,
    places: Iterable[Path],
    encoder: Encoder,
    *,
    progress: Progress | None = None,
    retry_failed: bool = False,
) -> Report:
    """Bring the library at `root` up to date with the folders and files `places`.

    Whatever a file does is in the report; what is wrong with the library raises LibraryError.
    """
    places = [place.resolve() for place in places]
    with open_for_writing(root) as library, progress or Progress(quiet=True) as bar:
        run = library.catalog.start_run("index")
        add_roots(library.paths.config, [place for place in places if is_root(place)])
        report = refresh(library, places, encoder, bar, retry_failed=retry_failed)
        publish(library, encoder, report, verify_candidate)
        library.catalog.finish_run(run, report.to_json())
    return report


def refresh(
    library: LibraryWriter,
    places: Iterable[Path],
    encoder: Encoder,
    progress: Progress,
    *,
    retry_failed: bool = False,
    thorough: bool = False,
) -> Report:
    """Bring shards and catalog up to date with `places`; the generations stay as they are.

    `thorough` reads what lies on disk where it would be trusted otherwise. Ctrl-C ends it early:
    what is finished stays, and the report says `interrupted`.
    """
    started = time.monotonic()
    catalog, config = library.catalog, LibraryConfig.load(library.paths.config)
    readings = Readings(library.paths, catalog.words, recipes(screen=config.screen))
    channels = channels_of(library, readings)  # what is set up wrongly shows before hours of work
    settled = catalog.encoded(encoder.fingerprint) & readings.complete
    changes = scan(places, catalog.files(), settled, retry_failed=retry_failed)
    report = _report_of(changes)
    progress.start(len(changes.new), sum(file.size_bytes for file in changes.new))
    try:
        _decode(library, changes, encoder, report, progress, readings)
        with uninterrupted():
            catalog.remove_files([record.path for record in changes.missing])
            report.removed = len(changes.missing) - report.renamed
        videos = channel_videos(catalog)
        update_channels(
            library, encoder, channels, videos, report, thorough=thorough, note=progress.note
        )
        update_copies(catalog.copies, readings, videos)
    except KeyboardInterrupt:
        report.interrupted = True
    report.elapsed_s = time.monotonic() - started
    return report


def publish(
    library: LibraryWriter,
    encoder: Encoder,
    report: Report,
    verify: Verify,
    *,
    accept: Accept | None = None,
    from_shards: bool = False,
) -> None:
    """Make a generation of what `refresh` found, and make it live. Raises GenerationRefused.

    Not while videos of the live one wait to be encoded by a new encoder, or anew after Ctrl-C:
    they would no longer be found. The report then says so, and the live one stays.
    """
    publisher = Publisher(
        library.paths,
        library.catalog,
        encoder.fingerprint,
        encoder.dim,
        languages_of(encoder),
    )
    if waiting := publisher.left_behind(interrupted=report.interrupted):
        error = _unfinished(library.paths.root, waiting, encoder)
        report.failed.append(Failure.of(str(library.paths.root), error))
        report.generation = current_generation(library.paths)
    else:
        report.generation = publisher.publish(verify, accept=accept, from_shards=from_shards)
        prune(library.paths, library.catalog, encoder.fingerprint)
    if report.generation is not None:
        report.clips = library.catalog.census(report.generation)[0]


def _decode(
    library: LibraryWriter,
    changes: Changes,
    encoder: Encoder,
    report: Report,
    progress: Progress,
    readings: Readings,
) -> None:
    """Decode what has to be, several files at once in processes of their own; encode it here."""
    intake = Intake(library, encoder, changes, report, progress, readings)
    assembly = Assembly(encoder)
    sizes = {file.path: file.size_bytes for file in changes.new}
    with (
        closing(intake.jobs()) as jobs,
        DecoderPool(size=encoder.frame_size) as pool,
    ):
        for event in pool.decode(jobs):
            content = str(event.job.key)
            if isinstance(event, Opened):
                progress.opened(content, sizes[event.job.path], event.duration_s)
            elif isinstance(event, Frames):
                progress.encoded(content, assembly.add(content, event), event.job.path.name)
            elif isinstance(event, Failed):
                assembly.drop(content)
                progress.closed(content)
                intake.fail(event.job, event.error)
            else:
                progress.closed(content)
                _keep(library, content, event, assembly, intake, report, readings)


@uninterrupted()
def _keep(
    library: LibraryWriter,
    content: str,
    event: Finished,
    assembly: Assembly,
    intake: Intake,
    report: Report,
    readings: Readings,
) -> None:
    """Write a finished video's shard, then enter it: in this order a kill loses nothing.

    Ctrl-C waits for its end, so that the report counts what the catalog holds.
    """
    files = intake.files(content, event.job.path)
    if not files:
        assembly.drop(content)
        if event.job.artwork_dir is not None:
            shutil.rmtree(event.job.artwork_dir, ignore_errors=True)
        return
    records = [file_record(file, content) for file in files]
    if event.job.frames:
        shard = assembly.finish(content, event.info, files[0].size_bytes)
        write_shard(library.paths.shard(shard.encoder, content), shard)
        library.catalog.add_shard(shard, records)
        report.indexed += 1
        report.video_s += event.info.duration_s
    else:
        library.catalog.put_files(records)
        report.reread += 1
    readings.enter(content, event.reading, event.job.parts)
    intake.done(content, files)
    if event.info.warnings:
        report.warnings[str(event.job.path)] = event.info.warnings


def _report_of(changes: Changes) -> Report:
    """What the scan alone tells."""
    report = Report(unchanged=len(changes.unchanged))
    for record in changes.still_failed:
        failure = Failure(record.path, record.error_code or "", record.error or "")
        report.failed.append(failure)
    report.failed += [Failure.of(trouble.path, trouble) for trouble in changes.troubles]
    return report


def _unfinished(root: Path, waiting: int, encoder: Encoder) -> LibraryMismatch:
    return LibraryMismatch(
        f"{root}: the live generation stays, because {waiting} of its videos are not encoded by "
        f"encoder {encoder.fingerprint} yet. Run `videobert rebuild`; mount folders that are "
        "missing first, or run `videobert forget` on them."
    )
