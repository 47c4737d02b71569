"""How fast a folder of videos is sampled, beside `ffmpeg -f null` over the same files.

    python -m benchmarks.decoding FOLDER [--size 224] [--repeat 2] [--artwork]

Prints one table: wall seconds (the best of the repeats) and their ratio to plain decoding by
ffmpeg with two threads, file after file. Needs the `ffmpeg` program for that row only.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import cv2

from indexer.errors import MediaError
from indexer.media.discovery import FoundVideo, find_videos
from indexer.media.isolation import DecodeJob, DecoderPool, Failed
from indexer.media.pyav import PyavReader
from indexer.media.reader import SAMPLE_RATE_HZ

Files = Sequence[Path]


def ffmpeg_null(files: Files) -> None:
    """Decode every picture with the ffmpeg program and drop it."""
    for path in files:
        command = ["ffmpeg", "-v", "quiet", "-nostdin", "-threads", "2", "-i", f"file:{path}"]
        subprocess.run([*command, "-map", "0:v:0", "-f", "null", "-"], check=False)


def in_process(files: Files, size: int, *, threads: int, skip: bool) -> None:
    """One file after the other, in this process."""
    for path in files:
        try:
            with PyavReader(path, size=size, threads=threads, skip=skip) as reader:
                for _ in reader.frames():
                    pass
        except MediaError as error:
            print(error)


def pooled(files: Files, size: int, *, workers: int, artwork: Path | None = None) -> None:
    """Through the decoder pool, as the indexer does it; includes starting the processes."""
    jobs = (DecodeJob(path, artwork / path.name if artwork else None) for path in files)
    with DecoderPool(size=size, workers=workers) as pool:
        for event in pool.decode(jobs):
            if isinstance(event, Failed):
                print(event.error)


def opencv(files: Files, size: int) -> None:
    """OpenCV: grab every picture, retrieve and resize two a second."""
    for path in files:
        capture = cv2.VideoCapture(str(path))
        next_s = 0.0
        while capture.grab():
            if capture.get(cv2.CAP_PROP_POS_MSEC) / 1000 >= next_s:
                _, image = capture.retrieve()
                cv2.resize(image, (size, size), interpolation=cv2.INTER_AREA)
                next_s += 1 / SAMPLE_RATE_HZ
        capture.release()


def measure(files: Files, size: int, repeat: int, *, artwork: bool) -> list[tuple[str, float]]:
    """(name, best wall seconds) of each way, ffmpeg first; the ways take turns."""
    cores = len(os.sched_getaffinity(0))
    with tempfile.TemporaryDirectory() as folder:
        ways: dict[str, Callable[[], None]] = {
            "ffmpeg -threads 2 -f null": lambda: ffmpeg_null(files),
            "PyAV, 1 thread, all pictures": lambda: in_process(files, size, threads=1, skip=False),
            "PyAV, 1 thread": lambda: in_process(files, size, threads=1, skip=True),
            "PyAV, 2 threads": lambda: in_process(files, size, threads=2, skip=True),
            "OpenCV grab/retrieve": lambda: opencv(files, size),
            "pool, 1 worker": lambda: pooled(files, size, workers=1),
            f"pool, {cores} workers (default)": lambda: pooled(files, size, workers=cores),
            f"pool, {2 * cores} workers": lambda: pooled(files, size, workers=2 * cores),
        }
        if artwork:
            name = f"pool, {cores} workers, with artwork"
            ways[name] = lambda: pooled(files, size, workers=cores, artwork=Path(folder))
        best = dict.fromkeys(ways, float("inf"))
        for _ in range(repeat):
            for name, work in ways.items():
                started_s = time.perf_counter()
                work()
                best[name] = min(best[name], time.perf_counter() - started_s)
    return list(best.items())


def main(arguments: Sequence[str] | None = None) -> None:
    """Entry point."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, help="videos to decode, at any depth")
    parser.add_argument("--size", type=int, default=224, help="side of the samples, in pixels")
    parser.add_argument("--repeat", type=int, default=2, help="the best of so many runs counts")
    parser.add_argument("--artwork", action="store_true", help="also measure posters and sprites")
    options = parser.parse_args(arguments)
    files = [one.path for one in find_videos(options.folder) if isinstance(one, FoundVideo)]
    if not files:
        parser.error(f"no videos below {options.folder}")
    results = measure(files, options.size, options.repeat, artwork=options.artwork)
    reference_s = results[0][1]
    print(f"{len(files)} files, {options.size} px\n\n| way | wall s | ratio |\n|---|---|---|")
    for name, wall_s in results:
        print(f"| {name} | {wall_s:.2f} | {wall_s / reference_s:.2f} |")


if __name__ == "__main__":
    main()
