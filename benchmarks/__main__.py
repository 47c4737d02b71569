"""Measures quality, indexing speed, latency and memory, and prints one table.

python -m benchmarks --data FOLDER [--json FILE]
"""

from __future__ import annotations

from benchmarks.command import run
from benchmarks.indexing import measure_indexing
from benchmarks.latency import measure_latency
from benchmarks.memory import measure_memory
from benchmarks.quality import measure_quality

if __name__ == "__main__":
    run([measure_quality, measure_indexing, measure_latency, measure_memory], __doc__)
