"""Results and videos as the API tells them: with the addresses of what can be seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import url_for

from search.results import Moment, SearchResult
from webui.artwork import Sheets, read_sheets

if TYPE_CHECKING:
    from indexer.store.records import VideoRecord
    from search.engine import SearchEngine


class Presenter:
    """Describes what one engine found; looks up each video once."""

    def __init__(self, engine: SearchEngine) -> None:
        self._engine = engine
        self._videos: dict[int, VideoRecord] = {}
        self._sheets: dict[int, Sheets | None] = {}

    def result(self, result: SearchResult) -> dict[str, Any]:
        """A search's answer; `match` says how near each moment comes to the best one."""
        best = max((moment.score for moment in result.moments), default=0.0)
        moments = [self._moment(moment, best) for moment in result.moments]
        return {**result.to_json(), "results": moments, "generation": result.generation}

    def video(self, video: VideoRecord) -> dict[str, Any]:
        """What is known of a video."""
        self._videos[video.id] = video
        title = Moment(video.id, video.path, video.duration_s, 0, video.duration_s, 0, {}).title
        return {
            "id": video.id,
            "title": title,
            "path": video.path,
            "duration_s": round(video.duration_s, 3),
            "width": video.width,
            "height": video.height,
            "codec": video.codec,
            "container": video.container,
            "size_bytes": video.size_bytes,
            **self._addresses(video.id),
        }

    def _moment(self, moment: Moment, best: float) -> dict[str, Any]:
        match = moment.score / best if best > 0 else 1.0
        more = [self._moment(other, best) for other in moment.more]
        return {
            **moment.to_json(),
            **({"more": more} if more else {}),
            "match": round(min(1.0, max(0.0, match)), 4),
            **self._addresses(moment.video_id),
            "thumbnail": self.thumbnail(moment.video_id, (moment.start_s + moment.end_s) / 2),
        }

    def _addresses(self, video_id: int) -> dict[str, str]:
        version = self._version(video_id)
        return {
            "poster": url_for("media.poster", video_id=video_id, v=version),
            "stream": url_for("media.stream", video_id=video_id),
            "preview": url_for("media.preview", video_id=video_id),
        }

    def thumbnail(self, video_id: int, time_s: float) -> dict[str, Any] | None:
        """Where the picture at `time_s` is; None when no sheets have been made."""
        if video_id not in self._sheets:
            self._sheets[video_id] = read_sheets(self._engine.artwork(video_id))
        sheets = self._sheets[video_id]
        if sheets is None:
            return None
        tile = sheets.tile(time_s)
        version = self._version(video_id)
        address = url_for("media.sprite", video_id=video_id, number=tile.sheet, v=version)
        return {"url": address, **tile.to_json()}

    def _version(self, video_id: int) -> str:
        """Part of an address whose answer never changes, so that it may be kept for good."""
        if video_id not in self._videos:
            self._videos[video_id] = self._engine.video(video_id)
        return self._videos[video_id].content[:16]
