"""The bytes of a subtitle file to text: files say nothing of their encoding, or lie."""

from __future__ import annotations

import codecs

from indexer.media.subtitles.track import NotUnderstood

_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),  # begins as UTF-16's does, so it comes first
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE_BYTES = 20_000
_FEW_LETTERS = 8
"""So few bytes outside ASCII tell nothing."""
_OLD_DEFAULT = "cp1252"
_OLD_ENCODINGS = [
    *("cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258"),
    *("cp874", "koi8_r", "cp932", "euc_jp", "gb18030", "big5", "cp949"),
]
"""What subtitles were written in before UTF-8. Among all encodings there are, many fit."""


def decode(content: bytes) -> str:
    """The text, its lines ended by a line feed. Raises NotUnderstood for what is no text.

    Encodings of a byte or two a letter are told apart by what reads like a language; where that
    is unclear it is Windows' Western European, as most old files are.
    """
    text = _decode(content).removeprefix("\ufeff")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _decode(content: bytes) -> str:
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            return content.decode(encoding, "replace")
    if b"\0" in content:
        return content.decode(_utf16_without_mark(content), "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode(_old_encoding(content), "replace")


def _utf16_without_mark(content: bytes) -> str:
    """By the zero half of most letters."""
    even, odd = content[0::2].count(0), content[1::2].count(0)
    if even + odd < len(content) // 5 or min(even, odd) > max(even, odd) // 10:
        raise NotUnderstood("it is no text")
    return "utf-16-le" if odd > even else "utf-16-be"


def _old_encoding(content: bytes) -> str:
    from charset_normalizer import from_bytes

    sample = b"\n".join(line for line in content.splitlines() if not line.isascii())
    if len(sample) > _SAMPLE_BYTES:
        sample = sample[: sample.rfind(b"\n", 0, _SAMPLE_BYTES)]
    if sum(byte > 127 for byte in sample) < _FEW_LETTERS:
        return _OLD_DEFAULT
    best = from_bytes(sample, cp_isolation=_OLD_ENCODINGS).best()
    if best is None or _OLD_DEFAULT in best.could_be_from_charset:
        return _OLD_DEFAULT
    return best.encoding
