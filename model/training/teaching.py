"""What a large tower teaches: videos -> split -> distilled bridge -> candidate -> gate."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from model.bridge import Bridge
from model.classes import imagenet_classes
from model.encoder import Float32
from model.towers.distil import Distilled, distil
from model.towers.torch_tower import unit
from model.towers.tower import DualTower
from model.training.gate import FEW_QUERIES, GateDecision, judge
from model.training.pairs import TOKEN_S, TrainingPair
from model.training.probe import ClassProbe
from model.training.run_folder import RunFolder, Say
from model.training.split import split_by_video
from model.training.student import Student, Towers

HELD_OUT = 0.25
"""Share of the clips that is kept apart: of eight videos that are two, which the gate needs."""
CLIP = 6
"""Tokens of a clip that the teacher describes, 9 s."""
MOST_SENTENCES = 10_000
"""Of the narration; a teacher reads some tens a second on a CPU."""


@dataclass(frozen=True, eq=False)
class SeenVideo:
    """A video as both see it, a row for each 1.5 s."""

    video: str
    """Its content hash."""
    tokens: NDArray[np.float16]
    """(T, F) the student's features, T >= 1."""
    seen: Float32
    """(T, E) the teacher's vectors, unit length."""


@dataclass(frozen=True)
class Taught:
    """What became of the lessons."""

    videos: int
    """Learnt from."""
    tokens: int
    sentences: int
    """In the bank that teacher and student were compared by."""
    judged_by: str
    """"narration", or "teacher" where too little is said in the videos kept apart."""
    penalty: float
    agreement: float
    """See `model.towers.distil.Distilled`."""
    decision: GateDecision
    candidate: Path
    """Folder of the new checkpoint, whether accepted or not."""

    def to_json(self) -> dict[str, Any]:
        return {
            "videos": self.videos,
            "tokens": self.tokens,
            "sentences": self.sentences,
            "judged_by": self.judged_by,
            "penalty": self.penalty,
            "agreement": self.agreement,
        }


def teach(
    student: Student,
    current: Towers,
    teacher: DualTower,
    videos: Sequence[SeenVideo],
    pairs: Sequence[TrainingPair],
    folder: Path,
    *,
    seed: int = 1,
    save: Callable[[Student, Path], None],
    reopen: Callable[[Path], Towers],
    say: Say = lambda line: None,
) -> Taught:
    """Give `student` a bridge that agrees with `teacher`, and judge it on videos kept apart.

    `pairs` are what is said in the videos, in any number. The bank of sentences is what is said in
    the videos learnt from, and the names and definitions of the ImageNet classes. `current`, `save`
    and `reopen` are as in `model.training.trainer.train`. Raises ValueError for fewer than four
    videos.
    """
    if len(videos) < 4:
        raise ValueError(f"four videos or more are needed, got {len(videos)}")
    learnt, kept = _split(videos, seed)
    bank = _bank([pair.text for pair in pairs if pair.video not in {v.video for v in kept}])
    say(f"{teacher.name} reads {len(bank)} sentences")
    read = teacher.encode_text(bank)
    distilled = _distilled(learnt, current.encode_text(bank), read, seed)
    _put(student, distilled)
    candidate = folder / "candidate"
    run = RunFolder(folder, say)
    save(student, candidate)
    judged_by, held_out = _questions(kept, pairs, bank, read, _centre(learnt))
    say(f"Judged on {len(held_out)} clips of {len(kept)} videos kept apart")
    decision = judge(current, reopen(candidate), held_out, _probe(student, learnt), seed=seed)
    taught = Taught(
        videos=len(learnt),
        tokens=sum(len(video.tokens) for video in learnt),
        sentences=len(bank),
        judged_by=judged_by,
        penalty=distilled.penalty,
        agreement=distilled.agreement,
        decision=decision,
        candidate=candidate,
    )
    run.write("config.json", {"teacher": teacher.name, "seed": seed, **taught.to_json()})
    run.write("decision.json", decision.to_json())
    return taught


