"""Remembers the previews that were made, so that playing one needs no place at the gate."""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, cast

from flask import Flask, current_app

from webui.state import engine, gate

if TYPE_CHECKING:
    from indexer.store.records import VideoRecord

_KEY = "videobert-previews"
_Stretch = tuple[str, float, float]


class MadePreviews:
    """Where the newest previews lie; safe to use from several threads."""

    def __init__(self, most: int = 1000) -> None:
        self._most = most
        self._lock = Lock()
        self._paths: OrderedDict[_Stretch, Path] = OrderedDict()

    def get(self, video: VideoRecord, start_s: float, end_s: float) -> Path:
        """The preview of a stretch of `video`, which is made if need be.

        :raises Busy: it has to be made, and too much is being made already.
        """
        stretch = (video.content, start_s, end_s)
        with self._lock:
            path = self._paths.get(stretch)
        if path is not None and path.is_file():
            return path
        with gate().place():
            path = engine().preview(video.id, start_s, end_s)
        self._remember(stretch, path)
        return path

    def _remember(self, stretch: _Stretch, path: Path) -> None:
        with self._lock:
            self._paths[stretch] = path
            if len(self._paths) > self._most:
                self._paths.popitem(last=False)


def attach(app: Flask) -> None:
    """Let `app` remember its previews."""
    app.extensions[_KEY] = MadePreviews()


def made() -> MadePreviews:
    """The previews of the running application."""
    return cast(MadePreviews, current_app.extensions[_KEY])
