"""What is said when weights that lie elsewhere cannot be had."""

from __future__ import annotations

from model.errors import ModelError


def download_failed(name: str, cache: str, error: Exception) -> ModelError:
    """One line that names the model, where it is looked for, why it failed, and the remedy."""
    reason = " ".join(str(error).split())[:300] or type(error).__name__
    return ModelError(
        f"{name}: not in {cache}, and it cannot be downloaded ({reason}). Run this once with a "
        "network: weights are downloaded once and kept there. Or give a local path instead."
    )
