"""The channel `screen`: lines of text read off the pictures."""

from __future__ import annotations

from indexer.channels.channel import Found
from indexer.channels.video import ChannelVideo
from indexer.readings import Readings
from indexer.store.records import NewPassage
from indexer.store.word_queries import SCREEN

RECIPE = "1"


class Screen:
    """On-screen text, as the reading has it."""

    name = SCREEN

    def __init__(self, readings: Readings) -> None:
        self._readings = readings

    def key(self, video: ChannelVideo) -> str:
        return f"{RECIPE} {video.recipes.get(SCREEN, '')}"

    def find(self, video: ChannelVideo) -> Found:
        stored = self._readings.of(video.content)
        if stored.reading.screen is None:
            return Found()
        lines = [
            NewPassage(line.text, line.start_s, line.end_s, confidence=line.confidence)
            for line in stored.reading.screen
        ]
        return Found(lines, stored.recipes.get(SCREEN, ""))
