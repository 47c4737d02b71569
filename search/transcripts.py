"""Transcripts of the library's videos."""

from __future__ import annotations

from indexer.media.reading import Transcript
from indexer.store.records import VideoRecord
from model.sentences import Cue
from search.errors import InvalidQuery, NothingSaid
from search.evidence import SPEECH
from search.library_view import LibraryView


def transcript_of(view: LibraryView, video: VideoRecord, language: str = "") -> Transcript:
    """What is said in `video`, in `language` or the first that there is.

    Raises NothingSaid, and InvalidQuery for a language that is not there.
    """
    passages = view.words.passages_of(video.id, SPEECH)
    if not passages:
        raise NothingSaid(
            f"{video.path}: nothing is known to be said. Put subtitles beside it, or set `speech` "
            "in library.toml, and run `videobert index`."
        )
    there = list(dict.fromkeys(passage.language for passage in passages))
    chosen = language or there[0]
    if chosen not in there:
        names = ", ".join(name or "unknown" for name in there)
        raise InvalidQuery(f"{video.path}: no transcript in {chosen!r}. There is: {names}.")
    cues = tuple(
        Cue(one.start_s, one.end_s, one.text)
        for one in passages
        if one.language == chosen and one.start_s is not None and one.end_s is not None
    )
    source = _source(view, video.id)
    return Transcript(cues, chosen, "index", source)


def _source(view: LibraryView, video_id: int) -> str:
    source = view.words.source_of(video_id, SPEECH)
    return source.description if source else ""
