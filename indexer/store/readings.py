"""What was read out of one content besides its pictures, in one JSON file beside the shards.

It belongs to no encoder: a new model reads no file again. `recipes` says of each part how it was
read; a part that is missing, or that another recipe made, is read again.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from indexer.errors import CorruptShard
from indexer.media.reading import Reading
from indexer.store.atomic import write_atomically

FORMAT = 1


@dataclass(frozen=True)
class StoredReading:
    """A reading, of which content it is, and how each part of it was made."""

    content: str
    recipes: dict[str, str]
    reading: Reading


def write_reading(path: Path, stored: StoredReading) -> None:
    """Write the file whole or not at all."""
    body = {
        "content": stored.content,
        "recipes": stored.recipes,
        "reading": stored.reading.to_json(),
    }
    whole = {"format": FORMAT, "checksum": _checksum(body), **body}
    write_atomically(path, json.dumps(whole).encode())


def read_reading(path: Path) -> StoredReading:
    """Read and check it. Raises CorruptShard, or FileNotFoundError when there is none."""
    if not path.exists():
        raise FileNotFoundError(
            f"{path}: what was read of a video is gone. Run `videobert rebuild`: the video is "
            "read again."
        )
    try:
        whole = json.loads(path.read_text("utf-8"))
        body = {name: whole[name] for name in ("content", "recipes", "reading")}
        if whole["format"] != FORMAT:
            raise ValueError(f"format {whole['format']}, this version reads {FORMAT}")
        if whole["checksum"] != _checksum(body) or body["content"] != path.stem:
            raise ValueError("its checksum is wrong")
        reading = Reading.from_json(body["reading"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise CorruptShard(
            f"{path}: what was read of a video is damaged ({error}). Run `videobert rebuild`: "
            "the video is read again."
        ) from error
    return StoredReading(body["content"], body["recipes"], reading)


def _checksum(body: dict[str, Any]) -> str:
    """SHA-256 over the JSON of it in one fixed form, hex."""
    text = json.dumps(body, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
