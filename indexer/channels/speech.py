"""The channel `speech`: subtitles beside or inside the file, else what a recogniser hears.

Subtitles in several languages are all searched by their words; one track each, the best.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from indexer.channels.channel import Found
from indexer.channels.stamps import stamp
from indexer.channels.timing import in_time
from indexer.channels.video import ChannelVideo
from indexer.errors import MediaError, UnreadableFile
from indexer.media.parts import FILE
from indexer.media.reading import Reading, Transcript
from indexer.media.speech.recogniser import Recogniser
from indexer.media.subtitle_files import read_subtitles
from indexer.media.subtitle_sidecars import Sidecar, SidecarFinder
from indexer.readings import Readings
from indexer.scanning import RETRIED
from indexer.store.records import NewPassage
from indexer.store.word_queries import SPEECH
from indexer.words.scripts import language_of_script
from model.sentences import SentenceSplitter

RECIPE = "1"


_PASSING = RETRIED | {"RecognitionFailed"}
"""What the recogniser may do at the next run: a full GPU, a disk that was away."""


@dataclass
class _Tracks:
    """One transcript a language, what was wrong with others, and whether that may pass."""

    transcripts: list[Transcript]
    problems: list[tuple[str, str]]
    again: bool = False


class Speech:
    """What is said, in sentences."""

    name = SPEECH

    def __init__(
        self, readings: Readings, recogniser: Recogniser | None = None, *, align: bool = False
    ) -> None:
        """`recogniser` listens where there are no subtitles; with `align`, subtitle files that are
        early or late as a whole are put in time with the voice."""
        self._readings = readings
        self._recogniser = recogniser
        self._align = align
        self._finder = SidecarFinder()

    def key(self, video: ChannelVideo) -> str:
        listens = self._recogniser.name if self._recogniser else ""
        stamps = [stamp(sidecar.path) for sidecar in self._sidecars(video)]
        return json.dumps([RECIPE, video.recipes.get(FILE, ""), listens, self._align, stamps])

    def find(self, video: ChannelVideo) -> Found:
        stored = self._readings.of(video.content)
        reading = stored.reading
        tracks = self._subtitles(video, reading)
        if not tracks.transcripts and self._recogniser is not None:
            heard = stored.recipes.get(SPEECH)
            self._listen(video, reading.speech, heard, tracks)
        passages = [
            passage for transcript in tracks.transcripts for passage in _passages(transcript, video)
        ]
        sources = ", ".join(_described(transcript) for transcript in tracks.transcripts)
        return Found(passages, sources, tuple(tracks.problems), tracks.again)

    def _sidecars(self, video: ChannelVideo) -> Iterator[Sidecar]:
        """Of all its copies; files that hold little but names in other languages are left out."""
        for file in video.files:
            yield from (found for found in self._finder.beside(file) if not found.forced)

    def _subtitles(self, video: ChannelVideo, reading: Reading) -> _Tracks:
        """Beside the file before inside of it: someone put them there."""
        found: dict[str, Transcript] = {}
        problems = []
        for sidecar in self._sidecars(video):
            if sidecar.language and sidecar.language in found:
                continue
            try:
                transcript = read_subtitles(sidecar.path, video.fps)
            except UnreadableFile as error:
                problems.append((str(sidecar.path), f"{error.reason}. {error.remedy}"))
                continue
            _add(self._in_time(transcript, video, problems), found)
        for transcript in reading.subtitles:
            _add(transcript, found)
        return _Tracks(list(found.values()), problems)

    def _in_time(
        self, transcript: Transcript, video: ChannelVideo, problems: list[tuple[str, str]]
    ) -> Transcript:
        if not self._align:
            return transcript
        file = _present(video)
        try:
            return in_time(transcript, file)
        except MediaError as error:
            problems.append((str(file), f"its voices cannot be found: {error.reason}"))
            return transcript

    def _listen(
        self, video: ChannelVideo, known: Transcript | None, recipe: str | None, tracks: _Tracks
    ) -> None:
        """Add what the recogniser hears, which is kept with the reading; or what was wrong."""
        from indexer.media.speech.recognition import recognise

        assert self._recogniser is not None
        if recipe == self._recogniser.name and known is not None:
            tracks.transcripts.append(known)
            return
        file = _present(video)
        try:
            speech = recognise(file, self._recogniser)
        except MediaError as error:
            reason = f"its speech cannot be read: {error.reason}. {error.remedy}"
            tracks.problems.append((str(file), reason))
            tracks.again = error.code in _PASSING
            return
        self._readings.enter_speech(video.content, speech, self._recogniser.name)
        tracks.transcripts.append(speech)


def _add(transcript: Transcript, found: dict[str, Transcript]) -> None:
    """The first of each language; one that names none is likely the same as one that does."""
    if transcript.language or not found:
        found.setdefault(transcript.language, transcript)


def _present(video: ChannelVideo) -> Path:
    return next((file for file in video.files if file.exists()), video.files[0])


def _passages(transcript: Transcript, video: ChannelVideo) -> Iterator[NewPassage]:
    """Its sentences, each with its times, as far as there is a picture."""
    language = transcript.language or language_of_script(
        " ".join(cue.text for cue in transcript.cues)
    )
    for sentence in SentenceSplitter([transcript.cues])(transcript.cues):
        if sentence.start_s < video.duration_s:
            end_s = min(sentence.end_s, video.duration_s)
            yield NewPassage(sentence.text, sentence.start_s, end_s, language)


def _described(transcript: Transcript) -> str:
    if transcript.source == "stream":
        return f"subtitles in the file{f' ({transcript.name})' if transcript.name else ''}"
    return transcript.name or transcript.source
