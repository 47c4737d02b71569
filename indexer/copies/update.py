"""Compares the new videos of a library with all others."""

from __future__ import annotations

from collections.abc import Sequence

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
        if recipe and new:
            shades, lost = _fingerprints(readings, alike)
            new -= lost
            fresh = new & shades.keys()  # some have no fingerprint
            matches = find_copies(shades, new=fresh) if fresh else []
            copies.add(key, new, matches)
            found += len(new)
    return found


def _fingerprints(
    readings: Readings, videos: Sequence[ChannelVideo]
) -> tuple[dict[int, Shades], set[int]]:
    """By video id; and the videos whose readings are damaged or gone: they are to be read again."""
    shades, lost = {}, set()
    for video in videos:
        stored = readings.stored(video.content)
        if stored is None:
            lost.add(video.id)
        elif stored.reading.fingerprint is not None:
            shades[video.id] = decode(stored.reading.fingerprint)
    return shades, lost
