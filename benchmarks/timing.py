"""Wall times of repeated work."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import numpy as np

from benchmarks.table import Row

Given = TypeVar("Given")


@dataclass(frozen=True)
class Timing:
    """Wall seconds of each repeat."""

    seconds: tuple[float, ...]

    @classmethod
    def of(cls, work: Callable[[Given], object], inputs: Iterable[Given]) -> Timing:
        """Time `work` on each of `inputs`, one after the other."""
        return cls(tuple(wall_s(partial(work, given)) for given in inputs))

    def rows(self, name: str, remark: str = "") -> list[Row]:
        """Median and 95th percentile, in milliseconds."""
        p50, p95 = np.percentile(self.seconds, [50, 95]) * 1000
        remark = ", ".join(filter(None, [f"{len(self.seconds)} times", remark]))
        return [
            Row(f"{name}, p50", float(p50), "ms", remark),
            Row(f"{name}, p95", float(p95), "ms"),
        ]


def wall_s(work: Callable[[], object]) -> float:
    """Seconds that `work` takes."""
    started_s = time.perf_counter()
    work()
    return time.perf_counter() - started_s
