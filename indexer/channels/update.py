"""Brings the passages of all channels up to date, and the vectors of what is said."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from indexer.channels.channel import Channel
from indexer.channels.video import ChannelVideo, channel_videos
from indexer.report import Report
from indexer.store.records import SourceRecord
from indexer.store.sentences import SentenceVectors, sentences_key, write_sentences
from indexer.store.word_queries import SPEECH
from indexer.store.writer import LibraryWriter
from model.encoder import Encoder, languages_of


def update_channels(
    library: LibraryWriter,
    encoder: Encoder,
    channels: Sequence[Channel],
    report: Report,
    *,
    thorough: bool = False,
) -> None:
    """Make anew what has changed since the last run: passages by their sources, vectors by both.

    What was found of a video whose disk is not mounted stays. Sources that cannot be read are
    warnings of `report`. `thorough` reads all vectors, and makes
    anew what is damaged.
    """
    sources = {channel.name: library.catalog.words.sources(channel.name) for channel in channels}
    for video in channel_videos(library.catalog):
        for channel in channels:
            known = sources[channel.name].get(video.id)
            away = known is not None and not video.is_at_hand
            key = known.key if known and away else channel.key(video)
            if known is None or known.key != key:
                _replace(library, video, channel, key, report)
            if channel.name == SPEECH:
                _encode_sentences(library, video, key, encoder, thorough)


def _replace(
    library: LibraryWriter, video: ChannelVideo, channel: Channel, key: str, report: Report
) -> None:
    found = channel.find(video)
    for path, problem in found.problems:
        report.warnings[path] = (*report.warnings.get(path, ()), problem)
    source = SourceRecord(key, found.description)
    library.catalog.words.replace(video.id, channel.name, source, found.passages, found.details)


def _encode_sentences(
    library: LibraryWriter, video: ChannelVideo, key: str, encoder: Encoder, thorough: bool
) -> None:
    """Vectors of the sentences that the encoder reads, unless they lie there already."""
    path = library.paths.speech(encoder.fingerprint, video.content)
    if sentences_key(path, thorough=thorough) == key:
        return
    passages = library.catalog.words.passages_of(video.id, SPEECH)
    read = [passage for passage in passages if passage.language in languages_of(encoder)]
    if not read:
        path.unlink(missing_ok=True)
        return
    vectors = encoder.encode_text([passage.text for passage in read])
    positions = np.array([passage.position for passage in read], np.int32)
    write_sentences(path, SentenceVectors(key, positions, vectors))
