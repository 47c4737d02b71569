"""Questions of every kind to a large library."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count, cycle, pairwise
from pathlib import Path
from typing import Any

from benchmarks.scale_library import caption_texts
from indexer.words.stopwords import ENGLISH
from search.engine import SearchEngine
from search.moment_ref import MomentRef

EACH = 31
"""Questions of each kind; no words are asked twice; the first is not timed."""
K = 10

Ask = Callable[[], Any]
"""Asks one question; what it answers."""


@dataclass
class Texts:
    """Captions to ask with, each once."""

    left: Iterator[str]

    def one(self) -> str:
        """Words alone, without signs that the query language reads."""
        while True:
            words = [word for word in next(self.left).lower().split() if word.isalpha()]
            if 3 <= len(words) <= 15 and not {"then", "within"} & set(words):
                return " ".join(words)

    def two(self) -> str:
        """Two words that stand beside each other and mean something."""
        while True:
            words = self.one().split()
            for pair in pairwise(words):
                if not ENGLISH & {*pair}:
                    return " ".join(pair)

    def word(self) -> str:
        return self.two().split()[-1]


class Questions:
    """Draws questions of each kind to one engine, all of them different."""

    def __init__(self, engine: SearchEngine, data: Path) -> None:
        self._engine = engine
        self._texts = Texts(iter(caption_texts(data)[::-1]))
        self._places = _places(engine)
        self._pictures = cycle(sorted((data / "captioned_images").rglob("*.jpg"))[:EACH])
        self._clips = cycle(_short(data))

    def kinds(self) -> dict[str, Callable[[], Ask]]:
        """Kind -> what draws a question of it. What has to be asked before is asked then."""
        one, two, places = self._texts.one, self._texts.two, self._places
        words = self._words
        return {
            "plain words": lambda: words(one()),
            "words, filter of 1 %": lambda: words(f"{one()} tag:rare7"),
            "words, filter of 90 %": lambda: words(f"{one()} tag:common"),
            '"two words"': lambda: words(f'"{two()}"'),
            "words -word": lambda: words(f"{one()} -{self._texts.word()}"),
            "said: and shown:": lambda: words(f"said:({one()}) shown:({one()})"),
            "one then another within 30s": lambda: words(f"({one()}) then ({one()}) within 30s"),
            "like:": lambda: words(f"like:{next(places)}"),
            "like: and words": lambda: words(f"like:{next(places)} {one()}"),
            "three thumbs": lambda: self._after_thumbs(one()),
            "by video": lambda: words(one(), by_video=True),
            "diversity 0.3": lambda: words(one(), diversity=0.3),
            "second page": lambda: self._second_page(one()),
            "100 results": lambda: words(one(), 100),
            "explain": lambda: self._reasons(one()),
            "picture": lambda: self._like_picture(next(self._pictures)),
            "clip of 10 s": lambda: self._like_clip(next(self._clips)),
        }

    def _words(self, question: str, k: int = K, **more: Any) -> Ask:
        return lambda: self._engine.search(question, k, **more)

    def _second_page(self, question: str) -> Ask:
        return self._words(question, page=self._engine.search(question, K).next)

    def _after_thumbs(self, question: str) -> Ask:
        best = [MomentRef.parse(one.id) for one in self._engine.search(question, 3).moments]
        return self._words(question, relevant=best[:2], irrelevant=best[2:])

    def _reasons(self, question: str) -> Ask:
        best = MomentRef.parse(self._engine.search(question, 1).moments[0].id)
        return lambda: self._engine.explain(question, best)

    def _like_picture(self, path: Path) -> Ask:
        return lambda: self._engine.search_image(path, K)

    def _like_clip(self, path: Path) -> Ask:
        return lambda: self._engine.search_clip(path, K)


def _places(engine: SearchEngine) -> Iterator[str]:
    """Moments all over the library, without end."""
    videos = sorted(set(engine.paths().values()))
    for number in count():
        yield f"{videos[number * 61 % len(videos)]}@{number * 7 % 80}"


def _short(data: Path) -> list[Path]:
    """Videos of about 10 s, small ones first, as people upload them."""
    files = sorted((data / "captioned_videos").glob("*.mp4"), key=lambda file: file.stat().st_size)
    return files[:EACH]
