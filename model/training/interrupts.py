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
    """Whether someone wants it to end."""

    pending: bool = False


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
        if interrupts.pending:
            raise KeyboardInterrupt
        interrupts.pending = True

    before = {number: signal.signal(number, note) for number in SIGNALS}
    try:
        yield interrupts
    finally:
        for number, handler in before.items():
            signal.signal(number, signal.SIG_DFL if handler is None else handler)
