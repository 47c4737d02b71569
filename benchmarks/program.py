"""Runs `videobert` as a user does: a process of its own, with this interpreter and this code."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

_REPOSITORY = Path(__file__).resolve().parent.parent


def start_videobert(*arguments: str | Path) -> subprocess.Popen[str]:
    """Start `videobert` with `arguments`; its standard output can be read."""
    command = [sys.executable, "-m", "videobert", *map(str, arguments)]
    path = os.pathsep.join(filter(None, [str(_REPOSITORY), os.environ.get("PYTHONPATH")]))
    environment = {**os.environ, "PYTHONPATH": path}
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)


def run_videobert(*arguments: str | Path) -> str:
    """Run it to its end and return what it printed. Raises CalledProcessError.

    Exit status 1 with output is no error: some files could not be indexed, and the output says
    which.
    """
    process = start_videobert(*arguments)
    output, _ = process.communicate()
    if process.returncode not in (0, 1) or not output:
        raise subprocess.CalledProcessError(process.returncode, process.args, output)
    return output
