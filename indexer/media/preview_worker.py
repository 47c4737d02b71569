"""The process that makes one preview: a job on its command line, the outcome on standard output.

Started by `preview` as `python -m indexer.media.preview_worker MEMORY JOB`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from av.audio.frame import AudioFrame

from indexer.media.excerpt import Excerpt
from indexer.media.job_worker import serve
from indexer.media.preview_writer import PreviewWriter
from indexer.media.soundtrack import Soundtrack


def make(source: Path, target: Path, start_s: float, end_s: float) -> dict[str, int]:
    """Write the preview; returns what was wrong with the file, and how often.

    Raises a MediaError for the source, OSError for the target.
    """
    excerpt = Excerpt(source, start_s, end_s)
    soundtrack = Soundtrack(start_s, end_s)
    writer: PreviewWriter | None = None
    try:
        for time_s, frame in excerpt.frames():
            if isinstance(frame, AudioFrame):
                soundtrack.add(time_s, frame)
                continue
            if writer is None:
                writer = PreviewWriter(target, excerpt.geometry, excerpt.rate)
            writer.add(time_s - start_s, frame)
        assert writer is not None, "an excerpt has a picture, or raises"
        writer.finish(excerpt.end_s - start_s, soundtrack.samples(excerpt.end_s))
    finally:
        if writer is not None:
            writer.close()
    damaged = {"sound frame that cannot be used": soundtrack.damaged}
    return {what: count for what, count in (excerpt.problems | damaged).items() if count}


def main() -> None:
    """Entry point of the child process."""
    serve(_made)


def _made(job: dict[str, Any]) -> dict[str, Any]:
    source, target = Path(job["source"]), Path(job["target"])
    return {"problems": make(source, target, job["start_s"], job["end_s"])}


if __name__ == "__main__":
    main()
