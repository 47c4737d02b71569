"""The text of a cue as it is read on screen."""

from __future__ import annotations

import re

from model.sentences import without_markup

_OVERRIDE = re.compile(r"(\{[^{}]*\})")
_DRAWING = re.compile(r"\\p(\d+)")


def shown_text(text: str) -> str:
    """Without tags, entities, override codes, karaoke and drawings; its lines without what is
    blank around them."""
    lines = without_markup(_spoken(text).replace("\\h", " ")).splitlines()
    return "\n".join(" ".join(line.split()) for line in lines if line.strip())


def _spoken(text: str) -> str:
    """Without what is in braces, and the shapes that ASS draws between two of them."""
    kept, draws = [], False
    for part in _OVERRIDE.split(text):
        if part.startswith("{") and part.endswith("}"):
            if levels := _DRAWING.findall(part):
                draws = levels[-1].strip("0") != ""
        elif not draws:
            kept.append(part)
    return "".join(kept)
