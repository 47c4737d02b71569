"""Narration, as speech recognition or subtitles give it, to clean sentences with their times.

Sentence borders are found by Punkt (Kiss & Strunk 2006), which learns abbreviations and the words
that start sentences from the library's own text: nothing is downloaded. Speech recognition often
writes no punctuation; there the pauses of the speaker are the borders.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

PAUSE_S = 0.7
"""Seconds between two cues that end a sentence without punctuation."""
SILENCE_S = 3.0
"""Seconds between two cues that nobody's sentence spans."""
MAX_WORDS = 25
"""A longer sentence is divided where cues meet: its words must fit the network's 48 pieces."""
ROLLED_WORDS = 3
"""So many words in common are a caption that rolls on; fewer may be chance."""
MOST_ROLLED_WORDS = 200
"""No caption shows more; it bounds the search."""
ABBREVIATIONS = {
    "approx",
    "dr",
    "e.g",
    "etc",
    "i.e",
    "mr",
    "mrs",
    "prof",
    "st",
    "tbsp",
    "tsp",
    "vs",
}
"""Known without having been seen."""
ENOUGH_WORDS = 1000
"""In a smaller library, words that happen to end sentences ("cut it.") look like abbreviations."""


@dataclass(frozen=True)
class Cue:
    """What a subtitle file shows at once. Times in seconds from the start of the video."""

    start_s: float
    end_s: float
    text: str


@dataclass(frozen=True)
class Sentence:
    """One clean sentence and when it is said, seconds from the start of the video."""

    start_s: float
    end_s: float
    text: str


class SentenceSplitter:
    """Cues of one video to its sentences, in order."""

    def __init__(self, narrations: Iterable[Sequence[Cue]] = ()) -> None:
        """Learn from the cues of all videos of the library, one sequence a video."""
        from nltk.tokenize.punkt import PunktSentenceTokenizer, PunktTrainer

        trainer, seen = PunktTrainer(), 0
        for cues in narrations:
            text = _joined(_spoken(cues))
            trainer.train(text, finalize=False)
            seen += len(text.split())
        learned = trainer.get_params()
        if seen < ENOUGH_WORDS:
            learned.clear_abbrevs()
        learned.abbrev_types |= ABBREVIATIONS
        self._punkt = PunktSentenceTokenizer(learned)

    def __call__(self, cues: Sequence[Cue]) -> list[Sentence]:
        """Sentences of at most about `MAX_WORDS` words; none where nothing is said."""
        cues = _spoken(cues)
        if not cues:
            return []
        spans = self._punkt.span_tokenize(_joined(cues))
        groups = [group for parts in _cut(cues, spans) for group in _divided(parts)]
        return [
            Sentence(min(p.start_s for p in parts), max(p.end_s for p in parts), _joined(parts))
            for parts in groups
            if any(map(str.isalnum, _joined(parts)))
        ]


def without_markup(text: str) -> str:
    """What a cue shows, its lines kept: no tags, entities, override codes or invisible signs."""
    text = _MARKUP.sub("", _LINE_BREAK.sub("\n", text))
    text = _MARKUP.sub("", _LINE_BREAK.sub("\n", html.unescape(text)))  # tags may be escaped too
    return _INVISIBLE.sub("", text)


def clean(text: str) -> str:
    """What is said in a cue, on one line: no markup, speakers, sounds, songs or advertisements."""
    text = _TURN.sub(" ", _SOUND.sub(" ", without_markup(text)))
    if _SITE.search(text) and _ADVERTISEMENT.search(text):
        return ""
    lines = (_TRAIL.sub("", _LEAD.sub("", line)) for line in _URL.sub("", text).splitlines())
    return _LOOSE_STOP.sub("", " ".join(" ".join(lines).split()))


_LINE_BREAK = re.compile(r"\\[Nn]|<br\s*/?>")
_MARKUP = re.compile(
    r"\{[^{}]{0,200}\}"  # {\an8} of ASS
    # HTML, <c.color>, <v Speaker>
    r"|</?(?:b|c|center|em|font|i|lang|p|rt|ruby|s|span|strong|u|v)\b[^<>]{0,200}>"
    r"|<[\d:.]+>"  # WebVTT's times of words
)
_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_SOUND = re.compile(r"\[[^\[\]]{0,80}\]|[♩♪♫♬]+[^♩♪♫♬]*(?:[♩♪♫♬]+|$)")  # [Music], ♪ song ♪
_TURN = re.compile(r">{2,}\s*(?:(?:[A-ZÀ-Þ][\w.'’-]{0,20}\s?){1,3}:(?=\s))?")  # >> John Smith:
_LEAD = re.compile(
    r"^(?:\s|[-–—•]+(?=\s|[^\W\d_])"  # - who speaks, by dashes
    r"|\([^()]{1,60}\)"  # (door slams)
    r"|[A-ZÀ-Þ][A-ZÀ-Þ\d .'’#&-]{1,30}:(?=\s.*[a-z]|\s*$))+"  # JOHN: unless all is in capitals
)
_TRAIL = re.compile(r"(?:\s*\([^()]{1,60}\))+\s*$")
_URL = re.compile(r"(?:https?://|www\.)\S*[\w/]")
_SITE = re.compile(r"(?i)https?://|www\.|\w\.(?:com|io|net|org|tv)\b")
_ADVERTISEMENT = re.compile(
    r"(?i)\b(?:advert|caption|download|encod|sponsor|subscri|subtitl|sync|transcri|translat|vip)"
)
_LOOSE_STOP = re.compile(r"\s+(?=[,.;:?!](?:\s|$))")


