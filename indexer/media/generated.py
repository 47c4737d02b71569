"""Tells what a program wrote into a title or a description from what a person did."""

from __future__ import annotations

import re

_COUNTERS = "cimg|dsc[fn]?|dji|gopr|g[hx]|img|mah|mov|movi|mvi|pict|pxl|sam|trim|vid"
_THINGS = "chapter|clip|comp|composition|media|movie|part|presentation|project|scene|sequence|title"
_FILES = "3gp|avi|dv|flv|m2ts|m4v|mkv|mov|mp4|mpe?g|mts|webm|wmv"

_GENERATED = re.compile(
    rf"""<?untitled\b.*
    | default | movie | n/?a | none | null | undefined | unknown | video
    | new[ ](?:movie|project|recording|video)
    | (?:{_THINGS}|timeline|track|video)[ _-]*\d+             # Sequence 01
    | (?:{_COUNTERS})[ _-]*\d[\d_ ()-]*                       # IMG_0123, as cameras count
    | \d{{8}}[_-]\d{{6}}(?:[_-]\d+)?                          # 20240131_101112
    | (?:screen[ ]?recording|screencast)\b[^a-z]*
    | \S+\.(?:{_FILES})(?:[ ](?:audio|video)[ ]\#\d+)?        # a file's name
    | .*\b(?:apple|iso|gpac|l-smash|mainconcept)\b.*\bhandler
    | (?:audio|data|hint|media|meta|sound|sub|subtitle|text|timecode|video)[ ]?handler
    | core[ ]media[ ](?:audio|video)
    | iso[ ]media[ ]file[ ]produced[ ]by\b.*
    | (?:created|edited|encoded|exported|generated|rendered)[ ](?:using|with)\b.*
    | encoded[ ]by\b.*
    | (?:ffmpeg|handbrake|lav[cf]\d+|libav|mencoder|x26[45])\b.*
    | \{{?[0-9a-f]{{8}}-?(?:[0-9a-f]{{4}}-?){{3}}[0-9a-f]{{12}}\}}?  # a UUID
    | [\W_]*""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)


def is_generated(text: str) -> bool:
    """Whether `text` is what cameras, editors and muxers write when nobody says anything.

    Such as "Untitled", "Sequence 01", "IMG_0123", "VideoHandler" or "Created with ...".
    """
    return _GENERATED.fullmatch(text.strip()[:1000]) is not None
