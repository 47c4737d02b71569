"""`library.toml`: what the user chose for a library."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from indexer.errors import LibraryMismatch
from indexer.store.atomic import write_atomically


@dataclass(frozen=True)
class LibraryConfig:
    """The settings of one library; an absent file means the defaults."""

    roots: tuple[Path, ...] = ()
    """Folders and files that the library consists of; `rebuild` scans them again."""
    model: Path | None = None
    """Folder of the checkpoint; None is the shipped one."""

    @classmethod
    def load(cls, path: Path) -> LibraryConfig:
        """Raises LibraryMismatch when the file cannot be understood."""
        if not path.exists():
            return cls()
        try:
            values = tomllib.loads(path.read_text("utf-8"))
            model = values.get("model")
            return cls(
                tuple(Path(root) for root in values.get("roots", [])),
                Path(model) if model else None,
            )
        except (tomllib.TOMLDecodeError, TypeError, UnicodeDecodeError) as error:
            raise LibraryMismatch(f"{path}: not understood ({error}). Correct that line.") from error


def add_roots(path: Path, roots: Iterable[Path]) -> LibraryConfig:
    """Add what is not there yet to `roots` in the file, keeping its comments and order."""
    config = LibraryConfig.load(path)
    added = [root for root in roots if root not in config.roots]
    return _write_roots(path, [*config.roots, *added]) if added else config


def remove_root(path: Path, root: Path) -> LibraryConfig:
    """Take a folder out of `roots`; one that is not there is no error."""
    config = LibraryConfig.load(path)
    left = [known for known in config.roots if known != root]
    return _write_roots(path, left) if len(left) < len(config.roots) else config


def _write_roots(path: Path, roots: Iterable[Path]) -> LibraryConfig:
    import tomlkit

    document = tomlkit.parse(path.read_text("utf-8") if path.exists() else "")
    listed = tomlkit.array().multiline(True)
    listed.extend(str(root) for root in roots)
    document["roots"] = listed
    write_atomically(path, tomlkit.dumps(document).encode())
    return LibraryConfig.load(path)
