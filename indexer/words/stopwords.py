"""Words that say nothing about what is looked for."""

from __future__ import annotations

_WORDS = """
    a about all also am an and any are as at be because been before being both but by can could did
    do does doing during each few for from further had has have having he her here hers him his how
    i if in into is it its just me more most my no nor not of off on once only or other our out over
    own same she should so some such than that the their theirs them then there these they this
    those through to too under until up very was we were what when where which while who whom why
    will with would you your yours
"""
ENGLISH = frozenset(_WORDS.split())
"""Other languages' are left to their weight: "die" and "war" are English words too."""
CHINESE = "的了在是和与與及吗嗎呢吧着著也一这那這个個只隻"
"""Characters that stand between words more often than in them."""
