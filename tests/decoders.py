"""Decoders that go wrong on purpose, and what tests of decoders have in common."""

from __future__ import annotations

import shutil
import sys
import time
from pathlib import Path

from indexer.errors import MediaError
from indexer.media.decoder_process import DecoderProcess
from indexer.media.isolation import DecodeJob, DecoderPool, Failed, Finished
from tests.synthetic import Clip, constant_rate, write_clip

FAULTY_WORKER = """
import os, signal, sys, time
from pathlib import Path
from indexer.media import worker
from indexer.media.pyav import PyavReader

def hog():
    blocks = []
    while True:
        blocks.append(bytearray(64 << 20))

def spin():
    end = time.monotonic() + 60
    while time.monotonic() < end:
        sum(range(10**5))
        READER[0]._on_progress()

def count():
    with open(os.environ["COUNTER"], "a") as file:
        file.write("x")

READER = []
AT_19TH = {
    "abort": os.abort,
    "kill": lambda: os.kill(os.getpid(), signal.SIGKILL),
    "freeze": lambda: os.kill(os.getpid(), signal.SIGSTOP),
    "exit": lambda: os._exit(3),
    "hang": lambda: time.sleep(120),
    "stuck": lambda: sum(range(10**11)),
    "hog": hog,
    "spin": spin,
    "surprise": lambda: {}["of PyAV"],
}

def pictures(reader, inner=PyavReader.pictures):
    READER[:] = [reader]
    fault = Path(reader.path).stem
    for number, item in enumerate(inner(reader)):
        if number == 18 and fault in AT_19TH:
            AT_19TH[fault]()
        if fault == "counted":
            count()
        yield item

PyavReader.pictures = pictures
worker.main()
"""


def be_faulty(monkeypatch) -> None:
    """Decoders misbehave from now on for files of certain names."""

    def command(process: DecoderProcess, fd: int) -> list[str]:
        arguments = [str(fd), str(process._limits.memory_bytes)]
        return [sys.executable, "-P", "-c", FAULTY_WORKER, *arguments]

    monkeypatch.setattr(DecoderProcess, "_command", command)


def write_numbered(path: Path) -> Path:
    """12 s of numbered frames."""
    return write_clip(path, Clip(constant_rate(10, 12), width=64, height=64))


def job(folder: Path, clip: Path, name: str, **options) -> DecodeJob:
    path = folder / f"{name}.mp4"
    shutil.copy(clip, path)
    return DecodeJob(path, key=name, **options)


def outcomes(events) -> dict[str, Finished | MediaError]:
    """The last event's content by key; asserts that there is one for each job."""
    ends = {}
    for event in events:
        assert event.job.key not in ends, "something came after the end"
        if isinstance(event, Finished):
            ends[event.job.key] = event
        elif isinstance(event, Failed):
            ends[event.job.key] = event.error
    return ends


def is_gone(pid: int) -> bool:
    """Whether `pid` has ended (a zombie whose parent died before it counts as ended)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except OSError:
        return True


def wait_until_gone(pids: list[int]) -> None:
    deadline_s = time.monotonic() + 20
    while not all(is_gone(pid) for pid in pids):
        assert time.monotonic() < deadline_s, f"still running: {pids}"
        time.sleep(0.05)


def pids(pool: DecoderPool) -> list[int]:
    return [process._peer._process.pid for process in pool._idle + pool._busy]
