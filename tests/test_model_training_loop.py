"""The loop: resumed runs equal uninterrupted ones, and what can go wrong says so."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from model.errors import CheckpointError, TrainingFailed
from model.training.loop import Fitted, LoopConfig, fit
from model.training.objective import Objective
from model.training.optimiser import Rates
from model.training.plan import Scope
from model.training.run_folder import RunFolder, read_metrics
from model.training.student import Student
from model.training.trainer import _anchor
from tests.tiny_student import tiny_student, world

CONFIG = LoopConfig(Scope.TRUNK, steps=6, piece=5, probe_every=2, patience=2)
Probe = Callable[[Student], float]


def train(
    folder: Path,
    config: LoopConfig = CONFIG,
    probe: Probe = lambda student: 0.5,
    *,
    resume: bool = False,
    identity: str = "the same",
    student: Student | None = None,
) -> tuple[Student, Fitted]:
    student = student or tiny_student()
    batches = student.batches(world(4, 3), size=8, seed=1)
    objective = Objective(student, _anchor(student, batches))
    run = RunFolder(folder)
    fitted = fit(objective, batches, lambda: probe(student), config, run, identity, resume=resume)
    return student, fitted


def stop_at(calls: int) -> Probe:
    """Ctrl-C in the middle of a step, when the probe is asked for the so-many-th time."""
    asked = []

    def probe(student: Student) -> float:
        asked.append(1)
        if len(asked) == calls:
            os.kill(os.getpid(), signal.SIGINT)
        return 0.5

    return probe


def assert_same_weights(a: Student, b: Student) -> None:
    for (name, x), y in zip(a.net.state_dict().items(), b.net.state_dict().values(), strict=True):
        assert torch.equal(x, y), name


def test_it_learns(tmp_path: Path):
    rates = Rates(3e-3, 3e-3, 3e-3, 1e-3, 1e-2)
    _, fitted = train(tmp_path, replace(CONFIG, steps=12, probe_every=6, rates=rates))
    losses = [float(row["mil_nce"]) for row in read_metrics(tmp_path / "metrics.csv")[1:]]
    assert fitted == Fitted(12, 12, (0.5,) * 3)
    assert sum(losses[-3:]) < 0.8 * sum(losses[:3])


def test_the_same_seed_gives_the_same_weights(tmp_path: Path):
    first, _ = train(tmp_path / "a")
    second, _ = train(tmp_path / "b")
    assert_same_weights(first, second)
    assert first.fingerprint != tiny_student().fingerprint


@pytest.mark.parametrize("calls", [1, 2, 3])
def test_a_resumed_run_equals_the_uninterrupted_one_bit_for_bit(tmp_path: Path, calls: int):
    whole, _ = train(tmp_path / "whole")
    _, cut = train(tmp_path / "cut", probe=stop_at(calls))
    assert cut.interrupted
    assert cut.steps == 2 * (calls - 1)
    resumed, fitted = train(tmp_path / "cut", resume=True)
    assert fitted == Fitted(6, 6, (0.5,) * 4)
    assert_same_weights(whole, resumed)
    ours, theirs = (read_metrics(tmp_path / name / "metrics.csv") for name in ("cut", "whole"))
    assert [row["loss"] for row in ours] == [row["loss"] for row in theirs]


def test_ctrl_c_is_left_to_others_afterwards(tmp_path: Path):
    before = signal.getsignal(signal.SIGINT)
    train(tmp_path, probe=stop_at(2))
    assert signal.getsignal(signal.SIGINT) is before


def test_a_second_ctrl_c_ends_it_at_once(tmp_path: Path):
    def impatient(student: Student) -> float:
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGINT)
        return 0.5

    with pytest.raises(KeyboardInterrupt):
        train(tmp_path, probe=impatient)


def test_a_run_of_other_data_cannot_be_gone_on_with(tmp_path: Path):
    train(tmp_path, probe=stop_at(2))
    with pytest.raises(CheckpointError, match="without --resume") as caught:
        train(tmp_path, resume=True, identity="another")
    assert str(tmp_path / "state.pt") in str(caught.value)


@pytest.mark.parametrize("content", [None, b"no state", b""])
def test_a_state_that_is_missing_or_damaged_is_named(tmp_path: Path, content: bytes | None):
    if content is not None:
        (tmp_path / "state.pt").write_bytes(content)
    with pytest.raises(CheckpointError, match=r"Start a new") as caught:
        train(tmp_path, resume=True)
    assert str(tmp_path / "state.pt") in str(caught.value)


def test_a_loss_that_is_no_number_names_the_step(tmp_path: Path):
    def poison(student: Student) -> float:
        with torch.no_grad():
            student.net.bridge.ridge_weight.fill_(float("nan"))
        return 0.5

    def at_the_second_look(asked: list[int]) -> Probe:
        return lambda student: poison(student) if asked.append(1) or len(asked) == 2 else 0.5

    with pytest.raises(TrainingFailed, match="at step 3 loss is nan, mil_nce is nan") as caught:
        train(tmp_path, probe=at_the_second_look([]))
    assert str(tmp_path) in str(caught.value)


def falling(*values: float) -> Probe:
    left = list(values)
    return lambda student: left.pop(0)


def test_it_stops_when_the_probe_stays_low_and_keeps_the_last_good_weights(tmp_path: Path):
    short, _ = train(tmp_path / "short", replace(CONFIG, steps=10), stop_at(3))
    stopped, fitted = train(
        tmp_path / "long", replace(CONFIG, steps=10), falling(0.5, 0.6, 0.595, 0.5, 0.58)
    )
    assert (fitted.steps, fitted.kept_step, fitted.stopped_early) == (8, 4, True)
    assert_same_weights(stopped, short)  # that was cut at step 4


def test_a_probe_that_recovers_is_waited_for(tmp_path: Path):
    _, fitted = train(tmp_path, probe=falling(0.5, 0.4, 0.5, 0.4))
    assert (fitted.steps, fitted.kept_step, fitted.stopped_early) == (6, 4, False)


def test_when_nothing_is_good_enough_the_network_stays_as_it_was(tmp_path: Path):
    student, fitted = train(tmp_path, probe=falling(0.9, 0.1, 0.1))
    assert (fitted.steps, fitted.kept_step) == (4, 0)
    assert_same_weights(student, tiny_student())


@pytest.mark.parametrize(
    ("scope", "moves", "stays"),
    [
        (Scope.BRIDGE, ["bridge", "visual_words", "piece_head"], ["encoder", "embeddings", "gate"]),
        (
            Scope.TOP,
            ["bridge", "gate", "encoder.layer.1", "encoder.layer.2"],
            ["encoder.layer.0", "embeddings"],
        ),
        (Scope.TRUNK, ["encoder.layer.0", "embeddings.LayerNorm"], ["embeddings.word_embeddings"]),
    ],
)
def test_only_what_the_plan_says_moves(
    tmp_path: Path, scope: Scope, moves: list[str], stays: list[str]
):
    student, _ = train(tmp_path, replace(CONFIG, scope=scope, steps=3))
    before = tiny_student().net.state_dict()
    moved = {n for n, x in student.net.state_dict().items() if not torch.equal(x, before[n])}
    for name in moves:
        assert any(one.startswith(name) for one in moved), name
    for name in stays:
        assert not any(one.startswith(name) for one in moved), name


def test_rates_rise_and_fall(tmp_path: Path):
    train(tmp_path, replace(CONFIG, steps=6, warm_up=0.34))
    rows = read_metrics(tmp_path / "metrics.csv")[1:]
    rates = [float(row["rate"]) for row in rows]
    assert rates == pytest.approx([1 / 3, 2 / 3, 1, 1, 2 / 3, 1 / 3])


def test_a_long_gradient_is_cut(tmp_path: Path):
    """The optimiser's first moment is a tenth of the gradient that it got."""
    train(tmp_path, replace(CONFIG, steps=1, longest_gradient=1e-3))
    logged = float(read_metrics(tmp_path / "metrics.csv")[1]["gradient_norm"])
    moments = torch.load(tmp_path / "state.pt", weights_only=True)["optimizer"]["state"].values()
    got = torch.stack([10 * one["exp_avg"].norm() for one in moments]).norm()
    assert logged > 1e-2
    assert float(got) == pytest.approx(1e-3, rel=1e-3)


def test_every_loss_is_noted_at_every_step(tmp_path: Path):
    train(tmp_path)
    rows = read_metrics(tmp_path / "metrics.csv")
    assert [row["step"] for row in rows] == list("0123456")
    for row in rows[1:]:
        for name in ("loss", "mil_nce", "pieces", "words", "features", "alignment", "anchor"):
            assert float(row[name]) >= 0, name
        parts = [
            float(row[n]) for n in ("mil_nce", "pieces", "words", "features", "alignment", "anchor")
        ]
        weights = (1, 0.5, 0.5, 0.5, 0.25, 0.5)
        total = sum(w * part for w, part in zip(weights, parts, strict=True))
        assert float(row["loss"]) == pytest.approx(total, rel=1e-3)
    assert [bool(row["probe"]) for row in rows] == [True, False, True, False, True, False, True]
