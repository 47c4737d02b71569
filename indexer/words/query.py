"""What is asked of full text, before it is known which languages it is looked up in."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class WordQuery:
    """The parts of a query as they were typed, without its signs."""

    words: tuple[str, ...] = ()
    """Any of them may be missing: the more of them, the better."""
    phrases: tuple[str, ...] = ()
    """Each has to be there, its words in this order."""
    prefixes: tuple[str, ...] = ()
    """A word that starts like each of these has to be there."""
    excluded: tuple[str, ...] = ()
    """Words and phrases that must not be there."""
    excluded_prefixes: tuple[str, ...] = ()
    plain: str = ""
    """All that is wanted as a plain sentence, for the encoder."""

    @property
    def is_wanted(self) -> bool:
        """Whether anything is looked for, and not only left out."""
        return bool(self.words or self.phrases or self.prefixes)
