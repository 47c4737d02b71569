"""Brings the passages of all channels up to date, and the vectors of what is said."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from indexer.channels.channel import Channel
from indexer.channels.video import ChannelVideo
from indexer.errors import CorruptShard
from indexer.report import Failure, Report
from indexer.store.records import NewPassage, PassageRecord, SourceRecord
from indexer.store.sentences import SentenceVectors, sentences_key, write_sentences
from indexer.store.word_queries import SPEECH
from indexer.store.writer import LibraryWriter
from indexer.words.terms import VERSION
from model.encoder import Encoder, languages_of

_PENDING = "?"
"""The key of a source that is tried again by the next run."""


def update_channels(
    library: LibraryWriter,
    encoder: Encoder,
    channels: Sequence[Channel],
    videos: Sequence[ChannelVideo],
    report: Report,
    *,
    thorough: bool = False,
    note: Callable[[str], None] = lambda what: None,
) -> None:
    """Make anew what has changed of `videos`: passages by their sources, vectors by both.

    What was found of a video whose disk is not mounted stays, and so does what was found of one
    whose reading is damaged, a failure of `report`. Sources that cannot be read are its warnings.
    `thorough` reads all vectors, and makes anew what is damaged. `note` is told what is at work.
    """
    words = library.catalog.words
    sources = {channel.name: words.sources(channel.name) for channel in channels}
    for video in videos:
        try:
            for channel in channels:
                known = sources[channel.name].get(video.id)
                note(f"{channel.name}  {video.files[0].name}")
                _update(library, video, channel, known, encoder, report)
        except CorruptShard as error:
            report.failed.append(Failure.of(str(video.files[0]), error))
    keys = words.sources(SPEECH)
    said = words.sentences(encoder.fingerprint, languages_of(encoder))
    for video in videos:
        if positions := said.get(video.content):
            key = keys[video.id].key
            _encode_sentences(library, video, set(positions), key, encoder, thorough)


def _update(
    library: LibraryWriter,
    video: ChannelVideo,
    channel: Channel,
    known: SourceRecord | None,
    encoder: Encoder,
    report: Report,
) -> None:
    """Raises CorruptShard where the video's reading has to be looked at, and cannot."""
    version, _, own = known.key.partition(" ") if known else ("", "", "")
    away = known is not None and not video.is_at_hand
    key = own if away else channel.key(video)
    if known is None or key != own:
        found = channel.find(video)
        for path, problem in found.problems:
            report.warnings[path] = (*report.warnings.get(path, ()), problem)
        source = SourceRecord(_whole(_PENDING if found.again else key), found.description)
        passages, details = found.passages, found.details
    elif version != str(VERSION):
        source, details = SourceRecord(_whole(key), known.description), None
        passages = [
            _again(one) for one in library.catalog.words.passages_of(video.id, channel.name)
        ]
    else:
        return
    if channel.name == SPEECH:  # first: vectors that are there are always those of the passages
        library.paths.speech(encoder.fingerprint, video.content).unlink(missing_ok=True)
    library.catalog.words.replace(video.id, channel.name, source, passages, details)


def _whole(key: str) -> str:
    """With the version of `terms`, by which passages are indexed."""
    return f"{VERSION} {key}"


def _again(passage: PassageRecord) -> NewPassage:
    return NewPassage(
        passage.text, passage.start_s, passage.end_s, passage.language, passage.confidence
    )


def _encode_sentences(
    library: LibraryWriter,
    video: ChannelVideo,
    wanted: set[int],
    key: str,
    encoder: Encoder,
    thorough: bool,
) -> None:
    """Vectors of the sentences at the positions `wanted`, unless they lie there already."""
    path = library.paths.speech(encoder.fingerprint, video.content)
    if sentences_key(path, thorough=thorough) == key:
        return
    passages = library.catalog.words.passages_of(video.id, SPEECH)
    read = [passage for passage in passages if passage.position in wanted]
    vectors = encoder.encode_text([passage.text for passage in read])
    positions = np.array([passage.position for passage in read], np.int32)
    write_sentences(path, SentenceVectors(key, positions, vectors))
