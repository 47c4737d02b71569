"""Towers by name: the errors that a user may meet, and SigLIP and CLIP on tiny checkpoints."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest

from model.encoder import Encoder, UInt8
from model.errors import CheckpointError, ModelError
from model.towers.registry import FAMILIES, open_dual_tower, open_tower, tower_help
from model.towers.tower import DualTower
from model.towers.tower_encoder import TowerEncoder
from tests.test_lazy_imports import HEAVY, loaded_by
from tests.tiny_towers import SENTENCES, SIDE, write_clip, write_siglip

KINDS = ("siglip", "clip")


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    for package in ("transformers", "sentencepiece"):
        pytest.importorskip(package)
    return {
        "siglip": write_siglip(tmp_path_factory.mktemp("siglip")),
        "clip": write_clip(tmp_path_factory.mktemp("clip")),
    }


@pytest.fixture(scope="module")
def towers(folders: dict[str, Path]) -> dict[str, DualTower]:
    return {kind: open_dual_tower(f"siglip:{folders[kind]}", "cpu") for kind in KINDS}


@pytest.fixture(scope="module")
def frames() -> UInt8:
    return np.random.default_rng(0).integers(0, 256, (5, SIDE, SIDE, 3), np.uint8)


@pytest.mark.parametrize(("kind", "width"), [("siglip", 16), ("clip", 24)])
def test_vectors_are_float32_and_of_unit_length(
    towers: dict[str, DualTower], frames: UInt8, kind: str, width: int
):
    tower = towers[kind]
    assert (tower.frame_size, tower.feature_dim) == (SIDE, width)
    for vectors in (tower.encode_frames(frames), tower.encode_text(SENTENCES)):
        assert vectors.dtype == np.float32
        assert vectors.shape[1] == width
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
        assert vectors.std(0).max() > 1e-3  # they do differ


@pytest.mark.parametrize("kind", KINDS)
def test_similarities_are_those_of_the_whole_model(
    towers: dict[str, DualTower], folders: dict[str, Path], frames: UInt8, kind: str
):
    """transformers' own forward of picture and text together, preprocessed by hand."""
    import torch
    from transformers import AutoModel, AutoTokenizer

    net = AutoModel.from_pretrained(folders[kind]).eval()
    tokens = AutoTokenizer.from_pretrained(folders[kind])(
        list(SENTENCES),
        padding="max_length",
        max_length=12 if kind == "siglip" else 77,
        truncation=True,
    )["input_ids"]
    pixels = json.loads((folders[kind] / "preprocessor_config.json").read_text())
    x = (frames / 255 - pixels["image_mean"]) / pixels["image_std"]
    with torch.inference_mode():
        out = net(
            pixel_values=torch.tensor(x, dtype=torch.float32).permute(0, 3, 1, 2),
            input_ids=torch.tensor(tokens),
        )
    expected = (out.image_embeds @ out.text_embeds.T).numpy()
    actual = towers[kind].encode_frames(frames) @ towers[kind].encode_text(SENTENCES).T
    np.testing.assert_allclose(actual, expected, atol=1e-5)


