"""Published networks by name."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, cast

from model.errors import ModelError

if TYPE_CHECKING:
    from model.towers.tower import DualTower, Tower


@dataclass(frozen=True)
class TowerFamily:
    """Names of one form, and the extra that brings the packages which open them."""

    form: str
    about: str
    extra: str
    packages: tuple[str, ...]
    text: bool = False


_VIDEO = ("video", ("torchvision.models.video",))
FAMILIES = {
    "lite0": TowerFamily("lite0", "EfficientNet-Lite0, 224 px, offline", "pretrain", ("torch",)),
    "lite1": TowerFamily("lite1", "EfficientNet-Lite1, 240 px, offline", "pretrain", ("torch",)),
    "lite2": TowerFamily("lite2", "EfficientNet-Lite2, 260 px, offline", "pretrain", ("torch",)),
    "openclip": TowerFamily(
        "openclip:ViT-B-32/laion2b_s34b_b79k",
        "OpenCLIP, any architecture and tag, or ARCHITECTURE/FILE, or a folder",
        "openclip",
        ("open_clip",),
        text=True,
    ),
    "siglip": TowerFamily(
        "siglip:google/siglip-base-patch16-224",
        "SigLIP or CLIP of the Hugging Face hub, or a folder",
        "siglip",
        ("transformers", "sentencepiece"),
        text=True,
    ),
    "s3d": TowerFamily("s3d", "S3D on Kinetics-400, or s3d:FILE.pth", *_VIDEO),
    "r2plus1d_18": TowerFamily(
        "r2plus1d_18", "R(2+1)D-18 on Kinetics-400, or r2plus1d_18:FILE.pth", *_VIDEO
    ),
}


def open_tower(name: str, device: str = "auto") -> Tower:
    """The tower called `name`, its weights loaded; `device` is "auto", "cpu" or "cuda".

    Weights that are not on this machine are downloaded once, to the usual cache of their library.
    Raises ModelError for an unknown name, a missing extra, a download that fails or a damaged file,
    and DeviceUnavailable.
    """
    family, _, source = name.partition(":")
    if family not in FAMILIES:
        raise ModelError(f"{name}: no such network. Known:\n{tower_help()}")
    _require(name, FAMILIES[family])
    if family == "openclip":
        from model.towers.openclip import open_openclip

        return open_openclip(name, source, device)
    if family == "siglip":
        from model.towers.siglip import open_siglip

        return open_siglip(name, source, device)
    if family.startswith("lite"):
        from model.lite import LiteBackbone

        return LiteBackbone(family, device)
    from model.towers.video import open_video

    return open_video(name, family, source, device)


def open_dual_tower(name: str, device: str = "auto") -> DualTower:
    """As `open_tower`, for those that read text too. Raises ModelError for the others."""
    family = name.partition(":")[0]
    if family in FAMILIES and not FAMILIES[family].text:
        dual = ", ".join(f.form for f in FAMILIES.values() if f.text)
        raise ModelError(f"{name} has no text tower. Choose one that has, as {dual}.")
    return cast("DualTower", open_tower(name, device))


def is_dual_name(text: str) -> bool:
    """Whether `text` names a tower that reads text too, as "siglip:google/...", and no folder."""
    family, colon, _ = text.partition(":")
    return bool(colon) and family in FAMILIES and FAMILIES[family].text


def tower_help(*, readers: bool = False) -> str:
    """A line a family: the form of its names, and what it is; of `readers`, those with text."""
    families = [family for family in FAMILIES.values() if family.text or not readers]
    width = max(len(family.form) for family in families)
    return "\n".join(f"  {f.form:{width}}  {f.about}" for f in families)


def _require(name: str, family: TowerFamily) -> None:
    command = f"Run: pip install 'videobert-search[{family.extra}]'"
    try:
        for package in family.packages:
            import_module(package)
    except ModuleNotFoundError as error:
        raise ModelError(f"{name} needs the package {error.name}. {command}") from error
    except (ImportError, RuntimeError) as error:  # torchvision beside a torch of another release
        packages = " or ".join(family.packages)
        raise ModelError(
            f"{name}: {packages} cannot be imported beside this torch ({error}). {command}"
        ) from error
