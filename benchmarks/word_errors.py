"""How much of what was said a recogniser got wrong."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence


def word_error_rate(pairs: Iterable[tuple[str, str]]) -> float:
    """Of (said, heard): words to replace, add and remove, over the words that were said.

    Case and punctuation do not count. Raises ValueError when nothing was said.
    """
    errors = count = 0
    for said, heard in pairs:
        errors += distance(words_of(said), words_of(heard))
        count += len(words_of(said))
    if count == 0:
        raise ValueError("no word was said")
    return errors / count


def words_of(text: str) -> list[str]:
    """In lower case, without punctuation."""
    return re.findall(r"[\w']+", text.casefold().replace("’", "'"))


def distance(said: Sequence[str], heard: Sequence[str]) -> int:
    """Levenshtein's, in words."""
    row = list(range(len(heard) + 1))
    for i, word in enumerate(said, 1):
        diagonal, row[0] = row[0], i
        for j, other in enumerate(heard, 1):
            diagonal, row[j] = (
                row[j],
                min(row[j] + 1, row[j - 1] + 1, diagonal + (word != other)),
            )
    return row[-1]
