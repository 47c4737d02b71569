"""The machine that figures were measured on, in one line."""

from __future__ import annotations

import os
import platform
from pathlib import Path


def describe_machine() -> str:
    """CPU name, usable cores, load (of the last minute) and Python's version."""
    cores = len(os.sched_getaffinity(0))
    load = os.getloadavg()[0]
    return (
        f"{_cpu_name()}, {cores} cores usable, load {load:.1f} at the start, "
        f"{platform.system()}, Python {platform.python_version()}"
    )


def _cpu_name() -> str:
    """As the kernel has it; the architecture where it does not say."""
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text().splitlines() if cpuinfo.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
