"""How the processes that read hostile files are started, confined, and spoken of when they die.

They are started by exec, not by multiprocessing: nothing of the caller's main module is imported
again, and no lock of another thread is inherited. They end with their parent: standard input is
a pipe that the parent holds open and never writes to, and whose closing the kernel reports by a
deadly SIGIO, even when a decoder hangs.
"""

from __future__ import annotations

import fcntl
import os
import resource
import signal
import sys
from pathlib import Path

_PACKAGE_ROOT = Path(__file__).resolve().parents[2]


def command(module: str, *arguments: str) -> list[str]:
    """What starts `module` as a child."""
    # -P: a file called av.py in the current folder must not be imported.
    return [sys.executable, "-P", "-m", module, *arguments]


def environment() -> dict[str, str]:
    """This process's own, with the way to its packages."""
    places = [str(_PACKAGE_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    return os.environ | {"PYTHONPATH": os.pathsep.join(places)}


def confine(memory_bytes: int) -> None:
    """To be called by the child first: it may use so much memory and ends with its parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    signal.signal(signal.SIGIO, signal.SIG_DFL)
    fcntl.fcntl(sys.stdin, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(sys.stdin, fcntl.F_SETFL, fcntl.fcntl(sys.stdin, fcntl.F_GETFL) | os.O_ASYNC)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # DATA, not AS: what counts is private memory, not the address space that threads reserve.
    resource.setrlimit(resource.RLIMIT_DATA, (memory_bytes, memory_bytes))


def describe_end(code: int, stderr: bytes) -> str:
    """How a child ended, from its return code and the end of what it wrote."""
    cause = f"died by {signal.Signals(-code).name}" if code < 0 else f"ended with code {code}"
    lines = stderr.decode(errors="replace").strip().splitlines()
    return f"{cause} ({lines[-1].strip()})" if lines else cause
