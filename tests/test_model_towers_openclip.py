"""OpenCLIP's loading code on a tiny model with random weights."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from model.encoder import UInt8
from model.errors import CheckpointError, ModelError
from model.towers.registry import open_dual_tower, open_tower
from tests.tiny_towers import SENTENCES, SIDE

CONFIG: dict[str, Any] = {
    "embed_dim": 24,
    "vision_cfg": {"image_size": SIDE, "layers": 2, "width": 64, "patch_size": 8},
    "text_cfg": {"context_length": 77, "vocab_size": 49408, "width": 32, "heads": 2, "layers": 2},
}
PIXELS = {"mean": [0.4, 0.5, 0.6], "std": [0.2, 0.3, 0.4]}


@pytest.fixture(scope="module")
def open_clip(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    """The package, with an architecture `tiny` added to its own."""
    try:
        import open_clip
    except (ImportError, RuntimeError) as error:
        pytest.skip(f"open_clip cannot be imported: {error}")
    config = tmp_path_factory.mktemp("configs") / "tiny.json"
    config.write_text(json.dumps(CONFIG))
    open_clip.add_model_config(config)
    return open_clip


@pytest.fixture(scope="module")
def weights(open_clip: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    import torch

    torch.manual_seed(0)
    path = tmp_path_factory.mktemp("weights") / "tiny.pt"
    torch.save({"state_dict": open_clip.create_model("tiny").state_dict()}, path)
    return path


@pytest.fixture(scope="module")
def folder(weights: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As the Hugging Face hub keeps them, with preprocessing of its own."""
    import torch
    from safetensors.torch import save_file

    folder = tmp_path_factory.mktemp("hub")
    both = {"model_cfg": CONFIG, "preprocess_cfg": PIXELS}
    (folder / "open_clip_config.json").write_text(json.dumps(both))
    state = torch.load(weights, weights_only=True)["state_dict"]
    save_file(state, folder / "open_clip_model.safetensors")
    return folder


@pytest.fixture(scope="module")
def frames() -> UInt8:
    return np.random.default_rng(0).integers(0, 256, (5, SIDE, SIDE, 3), np.uint8)


def test_vectors_are_those_of_open_clip(open_clip: ModuleType, folder: Path, frames: UInt8):
    import torch

    tower = open_dual_tower(f"openclip:{folder}", "cpu")
    assert (tower.frame_size, tower.feature_dim) == (SIDE, 24)
    net = open_clip.create_model(f"local-dir:{folder}").eval()
    x = torch.tensor((frames / 255 - PIXELS["mean"]) / PIXELS["std"], dtype=torch.float32)
    tokens = open_clip.get_tokenizer(f"local-dir:{folder}")(list(SENTENCES))
    with torch.inference_mode():
        pictures, texts, _ = net(x.permute(0, 3, 1, 2), tokens)  # of unit length
    np.testing.assert_allclose(tower.encode_frames(frames), pictures.numpy(), atol=1e-5)
    np.testing.assert_allclose(tower.encode_text(SENTENCES), texts.numpy(), atol=1e-5)


def test_a_file_of_weights_stands_for_a_tag(weights: Path, folder: Path):
    """The same weights with OpenAI's pixels: the texts' vectors are the same."""
    file = open_dual_tower(f"openclip:tiny/{weights}", "cpu")
    hub = open_dual_tower(f"openclip:{folder}", "cpu")
    np.testing.assert_allclose(file.encode_text(SENTENCES), hub.encode_text(SENTENCES), atol=1e-6)
    assert file.fingerprint != hub.fingerprint  # the preprocessing differs
    assert file.fingerprint == open_tower(f"openclip:tiny/{weights}", "cpu").fingerprint


def test_a_vector_does_not_depend_on_its_batch(folder: Path, frames: UInt8):
    tower = open_dual_tower(f"openclip:{folder}", "cpu")
    many = np.concatenate([frames // 32, *[frames] * 4])  # more than a batch
    alone = np.concatenate([tower.encode_frames(frame[None]) for frame in frames])
    np.testing.assert_allclose(tower.encode_frames(many)[-5:], alone, atol=1e-5)
    short = tower.encode_text(["a dog"])
    np.testing.assert_allclose(tower.encode_text(["a dog", *SENTENCES])[:1], short, atol=1e-5)


def test_quickgelu_is_told_from_gelu(
    open_clip: ModuleType, weights: Path, folder: Path, tmp_path: Path
):
    """The weights are the same, their vectors are not."""
    quick_folder = shutil.copytree(folder, tmp_path / "quick")
    both = {"model_cfg": {**CONFIG, "quick_gelu": True}, "preprocess_cfg": PIXELS}
    (quick_folder / "open_clip_config.json").write_text(json.dumps(both))
    names = [f"openclip:{place}" for place in (folder, quick_folder)]
    assert len({open_tower(name, "cpu").fingerprint for name in names}) == 2
    config = tmp_path / "tiny-quickgelu.json"
    config.write_text(json.dumps({**CONFIG, "quick_gelu": True}))
    open_clip.add_model_config(config)
    quick = open_dual_tower(f"openclip:tiny-quickgelu/{weights}", "cpu")
    plain = open_dual_tower(f"openclip:tiny/{weights}", "cpu")
    assert quick.fingerprint != plain.fingerprint
    assert np.abs(quick.encode_text(SENTENCES) - plain.encode_text(SENTENCES)).max() > 1e-4


def test_a_folder_without_weights_is_refused(open_clip: ModuleType, tmp_path: Path):
    """open_clip would go on with random ones."""
    both = {"model_cfg": CONFIG, "preprocess_cfg": PIXELS}
    (tmp_path / "open_clip_config.json").write_text(json.dumps(both))
    with pytest.raises(CheckpointError, match="could not be loaded"):
        open_tower(f"openclip:{tmp_path}", "cpu")


def test_weights_of_another_architecture_are_refused(open_clip: ModuleType, weights: Path):
    with pytest.raises(CheckpointError, match="cannot be loaded"):
        open_tower(f"openclip:ViT-S-32-alt/{weights}", "cpu")


def test_a_damaged_file_is_refused(open_clip: ModuleType, tmp_path: Path):
    damaged = tmp_path / "tiny.pt"
    damaged.write_bytes(b"no weights at all")
    with pytest.raises(CheckpointError, match=r"tiny.pt: cannot be loaded"):
        open_tower(f"openclip:tiny/{damaged}", "cpu")


def test_an_unknown_tag_lists_the_known(open_clip: ModuleType):
    with pytest.raises(ModelError, match=r"'laion9b' is no file and no tag of ViT-B-32.*laion2b"):
        open_tower("openclip:ViT-B-32/laion9b")
    with pytest.raises(ModelError, match=r"nor an architecture.*Example"):
        open_tower("openclip:./nowhere")


@pytest.mark.parametrize("tag", ["laion2b_s34b_b79k", "openai"])
def test_without_a_network_it_says_what_and_where(
    open_clip: ModuleType, monkeypatch: pytest.MonkeyPatch, tag: str
):
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")  # nobody listens there
    with pytest.raises(ModelError, match=rf"ViT-B-32/{tag}: not in ~/.cache.*once") as error:
        open_tower(f"openclip:ViT-B-32/{tag}", "cpu")
    assert "\n" not in str(error.value)
