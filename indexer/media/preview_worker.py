"""The process that makes one preview: a job on its command line, the outcome on standard output.

Started by `preview` as `python -m indexer.media.preview_worker MEMORY JOB`. It prints a line once
it has started, and a line of JSON at its end.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from av.audio.frame import AudioFrame

from indexer.errors import DecodeMemoryExceeded, MediaError, UndecodableVideo
from indexer.media import child, wire
from indexer.media.excerpt import Excerpt
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


def _outcome(job: dict[str, Any]) -> dict[str, Any]:
    source = job["source"]
    try:
        problems = make(Path(source), Path(job["target"]), job["start_s"], job["end_s"])
    except MediaError as error:
        return wire.failure(error)
    except MemoryError:
        return wire.failure(DecodeMemoryExceeded(source, "decoding it ran out of memory"))
    except OSError as error:  # those of the source are MediaErrors
        return {"kind": "refused", "errno": error.errno, "reason": error.strerror}
    except Exception as error:  # noqa: BLE001 - PyAV's own surprises are told as the file's
        reason = f"cannot be decoded: {type(error).__name__}: {error}"
        return wire.failure(UndecodableVideo(source, reason))
    return {"kind": "done", "problems": problems}


def main() -> None:
    """Entry point of the child process."""
    child.confine(int(sys.argv[1]))
    print("started", flush=True)  # a crash from here on is the file's
    print(json.dumps(_outcome(json.loads(sys.argv[2]))), flush=True)


if __name__ == "__main__":
    main()
