"""What Kodi and Jellyfin keep beside a video: `name.nfo`, or `movie.nfo` in its folder."""

from __future__ import annotations

import codecs
import re
from datetime import UTC, datetime
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError

from indexer.errors import UnreadableFile
from indexer.media.dates import stated_time
from indexer.media.details import MOST_DESCRIPTION, MOST_NAME, MOST_TITLE, Details
from indexer.media.languages import language_code
from indexer.media.small_files import read_small
from indexer.media.tags import united
from indexer.media.wording import one_line, tidy

MOST_BYTES = 1_000_000
KINDS = ("movie", "episodedetails", "musicvideo")
"""The elements that describe one video."""

_ROOT = re.compile(rf"<({'|'.join(KINDS)})[\s/>]")
_LOOSE_AMPERSAND = re.compile(r"&(?!(?:#\d+|#x[0-9a-fA-F]+|\w+);)")
_DATES = ("premiered", "aired", "releasedate", "year")


def read_nfo(path: Path, now: datetime | None = None) -> Details | None:
    """The details in such a file, None where it describes no single video. Raises UnreadableFile.

    That is: a show, a season, or the plain text that release groups call .nfo too. Document types
    are refused: entities can be made to grow without end. It is of no date after `now`, by default
    the present.
    """
    content = read_small(path, MOST_BYTES)
    text = _decoded(content)
    if _ROOT.search(text) is None:
        return None
    root = _parsed(content, _mended(text), path)
    return _details(root, now or datetime.now(UTC)) if root.tag in KINDS else None


def _parsed(content: bytes, mended: str, path: Path) -> Element:
    """The root element of the one that can be parsed."""
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    found: Exception | None = None
    for text in (content, mended):
        try:
            root: Element = fromstring(text, forbid_dtd=True)
            return root
        except DefusedXmlException as error:
            reason = "declares a document type or entities, which are not read"
            raise UnreadableFile(path, reason, "Remove the <!DOCTYPE ...> from it.") from error
        except (ParseError, LookupError, ValueError) as error:
            found = error
    remedy = "Have Kodi or Jellyfin write it again, or remove it."
    raise UnreadableFile(path, f"is no XML ({found})", remedy) from found


def _mended(text: str) -> str:
    """The first description alone, without what people break when they edit by hand.

    A web address, or more episodes, may follow it.
    """
    if (root := _ROOT.search(text)) and (end := text.find(f"</{root[1]}>", root.end())) > 0:
        text = f"{text[root.start() : end]}</{root[1]}>"
    return _LOOSE_AMPERSAND.sub("&amp;", text)


def _decoded(content: bytes) -> str:
    """UTF-16 and UTF-8, else Windows' Western European, which editors write by mistake."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _details(root: Element, now: datetime) -> Details:
    author = _text(root, "artist", "director", "credits")
    dates = (stated_time(date, now) for name in _DATES for date in _texts(root, name))
    return Details(
        title=one_line(_text(root, "title", "originaltitle"), MOST_TITLE),
        description=tidy(_text(root, "plot", "outline", "tagline"), MOST_DESCRIPTION),
        recorded_at=next((date for date in dates if date), None),
        author=one_line(author, MOST_NAME),
        language=language_code(_text(root, "fileinfo/streamdetails/audio/language")),
        tags=united(
            [
                *_texts(root, "genre"),
                *_texts(root, "tag"),
                *_texts(root, "showtitle"),
                *_texts(root, "actor/name"),
            ]
        ),
    )


def _text(root: Element, *paths: str) -> str:
    """The first of these elements that says something."""
    return next((text for path in paths for text in _texts(root, path)), "")


def _texts(root: Element, path: str) -> list[str]:
    found = (element.text or "" for element in root.findall(path))
    return [text for text in found if text.strip()]
