"""A checkpoint: a folder of weights and the manifest that vouches for them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from model.errors import CheckpointError

PRETRAINED = Path(__file__).parent / "pretrained"
"""The checkpoint that is shipped."""

FORMAT = 2
FRAMES, FRAMES_TORCH = "frames.onnx", "efficientnet_lite2.safetensors"
TEXT, BERT, TOKENIZER = "text.onnx", "bert.safetensors", "tokenizer.json"
JOINT, VOCABULARY = "joint.safetensors", "vocabulary.safetensors"
ALIGNMENT, NETWORK = "alignment.onnx", "videobert.safetensors"
"""What is in a checkpoint; see the model card. NETWORK is absent before the first training."""
BACKBONE = (FRAMES, FRAMES_TORCH)
"""Files whose change makes other features of a frame."""


@dataclass(frozen=True)
class Checkpoint:
    """Weights that are read only after their SHA-256 has been compared with the manifest's."""

    folder: Path
    config: dict[str, Any]
    files: dict[str, str]
    """File name to SHA-256."""

    @classmethod
    def open(cls, folder: Path = PRETRAINED) -> Checkpoint:
        """Read the manifest of `folder`. Raises CheckpointError."""
        path = folder / "manifest.json"
        try:
            manifest = json.loads(path.read_text("utf-8"))
            version, config, files = manifest["format"], manifest["config"], manifest["files"]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise CheckpointError(
                f"{path}: no readable manifest ({error}). {_remedy(folder)}"
            ) from error
        if version != FORMAT:
            raise CheckpointError(
                f"{path}: format {version}, this version reads {FORMAT}. {_remedy(folder)}"
            )
        return cls(folder, config, files)

    @property
    def fingerprint(self) -> str:
        """16 hex digits over the configuration and all weights."""
        identity = json.dumps([FORMAT, self.config, self.files], sort_keys=True)
        return hashlib.sha256(identity.encode()).hexdigest()[:16]

    def fingerprint_of(self, names: Sequence[str]) -> str:
        """16 hex digits over some of the weights alone."""
        identity = json.dumps([FORMAT, {name: self.files.get(name) for name in sorted(names)}])
        return hashlib.sha256(identity.encode()).hexdigest()[:16]

    def read(self, name: str) -> bytes:
        """The bytes of one file. Raises CheckpointError where they are not what was saved."""
        path = self.folder / name
        try:
            content = path.read_bytes()
        except OSError as error:
            raise CheckpointError(
                f"{path}: cannot be read ({error}). {_remedy(self.folder)}"
            ) from error
        if hashlib.sha256(content).hexdigest() != self.files.get(name):
            raise CheckpointError(
                f"{path}: SHA-256 differs from the manifest's. {_remedy(self.folder)}"
            )
        return content


def write_manifest(folder: Path, config: dict[str, Any]) -> None:
    """Vouch for every weight file in `folder` as it is now; `config` is JSON."""
    weights = sorted(p for p in folder.iterdir() if p.suffix in {".onnx", ".safetensors", ".json"})
    files = {
        p.name: hashlib.sha256(p.read_bytes()).hexdigest()
        for p in weights
        if p.name != "manifest.json"
    }
    manifest = {"format": FORMAT, "config": config, "files": files}
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", "utf-8")


def _remedy(folder: Path) -> str:
    if folder == PRETRAINED:
        return "Reinstall videobert-search, or restore the folder from its repository."
    return (
        "Put the folder back as it was, or take `model` out of the library's library.toml and run "
        "`videobert rebuild`."
    )
