"""The process that makes one cut, started by `cutting`."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

from indexer.errors import UndecodableVideo
from indexer.media.copying import copy
from indexer.media.cut_encoding import encode
from indexer.media.cut_plan import CutPlan, Inexact, plan_cut
from indexer.media.cutting import ENCODED, MUXERS
from indexer.media.job_worker import serve
from indexer.media.source import Source


def make(job: dict[str, Any]) -> dict[str, Any]:
    """Copy if that can be done, else re-encode. Raises a MediaError, OSError for the target."""
    source, target = Path(job["source"]), Path(job["target"])
    try:
        muxer, plan = _plan(job)
    except Inexact as error:
        return _encoded(source, target, job, str(error))
    copy(source, target, plan, muxer)
    times = {"start_s": plan.start_s, "end_s": plan.end_s}
    made = {"copied": True, "extension": job["own_extension"], "reason": ""}
    return {**made, **times, "problems": {}}


def _plan(job: dict[str, Any]) -> tuple[str, CutPlan]:
    """The writer, and what is to be copied. Raises Inexact, a MediaError."""
    source, own, wanted = Path(job["source"]), job["own_extension"], job["extension"]
    with closing(Source(source)) as opened:
        muxer = MUXERS.get(opened.format_name, {}).get(own)
    if muxer is None:
        raise Inexact("files of its kind are not copied in part")
    if wanted not in ("", own):
        raise Inexact(f"the video is no {wanted} file")
    return muxer, plan_cut(source, job["start_s"], job["end_s"], fast=job["fast"])


def _encoded(source: Path, target: Path, job: dict[str, Any], reason: str) -> dict[str, Any]:
    if job["extension"] not in ("", ENCODED):
        remedy = f"Write to a name that ends in {ENCODED}, or copy from the key picture before."
        text = f"the stretch cannot be copied to a {job['extension']} file: {reason}"
        raise UndecodableVideo(source, text, remedy)
    encoded = encode(source, target, job["start_s"], job["end_s"])
    times = {"start_s": encoded.start_s, "end_s": encoded.end_s}
    made = {"copied": False, "extension": ENCODED, "reason": reason}
    return {**made, **times, "problems": encoded.problems}


def main() -> None:
    """Entry point of the child process."""
    serve(make)


if __name__ == "__main__":
    main()
