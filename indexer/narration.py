"""Training pairs out of a library: what is said, by subtitles or a CSV, and what is seen."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from indexer.captions import Caption, read_captions
from indexer.errors import CorruptShard, UnreadableFile
from indexer.media.subtitle_files import read_subtitles
from indexer.media.subtitle_sidecars import SidecarFinder
from indexer.report import Failure
from indexer.segments import CLIP_TOKENS, TOKEN_S
from indexer.store.catalog import Catalog
from indexer.store.paths import LibraryPaths
from indexer.store.records import FileRecord
from indexer.store.shards import Shard, read_shard
from indexer.video_names import VideoNames
from model.sentences import Cue, SentenceSplitter
from model.training.pairs import TrainingPair

LANGUAGES = ("en", "")
"""Read for training: the text model knows English, and most files that name no language are."""
MOST_TOKENS = 64
"""Visual tokens of a pair: what a sequence of the network holds."""


@dataclass
class Narration:
    """The pairs of a library, and what could not be used."""

    pairs: list[TrainingPair] = field(default_factory=list)
    videos: int = 0
    """Looked at."""
    narrated: int = 0
    """Of which something is said."""
    failed: list[Failure] = field(default_factory=list)


def narrated_pairs(paths: LibraryPaths, catalog: Catalog, encoder: str) -> Narration:
    """Sentences of the subtitle files beside the videos, each with the tokens around it.

    Tokens come from the shards of `encoder`: no video is opened. Files and shards that cannot be
    read are in `failed`.
    """
    found = Narration()
    finder = SidecarFinder()
    cues: list[tuple[Shard, Sequence[Cue]]] = []
    for shard, files in video_shards(paths, catalog, encoder, found):
        copies = [Path(file.path) for file in files]
        if spoken := _cues_beside(copies, finder, shard.info.fps, found):
            cues.append((shard, spoken))
    split = SentenceSplitter(spoken for _, spoken in cues)
    for shard, spoken in cues:
        sentences = [s for s in split(spoken) if s.start_s < shard.info.duration_s]
        pairs = [_pair(shard, s.start_s, s.end_s, s.text) for s in sentences]
        found.pairs += pairs
        found.narrated += bool(pairs)
    return found


def captioned_pairs(
    paths: LibraryPaths, catalog: Catalog, encoder: str, captions: Path
) -> Narration:
    """Rows of a CSV with the columns `video` and `caption`, each with the whole video.

    Videos are named as `VideoNames` finds them, relative paths from the CSV's folder. Raises
    UnreadableFile for the CSV; videos that are not in the library are in `failed`.
    """
    rows = read_captions(captions)
    found = Narration()
    contents: dict[str, str] = {}
    shards: dict[str, Shard] = {}
    for shard, files in video_shards(paths, catalog, encoder, found):
        shards[shard.content] = shard
        contents.update((file.path, shard.content) for file in files)
    names = VideoNames(contents)
    for row in rows:
        named = [shards[content] for content in names.find(row.video, captions.parent)]
        if len(named) == 1:
            found.pairs.append(_pair(named[0], 0.0, named[0].info.duration_s, row.text))
        else:
            found.failed.append(Failure.of(row.video, _unnamed(row, captions, named)))
    found.narrated = len({pair.video for pair in found.pairs})
    return found


def _unnamed(row: Caption, captions: Path, named: list[Shard]) -> UnreadableFile:
    reason = "several videos have this name" if named else "it is not in the library"
    remedy = f"Write its path in {captions}:{row.line}, or run `videobert index` on it."
    return UnreadableFile(row.video, reason, remedy)


def video_shards(
    paths: LibraryPaths, catalog: Catalog, encoder: str, found: Narration
) -> Iterator[tuple[Shard, list[FileRecord]]]:
    """Every video of the library, with the files that hold it, by path.

    `found` counts them, and notes shards that cannot be read.
    """
    files: dict[str, list[FileRecord]] = {}
    for _, record in sorted(catalog.files().items()):
        if record.content is not None:
            files.setdefault(record.content, []).append(record)
    for encoding in catalog.live_encodings(encoder):
        found.videos += 1
        try:
            shard = read_shard(paths.shard(encoder, encoding.content))
        except CorruptShard as error:
            found.failed.append(Failure.of(files[encoding.content][0].path, error))
            continue
        except FileNotFoundError:
            continue  # `rebuild` makes it again
        yield shard, files[encoding.content]


def _cues_beside(
    files: Iterable[Path], finder: SidecarFinder, fps: float | None, found: Narration
) -> Sequence[Cue]:
    """Of the first subtitle file that can be read, of whichever copy of the video."""
    for file in files:
        for sidecar in finder.beside(file):
            if sidecar.forced or sidecar.language not in LANGUAGES:
                continue
            try:
                transcript = read_subtitles(sidecar.path, fps)
            except UnreadableFile as error:
                found.failed.append(Failure.of(str(sidecar.path), error))
                continue
            if transcript.language in LANGUAGES:  # the file itself may say more than its name
                return transcript.cues
    return ()


def _pair(shard: Shard, start_s: float, end_s: float, text: str) -> TrainingPair:
    """A sentence with its tokens, and as many around them as a clip of the index has."""
    total = len(shard.tokens)
    first = min(max(0, math.floor(start_s / TOKEN_S)), total - 1)
    last = min(max(first + 1, math.ceil(end_s / TOKEN_S)), total)
    wanted = min(max(last - first, min(CLIP_TOKENS, total)), MOST_TOKENS)
    start = min(max(0, (first + last - wanted) // 2), total - wanted)
    return TrainingPair(
        video=shard.content,
        tokens=shard.tokens[start : start + wanted],
        start_s=start * TOKEN_S,
        end_s=(start + wanted) * TOKEN_S,
        text=text,
    )
