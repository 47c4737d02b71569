"""The channels of a library, as it is set up."""

from __future__ import annotations

from pathlib import Path

from indexer.channels.channel import Channel
from indexer.channels.names import Names
from indexer.channels.screen import Screen
from indexer.channels.speech import Speech
from indexer.media.parts import recipes
from indexer.media.speech.registry import load_recogniser
from indexer.media.speech.voice import can_hear_voices
from indexer.readings import Readings
from indexer.store import config
from indexer.store.config import LibraryConfig
from indexer.store.lock import exclusive_lock
from indexer.store.paths import LibraryPaths
from indexer.store.writer import LibraryWriter

OFF = "off"


def channels_of(library: LibraryWriter, readings: Readings, device: str = "auto") -> list[Channel]:
    """Everything that is searched by words. Raises RecogniserUnavailable."""
    chosen = LibraryConfig.load(library.paths.config)
    recogniser = None if chosen.speech == OFF else load_recogniser(chosen.speech, device)
    speech = Speech(readings, recogniser, align=can_hear_voices())
    return [speech, Screen(readings), Names(chosen.roots, readings)]


def set_channels(root: Path, *, speech: str | None = None, screen: bool | None = None) -> None:
    """Note in library.toml who listens, and whether on-screen text is read; None leaves it.

    Raises RecogniserUnavailable and ReaderMissing, and changes nothing then.
    """
    if speech not in (None, OFF):
        load_recogniser(str(speech))
    recipes(screen=bool(screen))
    paths = LibraryPaths(root)
    with exclusive_lock(paths.lock):
        config.set_channels(paths.config, speech=speech, screen=screen)
