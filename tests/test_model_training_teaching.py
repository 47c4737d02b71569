"""What is taught on, and what is judged by: never the same video, and nobody's sentences twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from model.encoder import Float32, UInt8
from model.towers.torch_tower import unit
from model.training import teaching
from model.training.gate import FEW_QUERIES
from model.training.pairs import TrainingPair
from model.training.student import Student
from model.training.teaching import SeenVideo, teach
from tests.tiny_pupil import tiny_pupil
from tests.tiny_student import FEATURES, SUBJECTS

TOKENS = 60


class Teacher:
    """Sees what there is, and reads no more than the subjects; all else is the same to it."""

    name = "teacher"
    fingerprint = "teacher"
    frame_size = 8
    feature_dim = FEATURES + 1

    def features(self, frames: UInt8) -> Float32:
        raise AssertionError("the frames have been looked at")

    encode_frames = features

    def encode_text(self, texts: Sequence[str]) -> Float32:
        rows = [[*(subject in text for subject in SUBJECTS), 0.1] for text in texts]
        return unit(np.array(rows, np.float32))


@pytest.fixture(scope="module")
def videos() -> list[SeenVideo]:
    """Each of three subjects, in stretches of a clip."""
    draw = np.random.default_rng(0)
    made = []
    for number in range(12):
        shown = draw.choice(FEATURES, 3, replace=False)[draw.integers(3, size=TOKENS // 6)]
        tokens = draw.random((TOKENS, FEATURES)) * 0.4
        tokens[np.arange(TOKENS), np.repeat(shown, 6)] += 2
        seen = unit(np.pad(tokens, ((0, 0), (0, 1))).astype(np.float32))
        made.append(SeenVideo(f"v{number:02}", tokens.astype(np.float16), seen))
    return made


def said_in(videos: Sequence[SeenVideo]) -> list[TrainingPair]:
    return [
        TrainingPair(
            video.video,
            video.tokens[i : i + 6],
            i * 1.5,
            i * 1.5 + 9,
            f"here is {SUBJECTS[video.tokens[i].argmax()]}",
        )
        for video in videos
        for i in range(0, TOKENS, 6)
    ]


def lesson(
    videos: Sequence[SeenVideo], folder: Path, pairs: Sequence[TrainingPair] = ()
) -> teaching.Taught:
    made: list[Student] = []
    return teach(
        tiny_pupil(),
        tiny_pupil(),
        Teacher(),
        videos,
        pairs,
        folder,
        save=lambda student, place: made.append(student),
        reopen=lambda place: made[0],
    )


def test_the_pupil_is_better_at_what_people_say(videos: list[SeenVideo], tmp_path: Path):
    taught = lesson(videos, tmp_path, said_in(videos))
    assert taught.judged_by == "narration"
    assert taught.decision.accepted, str(taught.decision)
    assert taught.decision.differences["MRR"].low > 0.1


def test_who_is_judged_by_was_not_learnt_from(
    videos: list[SeenVideo], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Neither frames nor sentences of the videos kept apart reach the distillation."""
    seen: dict[str, object] = {}

    def distil(features: Float32, *rest: object, **choices: object) -> object:
        seen["features"] = features
        return real_distil(features, *rest, **choices)

    def judge(current: object, candidate: object, held_out: list[TrainingPair], *rest, **choices):
        seen["held_out"] = held_out
        return real_judge(current, candidate, held_out, *rest, **choices)

    real_distil, real_judge = teaching.distil, teaching.judge
    monkeypatch.setattr(teaching, "distil", distil)
    monkeypatch.setattr(teaching, "judge", judge)
    pairs = [replace(pair, text=f"{pair.text} in {pair.video}") for pair in said_in(videos)]
    taught = lesson(videos, tmp_path, pairs)
    apart = {pair.video for pair in seen["held_out"]}
    assert len(apart) == 3
    assert len(seen["held_out"]) == 3 * TOKENS // 6 >= FEW_QUERIES
    learnt = [video.tokens for video in videos if video.video not in apart]
    np.testing.assert_array_equal(seen["features"], np.concatenate(learnt).astype(np.float32))
    general = lesson(videos, tmp_path).sentences
    assert taught.sentences == general + len({p.text for p in pairs if p.video not in apart})


def test_where_little_is_said_the_teacher_names_the_clips(videos: list[SeenVideo], tmp_path: Path):
    """By the sentence of its bank that suits best, which here are the subjects' names."""
    taught = lesson(videos, tmp_path, said_in(videos)[::2])
    assert taught.judged_by == "teacher"
    assert taught.decision.queries == 3 * TOKENS // 6
    assert taught.decision.accepted, str(taught.decision)


def test_copies_of_one_video_are_never_told_apart(videos: list[SeenVideo], tmp_path: Path):
    """Then there is no other to judge by, and the gate says so."""
    copies = [SeenVideo(f"copy {i}", videos[0].tokens, videos[0].seen) for i in range(7)]
    for others in ([], [videos[1]]):
        taught = lesson([*copies, *others], tmp_path)
        assert taught.videos == 7
        assert "too few to tell" in str(taught.decision)


def test_fewer_than_four_videos_are_refused(videos: list[SeenVideo], tmp_path: Path):
    with pytest.raises(ValueError, match="four videos or more"):
        lesson(videos[:3], tmp_path)
