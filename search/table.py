"""Results as lines on a terminal."""

from __future__ import annotations

from unicodedata import category

from search.aligned_part import AlignedPart
from search.evidence import Match
from search.results import SearchResult
from search.scores import score_text


def table(result: SearchResult) -> str:
    """Lines for people: rank, score, times and file, and why."""
    if not result.moments:
        return "Nothing found."
    rows = ["No sure match. The nearest:"] if result.no_match else []
    sure = max((i for i, moment in enumerate(result.moments, 1) if moment.sure), default=0)
    for i, moment in enumerate(result.moments, 1):
        if 0 < sure == i - 1:
            rows.append("Less sure:")
        times = _times((moment.start_s, moment.end_s))
        rows.append(f"{i:3}.  {score_text(moment.score):>6}  {times}  {shown(moment.video)}")
        rows += [f"      step {n}: {_times(step)}" for n, step in enumerate(moment.steps, 1)]
        rows += [f"      {_quoted(match)}" for match in moment.matches[:1]]
        rows += [f"      copy: {shown(copy.video)}" for copy in moment.copies]
        rows += [f"      {_part(part)}" for part in moment.aligned]
        rows += [f"      also: {_times((more.start_s, more.end_s))}" for more in moment.more]
    return "\n".join(rows)


def _quoted(match: Match) -> str:
    """What was said, written or named, with the words that match in brackets."""
    pieces, done = [], 0
    for start, end in match.highlights:
        pieces.append(f"{match.text[done:start]}[{match.text[start:end]}]")
        done = end
    text = "".join([*pieces, match.text[done:]])
    return f"{match.channel}: {shown(' '.join(text.split()))}"


def shown(name: str) -> str:
    """`name` with what would break the line, or play tricks on a terminal, as escapes."""
    return "".join(
        c if c.isprintable() or category(c) == "Zs" else c.encode("unicode_escape").decode()
        for c in name
    )


def _part(part: AlignedPart) -> str:
    """`clip 0:00.0–0:06.0 = 0:12.5–0:18.5 (copy)`."""
    here, there = _times((part.clip_start_s, part.clip_end_s)), _times((part.start_s, part.end_s))
    return f"clip {here} = {there} ({part.kind})"


def _times(span: tuple[float, float]) -> str:
    return "–".join(map(clock, span))


def clock(seconds: float) -> str:
    """Minutes, seconds and tenths: 62.34 is 1:02.3."""
    minutes, tenths = divmod(round(seconds * 10), 600)  # 59.96 s are 1:00.0
    return f"{minutes}:{tenths / 10:04.1f}"
