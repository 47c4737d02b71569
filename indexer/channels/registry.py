"""The channels of a library, as it is set up."""

from __future__ import annotations

from indexer.channels.channel import Channel
from indexer.channels.names import Names
from indexer.channels.screen import Screen
from indexer.channels.speech import Speech
from indexer.media.speech.registry import load_recogniser
from indexer.readings import Readings
from indexer.store.config import LibraryConfig
from indexer.store.writer import LibraryWriter


def channels_of(library: LibraryWriter, readings: Readings, device: str = "auto") -> list[Channel]:
    """Everything that is searched by words. Raises RecogniserUnavailable."""
    config = LibraryConfig.load(library.paths.config)
    recogniser = None if config.speech == "off" else load_recogniser(config.speech, device)
    return [Speech(readings, recogniser), Screen(readings), Names(config.roots, readings)]
