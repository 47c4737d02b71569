"""Which languages a published network's text tower reads."""

from __future__ import annotations

import pytest

from model.encoder import Polyglot, languages_of
from model.towers.languages import ENGLISH, MANY, tower_languages
from model.towers.tower_encoder import TowerEncoder
from tests.conftest import ColourEncoder


@pytest.mark.parametrize(
    "name",
    [
        "openclip:xlm-roberta-base-ViT-B-32/laion5b_s13b_b90k",
        "openclip:ViT-B-16-SigLIP-i18n-256/webli",
        "openclip:nllb-clip-base-siglip/v1",
        "siglip:google/siglip2-base-patch16-224",
        "siglip:google/siglip-base-patch16-256-multilingual",
    ],
)
def test_multilingual_towers_read_many_languages(name: str):
    assert tower_languages(name) == MANY
    assert {"de", "zh", "ar"} < MANY


@pytest.mark.parametrize(
    "name",
    ["openclip:ViT-B-32/laion2b_s34b_b79k", "siglip:google/siglip-base-patch16-224", "lite2"],
)
def test_the_others_read_english(name: str):
    assert tower_languages(name) == ENGLISH


def test_an_encoder_reads_what_its_tower_does():
    class Tower:
        name = "siglip:google/siglip2-base-patch16-224"
        feature_dim, frame_size, fingerprint = 4, 16, "f"

    encoder = TowerEncoder(Tower())
    assert isinstance(encoder, Polyglot)
    assert languages_of(encoder) == MANY | {""}
    assert languages_of(ColourEncoder()) == {"en", ""}
