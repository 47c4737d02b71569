"""What a run says of itself, to people and to cron."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from indexer.errors import EmptyFile, RootMissing
from indexer.report import Failure, Report


def test_a_report_speaks_json():
    report = Report(
        indexed=2,
        restored=1,
        reencoded=9,
        reread=10,
        copied=3,
        renamed=4,
        unchanged=5,
        removed=6,
        failed=[Failure.of("/v/a.mp4", EmptyFile("/v/a.mp4", "the file is empty"))],
        warnings={"/v/b.mp4": ("it stutters", "it ends early")},
        video_s=61.239,
        elapsed_s=2.0,
        generation=7,
        clips=8,
    )
    assert json.loads(json.dumps(report.to_json())) == {
        "ok": False,
        "indexed": 2,
        "restored": 1,
        "reencoded": 9,
        "reread": 10,
        "copied": 3,
        "renamed": 4,
        "unchanged": 5,
        "removed": 6,
        "failed": [
            {
                "path": "/v/a.mp4",
                "code": "EmptyFile",
                "message": "/v/a.mp4: the file is empty. Copy or download it again.",
            }
        ],
        "warnings": {"/v/b.mp4": ["it stutters", "it ends early"]},
        "interrupted": False,
        "video_s": 61.24,
        "elapsed_s": 2.0,
        "times_realtime": 30.6,
        "generation": 7,
        "clips": 8,
    }


@pytest.mark.parametrize(
    ("report", "ok"),
    [
        (Report(), True),
        (Report(warnings={"a": ("b",)}), True),
        (Report(interrupted=True), False),
        (Report(failed=[Failure("a", "b", "c")]), False),
    ],
)
def test_a_report_is_well_when_nothing_failed_and_nothing_cut_it_short(report: Report, ok: bool):
    assert report.ok is ok
    assert report.to_json()["ok"] is ok


def test_a_report_tells_people_what_happened():
    report = Report(indexed=2, renamed=1, video_s=3725, elapsed_s=61, generation=4, clips=99)
    report.failed.append(Failure.of("/v", RootMissing(Path("/v"))))
    report.warnings["/v/b.mp4"] = ("it stutters",)
    report.interrupted = True
    assert report.summary().splitlines() == [
        "2 indexed, 1 renamed, 1 failed · 1:02:05 of video in 1:01 (61× realtime)",
        "  failed   /v: it is gone or holds no video any more; what was indexed from it is kept. "
        "Mount it again, or run `videobert forget` on it.",
        "  warning  /v/b.mp4: it stutters",
        "Interrupted. Run the same command again to go on.",
        "Generation 4 is live with 99 clips.",
    ]


def test_a_run_that_did_nothing_says_so():
    assert Report().summary() == "0 failed"
    assert Report().to_json()["times_realtime"] is None
