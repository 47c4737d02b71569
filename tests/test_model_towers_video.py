"""torchvision's video networks on random weights, as `torch.save` writes them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from model.encoder import UInt8
from model.errors import CheckpointError, ModelError
from model.towers.registry import open_tower
from model.towers.video import KINDS, VideoTower

CLASSES = 5


@pytest.fixture(scope="module")
def video() -> ModuleType:
    try:
        from torchvision.models import video
    except (ImportError, RuntimeError) as error:
        pytest.skip(f"torchvision cannot be imported beside this torch: {error}")
    return video


@pytest.fixture(scope="module")
def files(video: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Five classes; statistics as after training, so that features are of some size."""
    import torch

    torch.manual_seed(0)
    folder = tmp_path_factory.mktemp("weights")
    for kind in KINDS:
        net = getattr(video, kind)(num_classes=CLASSES).train()
        for module in net.modules():
            if isinstance(module, torch.nn.BatchNorm3d):
                module.momentum = 1.0
        side = 224 if kind == "s3d" else 32
        with torch.inference_mode():
            net(torch.randn(1, 3, 16, side, side))
        torch.save(net.state_dict(), folder / f"{kind}.pth")
    return {kind: folder / f"{kind}.pth" for kind in KINDS}


@pytest.fixture(scope="module")
def towers(files: dict[str, Path]) -> dict[str, VideoTower]:
    opened = {kind: open_tower(f"{kind}:{file}", "cpu") for kind, file in files.items()}
    return {kind: tower for kind, tower in opened.items() if isinstance(tower, VideoTower)}


@pytest.fixture(scope="module")
def small(files: dict[str, Path]) -> VideoTower:
    """R(2+1)D, which takes pictures of any size, on 8 frames of 32 pixels: 36 times as fast."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(KINDS, "r2plus1d_18", replace(KINDS["r2plus1d_18"], size=32, frames=8))
        tower = open_tower(f"r2plus1d_18:{files['r2plus1d_18']}", "cpu")
    assert isinstance(tower, VideoTower)
    return tower


def windows(tower: VideoTower, count: int = 1, frames: int | None = None) -> UInt8:
    side, length = tower.frame_size, frames or tower.frames_per_window
    draw = np.random.default_rng(0)
    return draw.integers(0, 256, (count, length, side, side, 3), np.uint8)


@pytest.mark.parametrize(("kind", "width"), [("s3d", 1024), ("r2plus1d_18", 512)])
def test_features_are_the_pooled_layer_before_the_classifier(
    towers: dict[str, VideoTower],
    files: dict[str, Path],
    video: ModuleType,
    kind: str,
    width: int,
):
    """Not class logits: the network's own classifier turns them into its logits."""
    import torch

    tower = towers[kind]
    seen = windows(tower)
    features = tower.window_features(seen)
    assert features.shape == (1, width)
    assert features.dtype == np.float32
    assert tower.feature_dim == width
    net = getattr(video, kind)(num_classes=CLASSES).eval()
    state = torch.load(files[kind], weights_only=True)
    net.load_state_dict(state)
    x = (torch.tensor(seen) / 255 - torch.tensor((0.43216, 0.394666, 0.37645))) / torch.tensor(
        (0.22803, 0.22145, 0.216989)
    )
    with torch.inference_mode():
        logits = net(x.permute(0, 4, 1, 2, 3)).numpy()
    head = KINDS[kind].classifier
    weight = state[head].flatten(1).numpy()  # (5, D)
    bias = state[head.replace("weight", "bias")].numpy()
    np.testing.assert_allclose(features @ weight.T + bias, logits, rtol=1e-3, atol=1e-3)
    assert logits.std() > 0.01


def test_a_window_does_not_depend_on_its_batch(small: VideoTower):
    """No contrast is stretched over a batch, and no neighbour is mixed in."""
    seen = windows(small, 2)
    alone = np.concatenate([small.window_features(one[None]) for one in seen])
    many = np.concatenate([seen[:1] // 32, seen])  # more than a batch
    np.testing.assert_allclose(small.window_features(many)[1:], alone, rtol=1e-4, atol=1e-4)


def test_order_in_time_matters(small: VideoTower):
    seen = windows(small)
    seen[:, :4] //= 4  # brightens in the middle
    forth, back = (small.window_features(frames) for frames in (seen, seen[:, ::-1]))
    assert np.abs(forth - back).max() > 1e-3


def test_a_still_is_a_video_in_which_nothing_moves(small: VideoTower):
    still = windows(small, frames=1)[:, 0]
    frozen = np.repeat(still[:, None], 8, 1)
    np.testing.assert_allclose(small.features(still), small.window_features(frozen), rtol=1e-5)
    assert np.linalg.norm(small.encode_frames(still)) == pytest.approx(1)


def test_other_numbers_of_frames_are_spread_over_the_window(small: VideoTower):
    three, many = windows(small, frames=3), windows(small, frames=15)
    np.testing.assert_allclose(
        small.window_features(three),
        small.window_features(three[:, [0, 0, 1, 1, 1, 1, 2, 2]]),
        rtol=1e-5,
    )
    np.testing.assert_allclose(
        small.window_features(many), small.window_features(many[:, ::2]), rtol=1e-5
    )


def test_frames_without_a_time_axis_are_refused(small: VideoTower):
    with pytest.raises(ValueError, match="5 axes"):
        small.window_features(windows(small)[0])


def test_networks_are_told_apart(towers: dict[str, VideoTower], files: dict[str, Path]):
    again = open_tower(f"s3d:{files['s3d']}", "cpu")
    assert again.fingerprint == towers["s3d"].fingerprint != towers["r2plus1d_18"].fingerprint


def test_weights_of_another_network_are_refused(files: dict[str, Path]):
    with pytest.raises(CheckpointError, match="not the weights of s3d"):
        open_tower(f"s3d:{files['r2plus1d_18']}", "cpu")


@pytest.mark.parametrize("content", [None, b"", b"no weights at all"])
def test_a_file_that_cannot_be_read_is_named(
    video: ModuleType, tmp_path: Path, content: bytes | None
):
    if content is not None:
        (tmp_path / "broken.pth").write_bytes(content)
    with pytest.raises(CheckpointError, match=r"broken.pth: cannot be read"):
        open_tower(f"s3d:{tmp_path / 'broken.pth'}", "cpu")


def test_without_a_network_it_says_what_and_where(
    video: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")  # nobody listens there
    with pytest.raises(ModelError, match=rf"^s3d: not in {tmp_path}/hub/checkpoints.*once") as e:
        open_tower("s3d", "cpu")
    assert "\n" not in str(e.value)
