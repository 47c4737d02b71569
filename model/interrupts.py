"""Ctrl-C between two steps instead of in the middle of one."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM)


@dataclass
class Interrupts:
    """Whether someone wants it to end, and by which signal."""

    pending: signal.Signals | None = None


@contextmanager
def deferred_interrupts() -> Iterator[Interrupts]:
    """Ctrl-C and SIGTERM set `pending`; a second one raises KeyboardInterrupt at once.

    Outside of the main thread, which alone gets signals, nothing changes.
    """
    interrupts = Interrupts()
    if threading.current_thread() is not threading.main_thread():
        yield interrupts
        return

    def note(number: int, frame: FrameType | None) -> None:
        if interrupts.pending is not None:
            raise KeyboardInterrupt
        interrupts.pending = signal.Signals(number)

    before = {number: signal.signal(number, note) for number in SIGNALS}
    try:
        yield interrupts
    finally:
        for number, handler in before.items():
            signal.signal(number, signal.SIG_DFL if handler is None else handler)


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Ctrl-C and SIGTERM take effect after the block, or after the function it decorates.

    For what belongs together and takes milliseconds, like a row and its count. May be nested. An
    error out of the block ends it all, and the interrupt with it.
    """
    with deferred_interrupts() as interrupts:
        yield
    if interrupts.pending is not None:
        signal.raise_signal(interrupts.pending)
