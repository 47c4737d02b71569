"""The parts of a `Reading`, and how each is read: its recipe.

    file         tags, chapters and subtitles of the container
    shots        where one shot ends and the next begins
    fingerprint  what near copies are found by
    screen       on-screen text

Speech, which only some need to have heard, is no part of decoding: see `indexer.channels.speech`.
"""

from __future__ import annotations

FILE, SHOTS, FINGERPRINT, SCREEN = "file", "shots", "fingerprint", "screen"


def recipes(*, screen: bool) -> dict[str, str]:
    """Part -> recipe, of what every video of a library is read for.

    With another recipe it is read anew. Raises ReaderMissing where `screen` cannot be read.
    """
    wanted = {FILE: "1", SHOTS: "1", FINGERPRINT: "1"}
    if screen:
        from indexer.media.screen.recorder import recipe

        wanted[SCREEN] = recipe()
    return wanted
