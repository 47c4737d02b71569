"""Fits the joint space in closed form: seconds on a CPU, no step size, nothing to overtrain."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from model.encoder import Float32
from model.joint import JointConfig, JointSpace, unit

WHITENING = 0.5
"""0 leaves the sentence space as it is, 1 makes all its directions count the same."""
RIDGE = 450.0
"""Penalty on squared weights, in units of squared features summed over the pictures."""
FLOOR = 1e-6
"""Variance below which a direction of the sentence space is not blown up any further."""


def whitening_map(sentences: Float32, mean: Float32, power: float = WHITENING) -> Float32:
    """(D, D) symmetric: the covariance of (N, D) sentence vectors to the power `-power / 2`."""
    centred = (sentences - mean).astype(np.float64)
    values, vectors = np.linalg.eigh(centred.T @ centred / len(centred))
    scales = np.exp(-power / 2 * np.log(np.maximum(values, FLOOR)))
    return np.asarray((vectors * scales) @ vectors.T, np.float32)


def mean_by_owner(vectors: Float32, owners: Sequence[int], count: int) -> Float32:
    """(count, D): mean of the rows of `vectors` (N, D) that belong to each of 0 .. count - 1."""
    sums = np.zeros((count, vectors.shape[1]), np.float32)
    np.add.at(sums, np.asarray(owners), vectors)
    counts = np.bincount(np.asarray(owners), minlength=count)
    if not counts.all():
        raise ValueError(f"row {int(np.argmin(counts))} has no sentence")
    return np.asarray(sums / counts[:, None], np.float32)


def ridge(
    features: Float32, targets: Float32, penalty: float, prior: Float32 | None = None
) -> tuple[Float32, Float32]:
    """Weight (D, F) and bias (D,) that minimise the squared error + penalty x squared weights.

    `features` (N, F), `targets` (N, D). With a `prior` (D, F) it is the distance from the prior
    that is penalised: few rows then change little (Hoerl & Kennard 1970, the mean of the prior).
    """
    x_mean, y_mean = features.mean(0, dtype=np.float64), targets.mean(0, dtype=np.float64)
    x, y = features - x_mean, targets - y_mean
    if prior is not None:
        y = y - x @ prior.T
    gram = x.T @ x
    gram[np.diag_indices_from(gram)] += penalty
    weight = np.linalg.solve(gram, x.T @ y).T
    if prior is not None:
        weight = weight + prior
    return np.asarray(weight, np.float32), np.asarray(y_mean - weight @ x_mean, np.float32)


def fit_joint_space(
    features: Float32,
    sentences: Float32,
    owners: Sequence[int],
    classes: dict[str, Float32],
    config: JointConfig = JointConfig(),
    whitening: float = WHITENING,
) -> JointSpace:
    """The joint space of pictures and what people wrote about them.

    `features` (N, F) of the pictures; `sentences` (M, D) unit vectors, of picture `owners[m]` each;
    `classes` holds `class_weight`, `class_bias` and `anchors` of `JointSpace`.
    """
    text_mean = sentences.mean(0)
    text_map = whitening_map(sentences, text_mean, whitening)
    zeros = np.zeros(sentences.shape[1], np.float32)
    space = JointSpace(
        {**classes, "text_mean": text_mean, "text_map": text_map, "image_mean": zeros}, config
    )
    targets = mean_by_owner(space.text(sentences), owners, len(features))
    targets -= targets.mean(0)  # a mean direction would only add the same to every score
    weight, bias = ridge(features, targets, RIDGE)
    image_mean = unit(space.concepts(features)).mean(0)
    fitted = {"ridge_weight": weight, "ridge_bias": bias, "image_mean": image_mean}
    return JointSpace({**space.tensors, **fitted}, config)