def _split(videos: Sequence[SeenVideo], seed: int) -> tuple[list[SeenVideo], list[SeenVideo]]:
    """Those to learn from, two at least, and those kept apart. Copies stay together."""
    clips = [clip for video in videos for clip, _ in _clips(video)]
    names = {clip.video for clip in split_by_video(clips, seed=seed, share=HELD_OUT).held_out}
    learnt = [video for video in videos if video.video not in names]
    kept = [video for video in videos if video.video in names]
    return (kept, learnt) if len(learnt) < 2 else (learnt, kept)


def _clips(video: SeenVideo) -> Iterator[tuple[TrainingPair, Float32]]:
    """Clips that do not overlap, without words, and (t, E) what the teacher sees in each."""
    for start in range(0, len(video.tokens), CLIP):
        tokens = video.tokens[start : start + CLIP]
        end_s = (start + len(tokens)) * TOKEN_S
        pair = TrainingPair(video.video, tokens, start * TOKEN_S, end_s, "")
        yield pair, video.seen[start : start + CLIP]


def _bank(said: Sequence[str]) -> list[str]:
    """Sentences, each once: of what is `said`, and of general knowledge."""
    known = imagenet_classes()
    sentences = list(dict.fromkeys(said))
    sentences = sentences[:: -(-len(sentences) // MOST_SENTENCES) or 1]
    general = [one.name for one in known] + [one.sentence for one in known]
    return list(dict.fromkeys([*sentences, *general]))


def _distilled(
    learnt: Sequence[SeenVideo], sentences: Float32, read: Float32, seed: int
) -> Distilled:
    return distil(
        np.concatenate([video.tokens for video in learnt]).astype(np.float32),
        np.concatenate([video.seen for video in learnt]),
        sentences,
        read,
        np.repeat(np.arange(len(learnt)), [len(video.tokens) for video in learnt]),
        seed=seed,
    )


def _put(student: Student, distilled: Distilled) -> None:
    """The regression of the student's bridge."""
    bridge = student.net.bridge
    assert isinstance(bridge, Bridge)
    weight, bias = torch.from_numpy(distilled.weight.T), torch.from_numpy(distilled.bias)
    assert (weight.shape, bias.shape) == (bridge.ridge_weight.shape, bridge.ridge_bias.shape)
    with torch.no_grad():
        bridge.ridge_weight.copy_(weight)  # (D, F)
        bridge.ridge_bias.copy_(bias)


def _centre(learnt: Sequence[SeenVideo]) -> Float32:
    """(E,) what the teacher sees in all pictures, see `model.towers.distil.soft_captions`."""
    return np.asarray(np.concatenate([video.seen for video in learnt]).mean(0), np.float32)


def _questions(
    kept: Sequence[SeenVideo],
    pairs: Sequence[TrainingPair],
    bank: Sequence[str],
    read: Float32,
    centre: Float32,
) -> tuple[str, list[TrainingPair]]:
    """Sentences of the videos kept apart: by people if there are enough, else by the teacher.

    The teacher names the sentence of the bank that it ranks first for a clip.
    """
    names = {video.video for video in kept}
    said = [pair for pair in pairs if pair.video in names]
    if len(said) >= FEW_QUERIES and len({pair.video for pair in said}) >= 2:
        return "narration", said
    clips = [clip for video in kept for clip in _clips(video)]
    if not clips:
        return "teacher", []
    seen = unit(np.stack([rows.mean(0) for _, rows in clips])) - centre  # (clips, E)
    best = [int((row @ read.T).argmax()) for row in seen]
    return "teacher", [
        replace(clip, text=bank[i]) for (clip, _), i in zip(clips, best, strict=True)
    ]


def _probe(student: Student, learnt: Sequence[SeenVideo]) -> ClassProbe:
    """The classes of the CNN's classifier, as tokens like those of these videos."""
    tokens = np.concatenate([video.tokens for video in learnt])
    return ClassProbe.among(student.net.class_weight.float().cpu().numpy(), tokens)
