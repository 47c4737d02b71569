"""How well what was masked is told, and what belongs together is known, beside guessing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from model.masking import IGNORED
from model.training.batches import Batches, Step
from model.training.student import Student


@dataclass(frozen=True)
class Score:
    """Accuracy and macro F1, of the predictions and of two ways to guess.

    F1 is the mean over the classes that occur among the labels. `majority` always says the label
    that is most frequent here, `uniform` draws from all classes alike.
    """

    count: int
    classes: int
    """That could be said."""
    accuracy: float
    f1: float
    majority_accuracy: float
    majority_f1: float
    uniform_accuracy: float
    uniform_f1: float

    def to_json(self) -> dict[str, float]:
        return {name: round(value, 5) for name, value in vars(self).items()}


def score(predicted: NDArray[np.int64], labels: NDArray[np.int64], classes: int) -> Score | None:
    """(N,) predictions and (N,) labels of `classes`; None where N is 0."""
    if not len(labels):
        return None
    truths = np.bincount(labels, minlength=classes)
    said = np.bincount(predicted, minlength=classes)
    hits = np.bincount(labels[labels == predicted], minlength=classes)
    occurring = truths > 0
    f1 = 2 * hits[occurring] / (truths + said)[occurring]
    share = truths[occurring] / len(labels)
    most = float(share.max())
    return Score(
        count=len(labels),
        classes=classes,
        accuracy=float((labels == predicted).mean()),
        f1=float(f1.mean()),
        majority_accuracy=most,
        majority_f1=2 * most / (1 + most) / int(occurring.sum()),
        uniform_accuracy=1 / classes,
        uniform_f1=float((2 * share / classes / (share + 1 / classes)).mean()),
    )


def measure(student: Student, batches: Batches, steps: int) -> dict[str, Score]:
    """Masked word pieces, masked visual words and alignment over the first steps of `batches`.

    What could not be measured, for want of anything masked or of honest negatives, is left out.
    """
    found: dict[str, list[tuple[Tensor, Tensor]]] = {"pieces": [], "words": [], "alignment": []}
    with student.judging():
        for number in range(steps):
            _add(found, student, batches.step(number))
    config = student.net.config
    sizes = {"pieces": config.bert.vocab_size, "words": config.words, "alignment": 2}
    scores = {}
    for name, rows in found.items():
        told, labels = (torch.cat(column).cpu().numpy() for column in zip(*rows, strict=True))
        if (one := score(told, labels, sizes[name])) is not None:
            scores[name] = one
    return scores


def _add(found: dict[str, list[tuple[Tensor, Tensor]]], student: Student, step: Step) -> None:
    """What the network says of a step, and what is right."""
    net, device = student.net, student.device
    output = net(step.masked.batch.to(device))
    for name, hidden, labels, head in (
        ("pieces", output.text_hidden, step.masked.text_labels, net.predict_pieces),
        ("words", output.visual_hidden, step.masked.visual_labels, net.predict_words),
    ):
        there = labels.to(device) != IGNORED
        found[name].append((head(hidden[there]).argmax(-1), labels.to(device)[there]))
    if step.aligned is None:
        none = torch.empty(0, dtype=torch.int64)
        found["alignment"].append((none, none))
    else:
        logits = net.predict_alignment(net(step.aligned.to(device)).cls)
        found["alignment"].append(((logits > 0).long().cpu(), step.aligned_labels.long()))
