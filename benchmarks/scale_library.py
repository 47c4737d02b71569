"""Makes a large library out of a small one: as many clips as the archive of a film club.

    python -m benchmarks.scale_library --data FOLDER --keep FOLDER [--videos N]

Its vectors lie around those of real clips, its sentences and names are real captions, and it is
written by the project's own writers. No video file belongs to it.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.library import captioned_library
from indexer.media.details import Details
from indexer.media.reader import VideoInfo
from indexer.segments import clip_bounds, clip_times
from indexer.store.catalog_writer import CatalogWriter
from indexer.store.library import Library
from indexer.store.paths import LibraryPaths
from indexer.store.publisher import Publisher
from indexer.store.records import FileRecord, NewPassage, SourceRecord
from indexer.store.sentences import SentenceVectors, write_sentences
from indexer.store.shards import Shard, existing_shard, write_shard
from indexer.verification import verify_candidate
from model.encoder import Encoder
from model.registry import load_encoder

VIDEOS = 5000
CLIPS = 20
"""Clips of a video: 94.5 s."""
SENTENCES = 2
"""What a video says."""
SPOKEN = 2000
"""Different sentences: people say the same again, and encoding each is the slowest part of this."""
TOKENS = 40
"""Kept of the 63 that a video has, to spare the disk: a second look at its end sees one only."""
RARE = 100
"""Tags `rare0`, `rare1`, ... that about 1 % of the videos have each; 90 % have `common`."""
_SCENE = 5
"""Clips in a row that show the same."""
_SCATTER = 0.75
"""Length of the noise: cosine 0.8 to the real clip."""
_DURATION_S = 94.5
_EPOCH = datetime(2020, 1, 1, tzinfo=UTC)

Float32 = NDArray[np.float32]


@dataclass(frozen=True)
class Seed:
    """What is real: clip vectors (N, dim), tokens (T, feature_dim), sentences with vectors."""

    clips: Float32
    tokens: NDArray[np.float16]
    texts: Sequence[str]
    vectors: Float32
    names: Sequence[str]
    encoder: Encoder

    @classmethod
    def of(cls, library: Library, encoder: Encoder, texts: Sequence[str]) -> Seed:
        """The clips of an indexed library, `texts` as `encoder` reads them, and as names."""
        store = library.generation.vectors
        live = library.catalog.live_encodings(encoder.fingerprint)
        shards = (
            existing_shard(library.paths.shard(encoder.fingerprint, one.content)) for one in live
        )
        tokens = np.concatenate([shard.tokens for shard in shards])
        said = texts[:SPOKEN]
        vectors = encoder.encode_text(said)
        return cls(store.vectors(store.ids()), tokens, said, vectors, texts, encoder)


def caption_texts(data: Path) -> list[str]:
    """Captions of photographs, each once, in an order of chance that is always the same."""
    lines: list[str] = []
    for path in sorted((data / "caption_text").glob("*.tsv")):
        lines += path.read_text("utf-8").splitlines()[1:]
    found = dict.fromkeys(" ".join(line.partition("\t")[2].split()) for line in lines)
    texts = [text for text in found if text]
    return [texts[i] for i in np.random.default_rng(0).permutation(len(texts))]


def make_scale_library(folder: Path, seed: Seed, videos: int = VIDEOS) -> None:
    """`videos` videos of `CLIPS` clips each, as a live library in `folder`, which has none."""
    chance = np.random.default_rng(0)
    paths, encoder = LibraryPaths(folder), seed.encoder.fingerprint
    folder.mkdir(parents=True, exist_ok=True)
    with closing(CatalogWriter(paths.catalog)) as catalog:
        for number in range(videos):
            _add(catalog, paths, seed, number, chance)
        Publisher(paths, catalog, encoder, seed.encoder.dim).publish(verify_candidate)


@contextmanager
def seed_of(data: Path, library: Path | None = None) -> Iterator[Seed]:
    """Of the captioned videos: `library` is theirs, or they are indexed now."""
    texts = caption_texts(data)
    if library is None:
        with captioned_library(data) as (folder, encoder), closing(Library.open(folder)) as opened:
            yield Seed.of(opened, encoder, texts)
        return
    encoder = load_encoder()
    with closing(Library.open(library, encoder=encoder.fingerprint)) as opened:
        yield Seed.of(opened, encoder, texts)


def _add(
    catalog: CatalogWriter,
    paths: LibraryPaths,
    seed: Seed,
    number: int,
    chance: np.random.Generator,
) -> None:
    """One video: its shard, then its name, and what it says."""
    shard = _shard(seed, number, chance)
    write_shard(paths.shard(shard.encoder, shard.content), shard)
    said = chance.integers(len(seed.texts), size=SENTENCES)
    name = seed.names[number % len(seed.names)].replace("/", " ")
    path = f"/films/{number % RARE}/{name[:150]} {number}.mp4"
    mtime_ns = int((_EPOCH + timedelta(hours=number)).timestamp()) * 10**9
    catalog.add_shard(shard, [FileRecord(path, 1, mtime_ns, shard.content, None, None)])
    video = number + 1  # the first of an empty catalog
    tags = (f"rare{chance.integers(RARE)}", *["common"] * bool(chance.random() < 0.9))
    source = SourceRecord("made", "captions")
    catalog.words.replace(
        video, "name", source, [NewPassage(Path(path).stem)], Details(title=name, tags=tags)
    )
    sentences = SentenceVectors("made", np.arange(SENTENCES, dtype=np.int32), seed.vectors[said])
    write_sentences(paths.speech(shard.encoder, shard.content), sentences)
    catalog.words.replace(video, "speech", source, list(_spoken(seed, said, chance)))


def _spoken(
    seed: Seed, said: NDArray[np.int64], chance: np.random.Generator
) -> Iterator[NewPassage]:
    """One sentence after another, 3 s each, somewhere in the video."""
    share = _DURATION_S / len(said)
    for place, i in enumerate(said.tolist()):
        start_s = float(np.round(place * share + chance.uniform(0, share - 4), 1))
        yield NewPassage(seed.texts[i], start_s, start_s + 3, "en")


def _shard(seed: Seed, number: int, chance: np.random.Generator) -> Shard:
    """Scenes of some clips each, around real clips; tokens are real ones."""
    scenes = chance.integers(len(seed.clips), size=CLIPS // _SCENE)
    centres = seed.clips[np.repeat(scenes, _SCENE)]
    noise = chance.standard_normal(centres.shape, np.float32) / np.sqrt(centres.shape[1])
    clips = centres + np.float32(_SCATTER) * noise
    first = int(chance.integers(max(1, len(seed.tokens) - TOKENS)))
    bounds = clip_bounds(round(_DURATION_S / 1.5))
    return Shard(
        encoder=seed.encoder.fingerprint,
        content=f"{number:064x}",
        size_bytes=1,
        info=VideoInfo(_DURATION_S, 640, 360, 25.0, "h264", "mov,mp4,m4a,3gp,3g2,mj2", 189),
        tokens=seed.tokens[first : first + TOKENS],
        clips=np.asarray(clips / np.linalg.norm(clips, axis=1, keepdims=True), np.float32),
        clip_times=clip_times(bounds, _DURATION_S),
        features=seed.encoder.feature_fingerprint,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of the research data")
    parser.add_argument("--keep", type=Path, required=True, help="where to make it")
    parser.add_argument("--videos", type=int, default=VIDEOS)
    parser.add_argument(
        "--seed-library", type=Path, help="an indexed library of captioned_videos, to save time"
    )
    options = parser.parse_args()
    if options.keep.exists() and any(options.keep.iterdir()):
        parser.error(f"{options.keep} is not empty; name a new folder")
    with seed_of(options.data, options.seed_library) as seed:
        make_scale_library(options.keep, seed, options.videos)


if __name__ == "__main__":
    main()
