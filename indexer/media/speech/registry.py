"""Which speech recogniser is used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer.errors import RecogniserUnavailable

if TYPE_CHECKING:
    from indexer.media.speech.recogniser import Recogniser


def load_recogniser(name: str, device: str = "auto", compute_type: str = "default") -> Recogniser:
    """The recogniser called "pocketsphinx", "whisper" (its model "small"), "whisper:medium" or
    "whisper:FOLDER", a model in CTranslate2's format.

    `device` is "auto", "cpu" or "cuda", `compute_type` one of CTranslate2's, such as "int8";
    pocketsphinx knows neither. A Whisper model is looked for, and downloaded once if need be; all
    else is loaded at the first call. Raises RecogniserUnavailable.
    """
    kind, _, model = name.partition(":")
    if kind == "whisper":
        from indexer.media.speech.whisper import DEFAULT_MODEL, Whisper

        return Whisper(model or DEFAULT_MODEL, device, compute_type)
    if name == "pocketsphinx":
        from indexer.media.speech.sphinx import Sphinx
        from indexer.media.speech.voice import require_voice_detector

        sphinx = Sphinx()
        require_voice_detector()  # the package brings none that is good enough
        return sphinx
    raise RecogniserUnavailable(
        f"There is no speech recogniser {name!r}. Give pocketsphinx, whisper, whisper:MODEL or "
        "whisper:FOLDER."
    )
