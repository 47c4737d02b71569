"""A library of two small videos whose answers can be worked out by eye.

A moment's score is the share of the query's words that its description has.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Collection, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import av
import cv2
import numpy as np

from indexer.errors import EmptyFile, NotAVideo
from indexer.media.details import Details
from indexer.store.catalog_writer import CatalogWriter
from indexer.store.paths import LibraryPaths
from indexer.store.records import PassageRecord, VideoRecord
from search.concepts import Concept
from search.errors import EmptyLibrary, InvalidQuery, UnknownVideo
from search.evidence import CHANNELS
from search.moment_ref import MomentRef
from search.question import Question
from search.reasons import Line, Point, Reasons
from search.results import Moment, SearchResult
from tests.scenes import BLUE, GREEN, HEIGHT, RED, WIDTH, Scene, write_artwork, write_video


class SilentWords:
    """Knows nothing of any video; in the place of `indexer.store.words.Words`."""

    def passages_of(self, video_id: int, channel: str) -> list[PassageRecord]:
        return []

    def details(self, videos: Collection[int]) -> dict[int, Details]:
        return {}

    def shots(self, videos: Collection[int]) -> dict[int, list[float]]:
        return {}


@dataclass
class FakeEngine:
    """Answers like `search.engine.SearchEngine`, from the scenes that it was told."""

    folder: Path
    generation: int = 7
    records: list[VideoRecord] = field(default_factory=list)
    scenes: dict[int, list[Scene]] = field(default_factory=dict)
    no_match: bool = False
    """What its answers say of themselves."""
    sure_from: float = 0.0
    """Score of a moment that is sure."""
    asked: dict[str, object] = field(default_factory=dict)
    """What else the last question was asked with."""
    seen: list[Path] = field(default_factory=list)
    """Uploads that were searched with."""
    words: SilentWords = field(default_factory=SilentWords)
    _free: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self._free.set()
        put_catalog(LibraryPaths(self.folder).catalog)

    def add(self, name: str, *scenes: Scene) -> VideoRecord:
        """Put a real video file with `scenes` into the library."""
        path = write_video(self.folder / name, scenes)
        duration_s = sum(scene.seconds for scene in scenes)
        record = VideoRecord(
            id=len(self.records) + 1,
            content=hashlib.sha256(path.read_bytes()).hexdigest(),
            path=str(path),
            size_bytes=path.stat().st_size,
            duration_s=duration_s,
            width=WIDTH,
            height=HEIGHT,
            codec="h264",
            container="mov,mp4,m4a,3gp,3g2,mj2",
        )
        self.records.append(record)
        self.scenes[record.id] = list(scenes)
        write_artwork(self.artwork(record.id), scenes)
        return record

    def hold(self) -> None:
        """Work on clips, pictures and previews without an end, until `release`."""
        self._free.clear()

    def release(self) -> None:
        self._free.set()

    def search(
        self,
        question: Question,
        k: int = 10,
        *,
        channels: Collection[str] = CHANNELS,
        filters: object = None,
        clips: Sequence[Path] = (),
        pictures: Sequence[Path] = (),
        **asked: object,
    ) -> SearchResult:
        self.channels, self.filters, self.asked = list(channels), filters, asked
        for path in (*clips, *pictures):
            self.seen.append(path)
            self._free.wait(30)
            read = self._clip_colour if path in clips else self._picture_colour
            return self._like_colour(path.name, read(path), k)
        for step in question.steps:
            for example in step.examples:
                return self._like_moment(self.video(int(example.video)), example.seconds, k)
        words = set(question.text.lower().split())
        if not words:
            raise InvalidQuery("Say what to look for.")
        show = lambda scene: words & set(scene.words.split())  # noqa: E731
        return self._ranked(question.text, k, show, len(words))

    def explain(
        self, question: Question, moment: MomentRef, channels: Collection[str] = CHANNELS
    ) -> Reasons:
        """The words of each scene of the moment's video are its concepts."""
        scenes, start, points = self.scenes[int(moment.video)], 0.0, []
        words = set(question.text.lower().split())
        for scene in scenes:
            shared = len(words & set(scene.words.split())) / max(1, len(words))
            points.append(Point(start, start + scene.seconds, shared))
            start += scene.seconds
        shown = [scene.words for scene in scenes if words & set(scene.words.split())]
        concepts = tuple(Concept(text, 2.0, 2.0) for text in shown)
        line = Line(question.text, 0, "picture", tuple(points))
        return Reasons(str(moment), (line,), (), concepts)

    def _clip_colour(self, path: Path) -> np.ndarray:
        if not path.stat().st_size:
            raise EmptyFile(path, "the file has no bytes")
        try:
            with av.open(str(path)) as container:
                frame = next(container.decode(video=0)).to_ndarray(format="rgb24")
        except av.FFmpegError as error:
            raise NotAVideo(path, "no video container") from error
        return frame.mean(axis=(0, 1))

    def _picture_colour(self, path: Path) -> np.ndarray:
        image = cv2.imdecode(np.fromfile(path, np.uint8), cv2.IMREAD_COLOR)
        if image is None:
            raise NotAVideo(path, "no picture")
        return image.mean(axis=(0, 1))[::-1]

    def _like_moment(self, record: VideoRecord, seconds: float, k: int) -> SearchResult:
        start = 0.0
        for scene in self.scenes[record.id]:
            if start <= seconds < start + scene.seconds:
                return self._like_colour(Path(record.path).name, np.array(scene.colour), k)
            start += scene.seconds
        raise InvalidQuery(f"{record.path} ends before {seconds} s.")

    def video(self, video_id: int) -> VideoRecord:
        for record in self.records:
            if record.id == video_id:
                return record
        raise UnknownVideo(f"The library has no video {video_id}.")

    def ids_of(self, contents: Collection[str]) -> dict[str, int]:
        return {record.content: record.id for record in self.records if record.content in contents}

    def videos(self, after_id: int = 0, limit: int = 50) -> list[VideoRecord]:
        return [record for record in self.records if record.id > after_id][:limit]

    def newest(self, limit: int = 50, filters: object = None) -> list[VideoRecord]:
        self.filters = filters
        return self.records[::-1][:limit]

    def counts(self) -> dict[str, int]:
        clips = sum(map(len, self.scenes.values()))
        return {"videos": len(self.records), "clips": clips, "files": 2, "failed": 0}

    def artwork(self, video_id: int) -> Path:
        return self.folder / "media" / self.video(video_id).content

    def preview(self, video_id: int, start_s: float, end_s: float) -> Path:
        self._free.wait(30)
        path = self.folder / f"preview-{video_id}-{start_s}-{end_s}.mp4"
        return write_video(path, [Scene("", BLUE, end_s - start_s)])

    def _like_colour(self, query, colour, k):
        return self._ranked(query, k, lambda scene: _nearness(scene.colour, colour), 1)

    def _ranked(self, query, k, measure, best):
        if not self.records:
            raise EmptyLibrary("Nothing is indexed yet; run videobert index FOLDER.")
        moments = []
        for record in self.records:
            start = 0.0
            for scene in self.scenes[record.id]:
                found = measure(scene)
                score = (len(found) if isinstance(found, set) else found) / best
                moment = Moment(
                    video_id=record.id,
                    video=record.path,
                    duration_s=record.duration_s,
                    start_s=start,
                    end_s=start + scene.seconds,
                    score=score,
                    channels={"picture": score},
                    sure=score >= self.sure_from,
                )
                moments.append(moment)
                start += scene.seconds
        moments = sorted((m for m in moments if m.score > 0), key=lambda m: -m.score)
        start = int(str(self.asked.get("page") or 0))
        more = str(start + k) if len(moments) > start + k else None
        page = tuple(moments[start : start + k])
        return SearchResult(query, page, self.generation, self.no_match, more)


@cache
def _empty_catalog() -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "catalog.sqlite"
        with closing(CatalogWriter(path)):
            pass
        return path.read_bytes()


def put_catalog(path: Path) -> None:
    """An empty catalog, in which judgements can be kept."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        path.write_bytes(_empty_catalog())


def _nearness(one, other) -> float:
    return max(0.0, 1 - float(np.abs(np.array(one) - np.array(other)).mean()) / 64)


def small_library(folder: Path) -> FakeEngine:
    """Video 1: 3 s of a red ball, 3 s of green grass. Video 2: 4 s of the blue sea."""
    engine = FakeEngine(folder)
    engine.add("ball.mp4", Scene("a red ball", RED, 3), Scene("green grass", GREEN, 3))
    engine.add("sea.mp4", Scene("the blue sea", BLUE, 4))
    return engine
