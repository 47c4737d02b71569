"""Builds a candidate generation beside the live one, and makes it live by one rename."""

from __future__ import annotations

import shutil
from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import numpy as np

from indexer.errors import CorruptShard, LibraryMismatch
from indexer.store.atomic import sync_file, sync_folder
from indexer.store.candidate import Accept, Candidate, Verify
from indexer.store.catalog_writer import CatalogWriter
from indexer.store.config import LibraryConfig
from indexer.store.generation import (
    SENTENCES,
    VECTORS,
    Generation,
    Manifest,
    current_generation,
    file_sha256,
    generation_numbers,
    read_manifest,
    set_current,
    write_manifest,
)
from indexer.store.paths import LibraryPaths
from indexer.store.records import EncodingRecord
from indexer.store.sentence_index import Sentences, passage_ids, update_sentences
from indexer.store.shards import Shard, existing_shard
from indexer.store.vectors import FaissStore, VectorStore


class Publisher:
    """The generations of one library. For the holder of the library's lock."""

    def __init__(
        self,
        paths: LibraryPaths,
        catalog: CatalogWriter,
        encoder: str,
        dim: int,
        languages: Collection[str] = ("en", ""),
    ) -> None:
        """`languages` are those in which the `encoder` reads sentences."""
        self._paths = paths
        self._catalog = catalog
        self._encoder = encoder
        self._dim = dim
        self._languages = languages

    def publish(
        self, verify: Verify, *, accept: Accept | None = None, from_shards: bool = False
    ) -> int:
        """Make a generation of what the catalog holds now, and make it live.

        Starts from the live generation's vectors, or `from_shards` alone. When nothing has changed
        and the live one is whole, it stays. Returns the live number. Raises GenerationRefused from
        `verify` and `accept`, and CorruptShard; the live generation is then as it was.
        """
        live = self._catalog.live_encodings(self._encoder)
        said = self._said()
        current = self._sound_generation(thorough=from_shards)
        if current is not None and self._holds(current, live, said):
            return current
        base = None if from_shards else self._sound_generation(thorough=True)
        vectors, sentences, have = self._start_from(base)
        self._update(vectors, have, live)
        update_sentences(sentences, said, partial(self._paths.speech, self._encoder))
        number = self._next_number()
        candidate = Candidate(vectors, live, sentences, passage_ids(said))
        written = self._write(number, candidate, verify)
        self._catalog.add_generation(number, self._encoder, len(vectors), [e.id for e in live])
        if accept is not None:
            _ask(accept, written)
        written.replace(self._paths.generation(number))
        sync_folder(self._paths.generations)
        set_current(self._paths, number)
        return number

    def left_behind(self, *, interrupted: bool) -> int:
        """How many videos of the live generation have a file, but still wait to be encoded.

        They wait for another encoder's vectors, or for new ones in a run that was `interrupted`.
        """
        live = self._live()
        if live is None:
            return 0
        return self._catalog.left_behind(live, self._encoder, same_encoder=interrupted)

    def _live(self) -> int | None:
        """The live generation's number; None as well when CURRENT is damaged."""
        try:
            return current_generation(self._paths)
        except LibraryMismatch:
            return None

    def _said(self) -> Sentences:
        """What is said in the videos whose sentences have vectors.

        Those of others wait for the next run: this one, or the one before, ended too soon.
        """
        said = self._catalog.words.sentences(self._encoder, self._languages)
        place = partial(self._paths.speech, self._encoder)
        return {content: ids for content, ids in said.items() if place(content).exists()}

    def _sound_generation(self, *, thorough: bool) -> int | None:
        """The live generation's number, if it is whole and of the same encoder.

        `thorough` reads all of its vectors; otherwise their file's size must do.
        """
        number = self._live()
        if number is None:
            return None
        folder = self._paths.generation(number)
        try:
            manifest = read_manifest(folder)
            whole = all(_is_whole(folder, *file, thorough) for file in manifest.files())
        except (LibraryMismatch, FileNotFoundError):
            return None  # damaged: the new one is made from the shards
        agrees = self._catalog.census(number) == (manifest.clip_count, manifest.id_sum)
        return number if whole and agrees and manifest.encoder == self._encoder else None

    def _holds(self, number: int, live: list[EncodingRecord], said: Sentences) -> bool:
        """Whether a generation has the clips of `live` and the sentences `said`, and no others."""
        manifest = read_manifest(self._paths.generation(number))
        ids = passage_ids(said)
        return self._catalog.members(number) == {e.id for e in live} and (
            manifest.sentence_count,
            manifest.sentence_id_sum,
        ) == (len(ids), sum(ids))

    def _start_from(self, base: int | None) -> tuple[VectorStore, VectorStore, set[int]]:
        """Vectors of clips and sentences to begin with, and the encodings that the clips are of:
        a generation's, or none."""
        if base is None:
            return FaissStore(self._dim), FaissStore(self._dim), set()
        opened = Generation.open(self._paths.generation(base))
        return opened.vectors, opened.sentences, self._catalog.members(base)

    def _update(self, vectors: VectorStore, have: set[int], live: list[EncodingRecord]) -> None:
        """Bring `vectors`, which hold the encodings `have`, to those that are `live`."""
        gone = self._catalog.clip_ids(have - {e.id for e in live})
        vectors.remove(np.array([i for ids in gone.values() for i in ids], np.int64))
        new = [encoding for encoding in live if encoding.id not in have]
        ids = self._catalog.clip_ids([encoding.id for encoding in new])
        for encoding in new:
            vectors.add(np.array(ids[encoding.id], np.int64), self._shard(encoding).clips)

    def _shard(self, encoding: EncodingRecord) -> Shard:
        path = self._paths.shard(self._encoder, encoding.content)
        shard = existing_shard(path)
        if shard.checksum != encoding.checksum:
            raise CorruptShard(
                f"{path}: not the shard that the catalog knows. Run `videobert rebuild`."
            )
        return shard

    def _write(self, number: int, candidate: Candidate, verify: Verify) -> Path:
        """The candidate in a folder of its own, verified as it lies on disk."""
        vectors, sentences = candidate.vectors, candidate.sentences
        folder = self._paths.generations / f".{number:06d}.candidate"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        try:
            path, spoken = folder / VECTORS, folder / SENTENCES
            _save(vectors, path)
            if len(sentences):
                _save(sentences, spoken)
            checks = verify(_read_back(candidate, folder))
            write_manifest(
                folder,
                Manifest(
                    number=number,
                    encoder=self._encoder,
                    dim=self._dim,
                    clip_count=len(vectors),
                    id_sum=int(vectors.ids().sum()),
                    vectors_sha256=file_sha256(path),
                    vectors_bytes=path.stat().st_size,
                    created_at=datetime.now(UTC).isoformat(timespec="seconds"),
                    checks=checks,
                    sentence_count=len(sentences),
                    sentence_id_sum=int(sentences.ids().sum()),
                    sentences_sha256=file_sha256(spoken) if len(sentences) else "",
                    sentences_bytes=spoken.stat().st_size if len(sentences) else 0,
                    model=self._model(),
                ),
            )
            sync_folder(folder)
        except BaseException:
            shutil.rmtree(folder)
            raise
        return folder

    def _model(self) -> str | None:
        """A published network's vectors cannot be asked by those who do not know its name."""
        model = LibraryConfig.load(self._paths.config).model
        return None if model is None else str(model)

    def _next_number(self) -> int:
        return max(generation_numbers(self._paths), default=0) + 1


def _ask(accept: Accept, folder: Path) -> None:
    """Add what `accept` says of a candidate to its manifest, or delete the candidate."""
    try:
        manifest = read_manifest(folder)
        checks = [*manifest.checks, *accept(folder)]
        write_manifest(folder, replace(manifest, checks=checks))
    except BaseException:
        shutil.rmtree(folder)
        raise


def _is_whole(folder: Path, name: str, size: int, sha256: str, thorough: bool) -> bool:
    path = folder / name
    return path.stat().st_size == size and (not thorough or file_sha256(path) == sha256)


def _read_back(candidate: Candidate, folder: Path) -> Candidate:
    """The same with its vectors as they lie on disk."""
    spoken = len(candidate.sentences) > 0
    return replace(
        candidate,
        vectors=FaissStore.load(folder / VECTORS),
        sentences=FaissStore.load(folder / SENTENCES) if spoken else candidate.sentences,
    )


def _save(vectors: VectorStore, path: Path) -> None:
    vectors.save(path)
    sync_file(path)
