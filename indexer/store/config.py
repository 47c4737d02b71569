"""`library.toml`: what the user chose for a library."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from indexer.errors import LibraryMismatch
from indexer.store.atomic import write_atomically
from model.towers.registry import is_dual_name


@dataclass(frozen=True)
class LibraryConfig:
    """The settings of one library; an absent file means the defaults."""

    roots: tuple[Path, ...] = ()
    """Folders and files that the library consists of; `rebuild` scans them again."""
    model: Path | str | None = None
    """Folder of the checkpoint, a relative one below the library, or the name of a network that
    sees and reads, as "siglip:google/siglip-base-patch16-224"; None is the shipped checkpoint."""
    speech: str = "off"
    """Who listens where there are no subtitles: "off", "pocketsphinx", "whisper", or
    "whisper:MODEL" with a model's name or folder. Under `[channels]`, as what follows."""
    screen: bool = False
    """Whether on-screen text is read: it makes indexing take more than twice as long."""

    @classmethod
    def load(cls, path: Path) -> LibraryConfig:
        """Raises LibraryMismatch when the file cannot be understood."""
        if not path.exists():
            return cls()
        try:
            values = tomllib.loads(path.read_text("utf-8"))
            model, roots = values.get("model"), values.get("roots", [])
            if not isinstance(roots, list):  # a string would be taken letter by letter
                raise TypeError("roots must be a list of folders")
            return cls(
                tuple(Path(root) for root in roots),
                _model(model) if model else None,
                **_channels(values.get("channels", {})),
            )
        except (tomllib.TOMLDecodeError, TypeError, UnicodeDecodeError) as error:
            raise LibraryMismatch(
                f"{path}: not understood ({error}). Correct that line."
            ) from error


def add_roots(path: Path, roots: Iterable[Path]) -> None:
    """Add what is not there yet to `roots` in the file, keeping its comments and order."""
    known = LibraryConfig.load(path).roots
    if added := [root for root in dict.fromkeys(roots) if root not in known]:
        document = _parse(path)
        for root in added:
            document["roots"].append(str(root))
        write_atomically(path, document.as_string().encode())


def remove_root(path: Path, root: Path) -> None:
    """Take a folder out of `roots`; one that is not there is no error."""
    if root in LibraryConfig.load(path).roots:
        document = _parse(path)
        for listed in [text for text in document["roots"] if Path(text) == root]:
            document["roots"].remove(listed)
        write_atomically(path, document.as_string().encode())


def set_model(path: Path, model: Path) -> None:
    """Make `model`, the folder of a checkpoint, the one in use; all else stays as it is written.

    A relative folder is one of the library's own, so that the library can be moved.
    """
    LibraryConfig.load(path)
    document = _parse(path)
    document["model"] = str(model)
    write_atomically(path, document.as_string().encode())


def set_channels(path: Path, *, speech: str | None = None, screen: bool | None = None) -> None:
    """Change the settings of `[channels]` that are given; all else stays as it is written."""
    import tomlkit

    LibraryConfig.load(path)
    document = _parse(path)
    channels = document.setdefault("channels", tomlkit.table())
    for name, value in (("speech", speech), ("screen", screen)):
        if value is not None:
            channels[name] = value
    write_atomically(path, document.as_string().encode())


def _model(text: str) -> Path | str:
    """Raises TypeError for what is no text."""
    folder = Path(text)
    return text if is_dual_name(text) else folder


def _channels(values: dict[str, Any]) -> dict[str, Any]:
    """Raises TypeError for what is no setting of `[channels]`."""
    if not isinstance(values, dict):
        raise TypeError("channels must be a table: a line [channels], its settings below")
    if unknown := set(values) - {"speech", "screen"}:
        raise TypeError(f"[channels] has no setting {sorted(unknown)[0]}")
    speech, screen = values.get("speech", "off"), values.get("screen", False)
    if not isinstance(speech, str):
        raise TypeError('speech must be "off", "pocketsphinx", "whisper" or "whisper:MODEL"')
    if not isinstance(screen, bool):
        raise TypeError("screen must be true or false")
    return {"speech": speech, "screen": screen}


def _parse(path: Path) -> Any:
    """The file, which `load` has checked, as a document to edit that holds `roots`."""
    import tomlkit

    document = tomlkit.parse(path.read_text("utf-8") if path.exists() else "")
    if "roots" not in document:
        document["roots"] = tomlkit.array().multiline(True)
    return document
