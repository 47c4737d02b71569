"""Renders a story to an H.264 video."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
from av.codec.codec import UnknownCodecError
from av.container import OutputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from numpy.typing import NDArray

from indexer.demo.photographs import load_photograph
from indexer.demo.scenes import Shot, Story, View
from indexer.errors import IndexerError

WIDTH, HEIGHT = 640, 360
FPS = 24
_KEY_EVERY = 2 * FPS  # a player that jumps to a moment is there at once
_MASTER_WIDTH = 960
"""Pixels of a shot's wider view: enough for the closer one, little enough not to flicker."""
_THREADS = 2  # fixed: the bytes that x264 writes depend on it

UInt8 = NDArray[np.uint8]
Float64 = NDArray[np.float64]


def render(story: Story, path: Path) -> None:
    """Write `story` to `path` as MP4; the same story gives the same bytes.

    Raises IndexerError when a photograph cannot be had, or PyAV comes without x264.
    """
    with av.open(str(path), "w", format="mp4", options={"movflags": "+faststart"}) as container:
        stream = _add_stream(container)
        for number, picture in enumerate(_pictures(story)):
            planes = cv2.cvtColor(picture, cv2.COLOR_RGB2YUV_I420)  # a tenth of reformat()'s time
            frame = VideoFrame.from_ndarray(np.asarray(planes, np.uint8), format="yuv420p")
            frame.pts, frame.time_base = number, Fraction(1, FPS)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def frame_count(story: Story) -> int:
    """Pictures that a story has."""
    return sum(_length(shot) for shot in story.shots)


def is_complete(story: Story, path: Path) -> bool:
    """Whether `path` holds all of `story`."""
    try:
        with av.open(str(path)) as container:
            packets = container.demux(container.streams.video[0])
            return sum(packet.size > 0 for packet in packets) == frame_count(story)
    except (av.FFmpegError, IndexError):  # no such file, or not a whole video
        return False


def _add_stream(container: OutputContainer) -> VideoStream:
    options = {"preset": "veryfast", "crf": "23"}
    try:
        stream = container.add_stream("libx264", rate=FPS, options=options)
    except UnknownCodecError as error:
        raise IndexerError(
            "This build of PyAV cannot write H.264, which the demo needs. "
            "Run: pip install --force-reinstall --only-binary av av"
        ) from error
    assert isinstance(stream, VideoStream)
    stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
    stream.codec_context.gop_size = _KEY_EVERY
    stream.codec_context.thread_count = _THREADS
    return stream


def _pictures(story: Story) -> Iterator[UInt8]:
    """The pictures of a story, each (HEIGHT, WIDTH, 3) RGB."""
    for shot in story.shots:
        master = _master(shot)
        start, end = (_window(view, master) for view in (shot.start, shot.end))
        length = _length(shot)
        for number in range(length):
            share = number / max(1, length - 1)
            eased = share * share * (3 - 2 * share)  # sets off and comes to rest gently
            yield _crop(master, start + (end - start) * eased)


def _length(shot: Shot) -> int:
    return round(shot.duration_s * FPS)


def _master(shot: Shot) -> UInt8:
    """The photograph, coloured, at the size from which its pictures are cut."""
    image = load_photograph(shot.photograph)
    if shot.inks is not None:
        black, white = (np.array(ink, np.float32) for ink in shot.inks)
        grey = image[..., :1].astype(np.float32) / 255
        image = (black + (white - black) * grey).astype(np.uint8)
    if side := round(shot.margin * image.shape[1]):
        image = np.pad(image, ((side, side), (side, side), (0, 0)), mode="edge")
    wider = max(_window(view, image)[2] for view in (shot.start, shot.end))
    scale = _MASTER_WIDTH / wider
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(image, None, fx=scale, fy=scale, interpolation=method), np.uint8)


def _window(view: View, image: UInt8) -> Float64:
    """`view` as left, top and width in pixels of `image`, moved to lie inside of it."""
    height, width = image.shape[:2]
    shape = WIDTH / HEIGHT
    wide = view.width * min(width, height * shape)
    left = min(max(view.x * width - wide / 2, 0), width - wide)
    top = min(max(view.y * height - wide / shape / 2, 0), height - wide / shape)
    return np.array([left, top, wide])


def _crop(image: UInt8, window: Float64) -> UInt8:
    """What lies in `window`, at the film's size; fractions of pixels count, so moves are smooth."""
    left, top, wide = window
    scale = WIDTH / wide
    centre = (scale - 1) / 2  # a pixel is an area: its centre moves when it grows
    matrix = np.array([[scale, 0, centre - left * scale], [0, scale, centre - top * scale]])
    size = (WIDTH, HEIGHT)
    cropped = cv2.warpAffine(
        image, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(cropped, np.uint8)
