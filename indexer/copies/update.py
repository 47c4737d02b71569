"""Compares the new videos of a library with all others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from indexer.channels.video import ChannelVideo
from indexer.copies.finder import find_copies
from indexer.copies.pictures import Shades
from indexer.media.fingerprint import decode
from indexer.media.parts import FINGERPRINT
from indexer.readings import Readings
from indexer.store.copies import CopiesWriter

RECIPE = "1"


def update_copies(copies: CopiesWriter, readings: Readings, videos: Sequence[ChannelVideo]) -> int:
    """Find what the `videos` of a library that are new have in common with others.

    Returns how many were new.
    """
    found = 0
    by_recipe: dict[str, list[ChannelVideo]] = {}
    for video in videos:
        by_recipe.setdefault(video.recipes.get(FINGERPRINT, ""), []).append(video)
    for recipe, alike in by_recipe.items():  # fingerprints of two recipes do not compare
        key = f"{RECIPE} {recipe}"
        new = {video.id for video in alike} - copies.compared(key)
        if not (recipe and new):
            continue
        fingerprints = _fingerprints(readings, alike)
        new &= fingerprints.keys()  # a reading that is lost is made anew, and compared then
        copies.add(key, new, find_copies(fingerprints, new=new))
        found += len(new)
    return found


def _fingerprints(readings: Readings, videos: Sequence[ChannelVideo]) -> Mapping[int, Shades]:
    shades = {}
    for video in videos:
        stored = readings.stored(video.content)
        if stored is not None and stored.reading.fingerprint is not None:
            shades[video.id] = decode(stored.reading.fingerprint)
    return shades
