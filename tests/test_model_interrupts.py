"""Signals that wait for the end of a step."""

from __future__ import annotations

import signal
import threading

import pytest

from model.interrupts import uninterrupted


def press() -> None:
    signal.raise_signal(signal.SIGINT)


@uninterrupted()
def step(done: list[str], name: str, presses: int = 1, error: Exception | None = None) -> None:
    """Ctrl-C is pressed in its middle; it is `done` at its end, or fails with `error`."""
    for _ in range(presses):
        press()
    if error is not None:
        raise error
    done.append(name)


def test_ctrl_c_takes_effect_after_the_step():
    done: list[str] = []
    with pytest.raises(KeyboardInterrupt):
        step(done, "one")
    assert done == ["one"]


def test_within_a_larger_step_it_waits_for_that_one():
    @uninterrupted()
    def both(done: list[str]) -> None:
        step(done, "first")
        step(done, "second", presses=0)

    done: list[str] = []
    with pytest.raises(KeyboardInterrupt):
        both(done)
    assert done == ["first", "second"]


def test_a_second_one_ends_the_step_at_once():
    done: list[str] = []
    with pytest.raises(KeyboardInterrupt):
        step(done, "one", presses=2)
    assert not done


def test_an_error_is_what_ends_the_step():
    with pytest.raises(OSError, match="full"):
        step([], "one", error=OSError("full"))


def test_handlers_are_those_of_before_afterwards():
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    with uninterrupted():
        assert signal.getsignal(signal.SIGINT) is not before[0]
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == before


def test_a_thread_gets_no_signals_and_sets_none():
    seen = []

    def work() -> None:
        with uninterrupted():
            seen.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [signal.getsignal(signal.SIGINT)]
