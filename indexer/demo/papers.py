"""What lies beside the demo videos: subtitles, and where the photographs come from."""

from __future__ import annotations

from collections.abc import Iterable

from indexer.demo.photographs import PHOTOGRAPHS
from indexer.demo.scenes import Story


def subtitles(story: Story) -> str:
    """SubRip, a cue for each shot."""
    cues = [
        f"{number}\n{_clock(start_s)} --> {_clock(end_s)}\n{shot.subtitle}\n"
        for number, (start_s, end_s, shot) in enumerate(story.timeline(), 1)
    ]
    return "\n".join(cues)


def credits_page(stories: Iterable[Story]) -> str:
    """Markdown: each photograph's source and licence, and the videos that it is in."""
    seen_in: dict[str, list[str]] = {}
    for story in stories:
        for shot in story.shots:
            videos = seen_in.setdefault(shot.photograph, [])
            if story.name not in videos:
                videos.append(story.name)
    rows = [
        f"| {photo.title} | {photo.source} | {photo.licence} | {', '.join(seen_in[name])} |"
        for name, photo in PHOTOGRAPHS.items()
        if name in seen_in
    ]
    return "\n".join([_INTRODUCTION, *rows, ""])


def _clock(seconds: float) -> str:
    """SubRip's hours:minutes:seconds,milliseconds."""
    minutes, rest_ms = divmod(round(seconds * 1000), 60_000)
    return f"{minutes // 60:02}:{minutes % 60:02}:{rest_ms // 1000:02},{rest_ms % 1000:03}"


_INTRODUCTION = """\
# Demo videos

Made by `videobert demo`: camera moves over photographs that come with scikit-image. They were
cropped, scaled, and some coloured. Sources and licences are those that scikit-image's
documentation of `skimage.data` gives.

| photograph | source | licence | videos |
|---|---|---|---|"""
