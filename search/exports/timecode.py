"""Timecodes."""

from __future__ import annotations


def timecode(frames: int, fps: int) -> str:
    """`frames` from 0 as HH:MM:SS:FF at `fps` frames a second, without drop frames."""
    seconds, frame = divmod(frames, fps)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    return f"{hour:02}:{minute:02}:{second:02}:{frame:02}"
