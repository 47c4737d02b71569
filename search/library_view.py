"""What can be seen of a library without asking it anything: its videos, and their pictures."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import closing
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from indexer.closing import Closing
from indexer.errors import LibraryError
from indexer.store.catalog import Catalog
from indexer.store.filters import Filters
from indexer.store.library import Library
from indexer.store.records import VideoRecord
from indexer.store.words import Words
from search import query
from search.errors import UnknownVideo
from search.previews import Previews


class LibraryView(Closing):
    """One generation of a library, as readers see it."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._previews = Previews(library.paths)

    @property
    def generation(self) -> int:
        """Number of the generation that answers."""
        return self._library.generation.number

    @property
    def words(self) -> Words:
        """What its videos say, show in writing and are called."""
        return self._library.catalog.words

    def video(self, video_id: int) -> VideoRecord:
        """A video by id. Raises UnknownVideo."""
        found = self._library.catalog.videos([video_id]).get(video_id)
        if found is None:
            raise UnknownVideo(f"There is no video {video_id} in the library.")
        return found

    def find(self, path: str) -> VideoRecord:
        """A video by its path, or by its file name where only one has it. Raises UnknownVideo."""
        return self.video(query.resolve_video(path, self.paths()))

    def ids_of(self, contents: Collection[str]) -> dict[str, int]:
        """Ids of the videos with these contents, by content; without those that are gone."""
        return self._library.catalog.ids_of(contents)

    def paths(self) -> dict[str, int]:
        """Every path of the library, and the id of the video that lies there."""
        return self._library.catalog.paths()

    def videos(self, after_id: int = 0, limit: int = 50) -> list[VideoRecord]:
        """Up to `limit` videos by ascending id, from above `after_id`."""
        return self._library.catalog.list_videos(after_id, limit)

    def newest(self, limit: int = 12, filters: Filters | None = None) -> list[VideoRecord]:
        """The videos that were added last, of those that `filters` let through; newest first."""
        catalog = self._library.catalog
        if not filters:
            return catalog.newest_videos(limit)
        ids = sorted(catalog.filtered_videos(filters), reverse=True)[:limit]
        videos = catalog.videos(ids)
        return [videos[video_id] for video_id in ids if video_id in videos]

    def counts(self) -> dict[str, int]:
        """Numbers of videos, files, failed files, and clips of the live generation."""
        clips = self._library.generation.manifest.clip_count
        return {**self._library.catalog.counts(), "clips": clips}

    def artwork(self, video_id: int) -> Path:
        """Folder of a video's poster and sprite sheets. Raises UnknownVideo."""
        return self._library.paths.artwork(self.video(video_id).content)

    def preview(self, video_id: int, start_s: float, end_s: float) -> Path:
        """An MP4 of a stretch of a video, which every browser plays; see `search.previews`.

        Raises UnknownVideo, InvalidQuery, indexer.errors.MediaError, and LibraryError when the
        library's folder cannot be written.
        """
        return self._previews.get(self.video(video_id), start_s, end_s)

    def is_intact(self) -> bool:
        """Whether the catalog, as it lies on disk now, still has the clips of this generation."""
        manifest, path = self._library.generation.manifest, self._library.paths.catalog
        if not path.exists():  # SQLite would make an empty one
            return False
        try:
            with closing(Catalog(path)) as catalog:  # open connections may see a deleted file
                return catalog.census(manifest.number) == (manifest.clip_count, manifest.id_sum)
        except (LibraryError, SQLAlchemyError):
            return False

    def close(self) -> None:
        """Let go of its files and connections; nothing can be asked any more."""
        self._library.close()