@pytest.mark.parametrize("kind", KINDS)
def test_a_vector_does_not_depend_on_its_batch(
    towers: dict[str, DualTower], frames: UInt8, kind: str
):
    """Neither a dark neighbour nor a long sentence beside it makes a difference."""
    tower = towers[kind]
    many = np.concatenate([frames // 32, *[frames] * 4])  # more than a batch
    alone = np.concatenate([tower.encode_frames(frame[None]) for frame in frames])
    np.testing.assert_allclose(tower.encode_frames(many)[-5:], alone, atol=1e-5)
    short = tower.encode_text(["a dog"])
    np.testing.assert_allclose(tower.encode_text(["a dog", *SENTENCES])[:1], short, atol=1e-5)


def test_capitals_and_length_do_no_harm(towers: dict[str, DualTower]):
    tower = towers["siglip"]
    dog = tower.encode_text(["a dog runs over the wet beach"])
    np.testing.assert_allclose(tower.encode_text(["A Dog runs over the WET beach"]), dog, atol=1e-5)
    assert tower.encode_text([" ".join(SENTENCES * 9)]).shape == (1, 16)


def test_nothing_gives_nothing(towers: dict[str, DualTower]):
    assert towers["siglip"].encode_text([]).shape == (0, 16)
    assert towers["siglip"].encode_frames(np.empty((0, SIDE, SIDE, 3), np.uint8)).shape == (0, 16)


@pytest.mark.parametrize("shape", [(1, 64, 64, 3), (SIDE, SIDE, 3), (1, 1, SIDE, SIDE, 3)])
def test_frames_of_another_shape_are_refused(towers: dict[str, DualTower], shape: tuple[int, ...]):
    with pytest.raises(ValueError, match="frames must"):
        towers["siglip"].encode_frames(np.zeros(shape, np.uint8))


def test_the_fingerprint_is_of_what_the_vectors_depend_on(
    towers: dict[str, DualTower], folders: dict[str, Path], tmp_path: Path
):
    moved = shutil.copytree(folders["siglip"], tmp_path / "moved")
    known = towers["siglip"].fingerprint
    assert open_tower(f"siglip:{moved}", "cpu").fingerprint == known
    retrained = write_siglip(tmp_path / "retrained", seed=1)
    brighter = write_siglip(tmp_path / "brighter", mean=0.4)
    others = {open_tower(f"siglip:{f}", "cpu").fingerprint for f in (retrained, brighter)}
    assert len({known, towers["clip"].fingerprint, *others}) == 4


def test_missing_weights_are_not_made_up(folders: dict[str, Path], tmp_path: Path):
    """transformers would fill them with random numbers and only log it."""
    from safetensors.torch import load_file, save_file

    folder = shutil.copytree(folders["siglip"], tmp_path / "short")
    weights = load_file(folder / "model.safetensors")
    del weights["text_model.head.weight"]
    save_file(weights, folder / "model.safetensors", {"format": "pt"})
    with pytest.raises(CheckpointError, match=r"1 tensors are missing.*text_model.head.weight"):
        open_tower(f"siglip:{folder}", "cpu")


@pytest.mark.parametrize("file", ["model.safetensors", "config.json", "preprocessor_config.json"])
def test_a_damaged_folder_is_named(folders: dict[str, Path], tmp_path: Path, file: str):
    folder = shutil.copytree(folders["siglip"], tmp_path / "damaged")
    (folder / file).write_bytes(
        b"{}" if file.startswith("pre") else (folder / file).read_bytes()[:99]
    )
    with pytest.raises(CheckpointError, match="damaged: cannot be loaded"):
        open_tower(f"siglip:{folder}", "cpu")


def test_another_kind_of_model_is_refused(tmp_path: Path):
    pytest.importorskip("transformers")
    (tmp_path / "config.json").write_text('{"model_type": "bert"}')
    with pytest.raises(ModelError, match="of type 'bert'"):
        open_tower(f"siglip:{tmp_path}", "cpu")


def test_without_a_network_it_says_what_and_where(monkeypatch: pytest.MonkeyPatch):
    pytest.importorskip("transformers")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(ModelError, match=r"siglip:google/none.*huggingface.*downloaded once") as e:
        open_tower("siglip:google/none", "cpu")
    assert "\n" not in str(e.value)


def test_a_clip_is_the_mean_of_its_tokens(towers: dict[str, DualTower], frames: UInt8):
    encoder = TowerEncoder(towers["clip"])
    assert isinstance(encoder, Encoder)
    tokens = encoder.frame_features(frames)
    two = encoder.encode_clips([tokens[:2], tokens])
    mean = tokens[:2].mean(0)
    np.testing.assert_allclose(two[0], mean / np.linalg.norm(mean), atol=1e-6)
    np.testing.assert_allclose(encoder.encode_clips([tokens])[0], two[1], atol=1e-6)
    np.testing.assert_allclose(
        encoder.encode_clips(list(tokens[:, None])), encoder.encode_frames(frames), atol=1e-6
    )
    assert encoder.encode_clips([]).shape == (0, 24)
    with pytest.raises(ValueError, match="at least one token"):
        encoder.encode_clips([tokens[:0]])


def test_an_encoder_is_not_its_tower(towers: dict[str, DualTower]):
    encoder = TowerEncoder(towers["clip"])
    assert len(encoder.fingerprint) == 16
    assert encoder.fingerprint != encoder.feature_fingerprint == towers["clip"].fingerprint
    np.testing.assert_array_equal(
        encoder.encode_text(SENTENCES), towers["clip"].encode_text(SENTENCES)
    )


def test_an_unknown_name_lists_the_known():
    with pytest.raises(ModelError, match="resnet: no such network") as error:
        open_tower("resnet")
    assert all(family.form in str(error.value) for family in FAMILIES.values())


@pytest.mark.parametrize(
    ("name", "package"),
    [
        ("openclip:ViT-B-32/openai", "open_clip"),
        ("siglip:google/x", "transformers"),
        ("siglip:google/x", "sentencepiece"),
        ("s3d", "torchvision"),
    ],
)
def test_a_missing_extra_is_one_line_with_the_command(
    monkeypatch: pytest.MonkeyPatch, name: str, package: str
):
    if package == "sentencepiece":
        pytest.importorskip("transformers")
    for module in [m for m in sys.modules if m.partition(".")[0] == package]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.setitem(sys.modules, package, None)
    family = FAMILIES[name.partition(":")[0]]
    with pytest.raises(ModelError, match=rf"pip install 'videobert-search\[{family.extra}\]'") as e:
        open_tower(name)
    assert str(e.value).startswith(f"{name} needs the package {package}")
    assert "\n" not in str(e.value)


def test_a_torchvision_of_another_release_is_explained(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    for module in [m for m in sys.modules if m.partition(".")[0] == "torchvision"]:
        monkeypatch.delitem(sys.modules, module)
    (tmp_path / "torchvision").mkdir()
    broken = "raise RuntimeError('operator torchvision::nms does not exist')"
    (tmp_path / "torchvision" / "__init__.py").write_text(broken)
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ModelError, match=r"beside this torch \(operator torchvision::nms"):
        open_tower("r2plus1d_18")


def test_a_teacher_must_read():
    with pytest.raises(ModelError, match=r"s3d has no text tower. Choose .*siglip:"):
        open_dual_tower("s3d")


def test_cuda_that_is_not_there_is_refused(folders: dict[str, Path]):
    import torch

    if torch.cuda.is_available():
        pytest.skip("this machine has CUDA")
    with pytest.raises(ModelError, match="--device cpu"):
        open_tower(f"siglip:{folders['clip']}", "cuda")


def test_help_loads_nothing_heavy():
    code = "from model.towers.registry import tower_help; tower_help()"
    assert not loaded_by(code) & (HEAVY | {"transformers", "torchvision", "open_clip"})
    assert len(tower_help().splitlines()) == len(FAMILIES)
