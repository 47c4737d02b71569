"""library.toml: what people write there stays."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.errors import LibraryMismatch
from indexer.store.config import LibraryConfig, add_roots, remove_root
from indexer.store.paths import default_library

WRITTEN = """\
# our library
roots = [ # where they lie
    "/films", # the old ones
    # from the phone
    "/phone/",
]
model = "/models/ours" # trained in May

[web]
port = 8080
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "library.toml"


def roots(path: Path) -> list[str]:
    return [str(root) for root in LibraryConfig.load(path).roots]


def test_without_a_file_there_are_the_defaults(path: Path):
    assert LibraryConfig.load(path) == LibraryConfig(roots=(), model=None)


def test_what_is_written_is_read(path: Path):
    path.write_text(WRITTEN)
    config = LibraryConfig.load(path)
    assert config.roots == (Path("/films"), Path("/phone"))
    assert config.model == Path("/models/ours")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("openclip:ViT-B-32/laion2b_s34b_b79k", "openclip:ViT-B-32/laion2b_s34b_b79k"),
        ("siglip:/models/siglip", "siglip:/models/siglip"),
        ("siglip", Path("siglip")),
        ("models/siglip:x", Path("models/siglip:x")),
    ],
)
def test_a_model_is_a_folder_or_the_name_of_a_network(path: Path, written: str, read: Path | str):
    path.write_text(f'model = "{written}"')
    assert LibraryConfig.load(path).model == read


def test_comments_order_and_other_settings_survive_an_edit(path: Path):
    path.write_text(WRITTEN)
    add_roots(path, [Path("/new"), Path("/films"), Path("/new")])
    assert path.read_text() == WRITTEN.replace('"/phone/",\n', '"/phone/",\n    "/new",\n')
    remove_root(path, Path("/new"))
    remove_root(path, Path("/phone"))
    left = path.read_text()
    assert roots(path) == ["/films"]
    for comment in ("# our library", "# where they lie", "# the old ones", "# trained in May"):
        assert comment in left
    assert tomllib.loads(left)["web"] == {"port": 8080}


def test_a_first_root_goes_above_the_tables(path: Path):
    path.write_text("# mine\n[web]\nport = 8080\n")
    add_roots(path, [Path("/films")])
    found = tomllib.loads(path.read_text())
    assert found == {"roots": ["/films"], "web": {"port": 8080}}
    assert path.read_text().startswith("# mine\n")


def test_nothing_to_change_writes_nothing(path: Path):
    add_roots(path, [])
    remove_root(path, Path("/films"))
    assert not path.exists()
    path.write_text(WRITTEN)
    before = path.stat().st_ino
    add_roots(path, [Path("/films")])
    remove_root(path, Path("/elsewhere"))
    assert path.stat().st_ino == before


@pytest.mark.parametrize(
    "content",
    [
        b"roots = [",
        b'roots = "/films"',
        b"roots = [1]",
        b"roots = {a = 1}",
        b"model = 3",
        b'model = "caf\xe9"',
        b"roots = []\nroots = []",
    ],
)
def test_a_file_that_is_not_understood_is_refused_by_name_and_left_alone(
    path: Path, content: bytes
):
    path.write_bytes(content)
    for act in (LibraryConfig.load, lambda p: add_roots(p, [Path("/x")])):
        with pytest.raises(LibraryMismatch, match="Correct that line") as caught:
            act(path)
        assert str(caught.value).startswith(str(path))
    assert path.read_bytes() == content


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("config")


NAMES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="/\0"), min_size=1)


@settings(max_examples=60, deadline=None)
@given(names=st.lists(NAMES.filter(lambda name: name not in (".", "..")), max_size=5))
def test_any_folder_name_comes_back_as_it_was(scratch: Path, names: list[str]):
    path, folders = scratch / "library.toml", [Path("/") / name for name in names]
    path.unlink(missing_ok=True)
    add_roots(path, folders)
    assert list(LibraryConfig.load(path).roots) == list(dict.fromkeys(folders))
    for folder in folders[:2]:
        remove_root(path, folder)
    left = [folder for folder in dict.fromkeys(folders) if folder not in folders[:2]]
    assert list(LibraryConfig.load(path).roots) == left


def test_the_default_library_can_be_chosen(monkeypatch: pytest.MonkeyPatch):
    assert default_library() == Path.home() / ".local" / "share" / "videobert"
    monkeypatch.setenv("VIDEOBERT_LIBRARY", "/somewhere")
    assert default_library() == Path("/somewhere")
