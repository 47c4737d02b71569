"""Where a Whisper model in CTranslate2's format lies, by its name or its folder."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from indexer.errors import EmptyFile, RecogniserUnavailable, UnreadableFile
from indexer.hashing import content_hash

WANTED = ("model.bin", "config.json", "tokenizer.json")
_INSTALL = "Install it with: pip install faster-whisper"
_CONVERT = (
    "Make one with: ct2-transformers-converter --model openai/whisper-small --output_dir FOLDER "
    "--copy_files tokenizer.json preprocessor_config.json"
)


@dataclass(frozen=True)
class WhisperModel:
    """A model that is on this machine."""

    folder: Path
    name: str
    """Package, version and model."""


def find_model(model: str) -> WhisperModel:
    """`model` is a folder, or a name such as "small" or "Systran/faster-whisper-small".

    One that has a name is downloaded once, about 0.5 GB for "small", to the cache of Hugging
    Face. Raises RecogniserUnavailable.
    """
    try:
        package = f"faster-whisper {version('faster-whisper')}"
    except PackageNotFoundError as error:
        raise RecogniserUnavailable(f"faster-whisper is not installed. {_INSTALL}") from error
    folder = Path(model).expanduser()
    if folder.is_dir() or folder.is_absolute():
        return WhisperModel(folder, f"{package} {_fingerprint(folder)}")
    folder = _fetched(model)
    return WhisperModel(folder, f"{package} {model} {folder.name[:12]}")  # named by its commit


def _fingerprint(folder: Path) -> str:
    """12 digits that stand for the weights: a folder's name says little."""
    missing = [name for name in WANTED if not (folder / name).is_file()]
    if missing:
        raise RecogniserUnavailable(
            f"{folder} holds no Whisper model: {', '.join(missing)} missing. {_CONVERT}"
        )
    try:
        return content_hash(folder / "model.bin")[:12]
    except (EmptyFile, UnreadableFile) as error:
        raise RecogniserUnavailable(f"{error} {_CONVERT}") from error


def _fetched(model: str) -> Path:
    """The folder in the cache, fetched where it is not there yet."""
    from faster_whisper.utils import available_models, download_model

    if "/" not in model and model not in available_models():
        names = ", ".join(available_models())
        raise RecogniserUnavailable(
            f"There is no Whisper model {model!r}. Give a folder, or one of: {names}."
        )
    try:
        return _cached(model) or Path(download_model(model))
    except (OSError, ValueError) as error:
        raise RecogniserUnavailable(
            f"The Whisper model {model!r} can neither be read on this machine nor fetched: "
            f"{' '.join(str(error).split())} Run `faster_whisper.download_model({model!r}, "
            "FOLDER)` in Python on a machine with a network, copy FOLDER here, and give "
            "whisper:FOLDER."
        ) from error


def _cached(model: str) -> Path | None:
    """The folder in the cache; None where none is there, or one that was not wholly fetched.

    Raises OSError for a cache that cannot be read, and ValueError for what names no model.
    """
    from faster_whisper.utils import download_model
    from huggingface_hub.errors import LocalEntryNotFoundError

    try:
        return Path(download_model(model, local_files_only=True))
    except LocalEntryNotFoundError:
        return None