def said_once(cues: Iterable[Cue]) -> list[Cue]:
    """The cues that say something new, by start, each with only the words that are new in it.

    Captions that roll up or grow show words again that were said before. A cue all of whose words
    are new keeps its text as it is, lines and all.
    """
    said: list[Cue] = []
    before = ""  # what the last cue showed, new or not
    for cue in sorted(cues, key=lambda cue: cue.start_s):
        shown = cue.text.split()
        if not shown:
            continue
        known = 0
        if said and cue.start_s - said[-1].end_s < PAUSE_S:
            known = _rolled(before, cue.text)
        if known < len(shown):
            text = " ".join(shown[known:]) if known else cue.text
            said.append(Cue(cue.start_s, max(cue.start_s, cue.end_s), text))
        else:  # still shown
            said[-1] = replace(said[-1], end_s=max(said[-1].end_s, cue.end_s))
        before = cue.text
    return said


def _spoken(cues: Iterable[Cue]) -> list[Cue]:
    """What is said, cleaned, no cue beginning before the last has ended unless they begin
    together."""
    spoken = said_once(replace(cue, text=clean(cue.text)) for cue in cues)
    ends = [b.start_s if b.start_s > a.start_s else a.end_s for a, b in pairwise(spoken)]
    return [
        replace(cue, end_s=min(cue.end_s, end))
        for cue, end in zip(spoken, [*ends, float("inf")], strict=False)
    ]


def _rolled(before: str, shown: str) -> int:
    """How many of the words that are `shown` are the end of those `before`, rolled up a line."""
    old, new = before.split(), shown.split()
    if old == new:
        return len(new)
    heads = set(accumulate(len(line.split()) for line in shown.splitlines()))
    tails = set(accumulate(len(line.split()) for line in reversed(before.splitlines())))
    whole_lines = heads & tails | {len(old), len(new)}
    for n in range(min(len(old), len(new), MOST_ROLLED_WORDS), 0, -1):
        if old[-n:] == new[:n] and (n in whole_lines or n >= ROLLED_WORDS):
            return n
    return 0


def _joined(cues: Iterable[Cue]) -> str:
    return " ".join(cue.text for cue in cues)


def _cut(cues: list[Cue], spans: Iterable[tuple[int, int]]) -> list[list[Cue]]:
    """The parts of cues that each span of the joined text covers."""
    starts = [0, *accumulate(len(cue.text) + 1 for cue in cues)]
    sentences = []
    for start, stop in spans:
        first, last = bisect_right(starts, start) - 1, bisect_right(starts, stop - 1) - 1
        sentences.append(
            [
                _part(cues[i], max(start - starts[i], 0), min(stop - starts[i], len(cues[i].text)))
                for i in range(first, last + 1)
            ]
        )
    return sentences


def _part(cue: Cue, start: int, stop: int) -> Cue:
    """Some characters of a cue; its time is shared out evenly among them."""
    second = (cue.end_s - cue.start_s) / len(cue.text)
    end_s = cue.end_s if stop == len(cue.text) else cue.start_s + stop * second
    return Cue(cue.start_s + start * second, end_s, cue.text[start:stop])


def _divided(parts: list[Cue]) -> list[list[Cue]]:
    """What Punkt takes for one sentence, divided at silences; at pauses if it is not punctuated."""
    text = _joined(parts)
    finished = text.rstrip("\"'”’)»").endswith((".", "?", "!", "…"))
    pause = SILENCE_S if finished and len(text.split()) <= MAX_WORDS else PAUSE_S
    breaks = [i for i in range(1, len(parts)) if parts[i].start_s - parts[i - 1].end_s > pause]
    groups = [parts[a:b] for a, b in pairwise([0, *breaks, len(parts)])]
    return [half for group in groups for half in _halved(group)]


def _halved(parts: list[Cue]) -> list[list[Cue]]:
    """Halved where the cues meet nearest to the middle, until no half has too many words."""
    until = list(accumulate(len(part.text.split()) for part in parts))
    if until[-1] <= MAX_WORDS or len(parts) == 1:
        return [parts]
    middle = min(range(1, len(parts)), key=lambda i: abs(2 * until[i - 1] - until[-1]))
    return _halved(parts[:middle]) + _halved(parts[middle:])
