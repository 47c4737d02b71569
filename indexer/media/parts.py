"""The parts of a `Reading`, and how each is read: its recipe.

file         tags, chapters and subtitles of the container
shots        where one shot ends and the next begins
fingerprint  what near copies are found by
screen       on-screen text
"""

from __future__ import annotations

RECIPES = {"file": "1"}
"""Parts that every video is read for; with another recipe they are read anew."""
