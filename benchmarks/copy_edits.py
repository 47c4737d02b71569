"""Edited copies of real clips, made by the `ffmpeg` program."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Edit:
    """How a copy is made, and where in it the original's moments are."""

    name: str
    filters: str = "null"
    crf: int = 26
    cut: bool = False
    """Only [START_S, START_S + LENGTH_S) of the original."""
    speed: float = 1.0


START_S = 1.3
LENGTH_S = 5.0

EDITS = (
    Edit("half the size, low bit rate", "scale=iw/2:-2", 38),
    Edit("120 lines", "scale=-2:120", 30),
    Edit("7 pictures a second", "fps=7"),
    Edit("cropped to 90 %", "crop=iw*0.9:ih*0.9"),
    Edit("cropped to 85 %", "crop=iw*0.85:ih*0.85"),
    Edit("upper left 87 %", "crop=iw*0.87:ih*0.87:0:0"),
    Edit("lower 15 % cut off", "crop=iw:ih*0.85:0:0"),
    Edit("logo", "drawbox=x=iw*0.78:y=ih*0.05:w=iw*0.17:h=ih*0.12:color=white:t=fill"),
    Edit("letterboxed", "pad=iw:ih*1.33:0:(oh-ih)/2"),
    Edit("pillarboxed", "pad=iw*1.33:ih:(ow-iw)/2:0"),
    Edit("grey", "hue=s=0"),
    Edit("brighter, more contrast", "eq=brightness=0.12:contrast=1.25"),
    Edit("darker, less contrast", "eq=brightness=-0.12:contrast=0.8"),
    Edit("mirrored", "hflip"),
    Edit("1.25 times the speed", "setpts=PTS/1.25", speed=1.25),
    Edit("0.8 times the speed", "setpts=PTS*1.25", speed=0.8),
    Edit("5 s of it", cut=True),
    Edit("cropped, grey and small", "crop=iw*0.92:ih*0.92,hue=s=0,scale=-2:180", 34),
)


def make(edit: Edit, source: Path, target: Path) -> Path:
    """Write the copy, at most 480 wide. Raises CalledProcessError with ffmpeg's own message."""
    cut = ["-ss", str(START_S), "-t", str(LENGTH_S)] if edit.cut else []
    even = "scale='min(480,iw)':-2:flags=area,crop=trunc(iw/2)*2:trunc(ih/2)*2"
    _ffmpeg([*cut, "-i", f"file:{source}"], f"{edit.filters},{even}", edit.crf, target)
    return target


def join(first: Path, second: Path, target: Path) -> Path:
    """Write one clip after the other, both 320 x 240."""
    same = "scale=320:240,setsar=1,fps=25"
    graph = f"[0:v]{same}[a];[1:v]{same}[b];[a][b]concat=n=2:v=1:a=0"
    _ffmpeg(["-i", f"file:{first}", "-i", f"file:{second}"], graph, 28, target, "-filter_complex")
    return target


def _ffmpeg(
    inputs: Sequence[str], filters: str, crf: int, target: Path, option: str = "-vf"
) -> None:
    quality = ["-an", "-sn", "-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p"]
    command = ["ffmpeg", "-v", "error", "-nostdin", "-y", *inputs, option, filters, *quality]
    subprocess.run([*command, "-crf", str(crf), str(target)], check=True)
