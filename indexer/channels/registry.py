"""The channels of a library, as it is set up."""

from __future__ import annotations

from indexer.channels.channel import Channel
from indexer.channels.names import Names
from indexer.channels.screen import Screen
from indexer.readings import Readings
from indexer.store.config import LibraryConfig
from indexer.store.writer import LibraryWriter


def channels_of(library: LibraryWriter, readings: Readings) -> list[Channel]:
    """Everything that is searched by words."""
    config = LibraryConfig.load(library.paths.config)
    return [Screen(readings), Names(config.roots, readings)]
