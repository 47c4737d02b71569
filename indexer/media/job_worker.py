"""The other side of `one_job`: a job on the command line, the outcome on standard output.

A line is printed once the process has started, and a line of JSON at its end.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any

from indexer.errors import DecodeMemoryExceeded, MediaError, UndecodableVideo
from indexer.media import child, wire

Work = Callable[[dict[str, Any]], dict[str, Any]]
"""From a job to what was made of it; "problems" says what was wrong with the file."""


def serve(work: Work) -> None:
    """Do the job that this process was started with."""
    child.confine(int(sys.argv[1]))
    print("started", flush=True)  # a crash from here on is the file's
    print(json.dumps(_outcome(work, json.loads(sys.argv[2]))), flush=True)


def _outcome(work: Work, job: dict[str, Any]) -> dict[str, Any]:
    source = job["source"]
    try:
        return {"kind": "done", **work(job)}
    except MediaError as error:
        return wire.failure(error)
    except MemoryError:
        return wire.failure(DecodeMemoryExceeded(source, "decoding it ran out of memory"))
    except OSError as error:  # those of the source are MediaErrors
        return {"kind": "refused", "errno": error.errno, "reason": error.strerror}
    except Exception as error:  # noqa: BLE001 - PyAV's own surprises are told as the file's
        reason = f"cannot be decoded: {type(error).__name__}: {error}"
        return wire.failure(UndecodableVideo(source, reason))
