"""`videobert --help` and the web server's start do not wait for torch."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

HEAVY = {
    "alembic",
    "av",
    "cv2",
    "faiss",
    "matplotlib",
    "nltk",
    "onnxruntime",
    "skimage",
    "torch",
}


def loaded_by(code: str) -> set[str]:
    script = f"import sys, json\n{code}\nprint(json.dumps(sorted(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    return {name.partition(".")[0] for name in json.loads(done.stdout.splitlines()[-1])}


@pytest.mark.parametrize(
    "code",
    [
        "import model, indexer, search, webui",
        "import search.errors, search.results, model.registry, indexer.errors",
        "from click.testing import CliRunner; from videobert import cli\n"
        "assert CliRunner().invoke(cli, ['--help']).exit_code == 0",
        "from model.registry import load_encoder; load_encoder(device='cpu').fingerprint",
    ],
    ids=["packages", "light modules", "help", "fingerprint"],
)
def test_nothing_heavy_is_loaded(code: str):
    assert not loaded_by(code) & HEAVY


def test_a_text_query_loads_no_torch_and_no_opencv(tmp_path):
    """Nor the frame CNN: words go through ONNX Runtime alone."""
    code = "from model.registry import load_encoder; load_encoder(device='cpu').encode_text(['a'])"
    assert not loaded_by(code) & {"torch", "cv2", "av"}
