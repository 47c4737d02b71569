"""Gives candidates the edges that people see, once and for all pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from indexer.store.catalog import Catalog
from search.fusion import Candidate
from search.stretches import Stretches


class Settling:
    """Knows the shots and lengths of a catalog's videos."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog

    def settle(self, fresh: Sequence[Candidate], settled: Sequence[Candidate]) -> list[Candidate]:
        """Copies of `fresh` with their edges, none over another or over what is `settled` already.

        They come best first, and do not overlap. Without those whose video has lost its file, or
        is over before they begin.
        """
        ids = {one.video_id for one in fresh}
        videos, shots = self._catalog.videos(ids), self._catalog.words.shots(ids)
        stretches = Stretches([*settled, *fresh])
        found = []
        for one in fresh:
            if video := videos.get(one.video_id):
                edges = shots.get(one.video_id, ())
                if times := stretches.settle(one, edges, video.duration_s):
                    found.append(replace(one, start_s=times[0], end_s=times[1]))
        return found
