"""The display matrix of a frame, as the quarter turns and mirroring that set it upright."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import numpy as np
from av.buffer import Buffer
from av.video.frame import VideoFrame
from numpy.typing import NDArray


@dataclass(frozen=True)
class Orientation:
    """Mirror left-right first, then turn counterclockwise `quarter_turns` times (0 to 3)."""

    quarter_turns: int = 0
    mirrored: bool = False

    @classmethod
    def of(cls, frame: VideoFrame) -> Orientation:
        """What `frame` asks for; angles between quarter turns are rounded."""
        try:
            data = frame.side_data.get("DISPLAYMATRIX")
        except ValueError:  # PyAV does not know one of the other kinds of side data
            return cls(round(frame.rotation / 90) % 4)
        if data is None:
            return cls()
        a, b, _, c, d, *_ = np.frombuffer(bytes(cast(Buffer, data)), dtype=np.int32).tolist()
        mirrored = a * d - b * c < 0
        if mirrored:
            a, b = -a, -b
        # (a, b) is where the x axis goes, y pointing down: clockwise on screen.
        return cls(round(np.arctan2(-b, a) / (np.pi / 2)) % 4, mirrored)

    @property
    def swaps_sides(self) -> bool:
        """Whether width and height change places."""
        return self.quarter_turns % 2 == 1

    def apply(self, image: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """`image` (h, w, 3) set upright, (h, w, 3) or (w, h, 3), C-contiguous."""
        if self.mirrored:
            image = image[:, ::-1]
        return np.ascontiguousarray(np.rot90(image, self.quarter_turns))
