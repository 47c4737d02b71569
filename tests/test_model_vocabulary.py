"""Visual words: a tree that is descended, shrinks with the data, and comes back from its file."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from model.encoder import Float32
from model.errors import CheckpointError
from model.vocabulary import VisualVocabulary, _shape


def clusters_of_clusters(*, branches: int, levels: int, each: int) -> Float32:
    """`branches` ** `levels` clusters of `each` points: every level has its own axes, and a tenth
    of the spread of the level above it."""
    draw = np.random.default_rng(5)
    points = np.zeros((1, 0))
    for level in range(levels):
        axes = np.eye(branches) * 10.0 / 10**level
        points = np.hstack([points.repeat(branches, 0), np.tile(axes, (len(points), 1))])
    points = points.repeat(each, 0)
    return (points + 1e-4 * draw.standard_normal(points.shape)).astype(np.float32)


def noise(count: int, width: int = 8, seed: int = 7) -> Float32:
    return np.random.default_rng(seed).standard_normal((count, width)).astype(np.float32)


@pytest.fixture(scope="module")
def words() -> VisualVocabulary:
    return VisualVocabulary.fit(noise(2000), fingerprint="lite2", points_per_leaf=20)


def descend(words: VisualVocabulary, point: Float32) -> int:
    """One point from the root to its leaf, as slowly as the definition reads."""
    leaves = [n for n, (first, stop) in enumerate(words.children.tolist()) if first == stop]
    node = 0
    while node not in leaves:
        first, stop = words.children[node].tolist()
        apart = [
            float(((words.centers[c].astype(float) - point) ** 2).sum()) for c in range(first, stop)
        ]
        node = first + apart.index(min(apart))
    return leaves.index(node)


def nearest_leaf(words: VisualVocabulary, points: Float32) -> list[int]:
    apart = np.square(points[:, None] - words.centroids[None]).sum(2)
    return [int(i) for i in apart.argmin(1)]


def test_a_word_is_reached_from_the_root_and_not_as_the_nearest_leaf():
    """4.9 is nearer to the branch at 0 than to the one at 10, whose leaf at 5.1 is nearest; and
    5.0001 is nearer to the latter, which float16 could not tell."""
    centers = np.array([[5], [0], [10], [-2], [2], [5.1], [15]], np.float16)
    children = np.array([[1, 3], [3, 5], [5, 7], [0, 0], [0, 0], [0, 0], [0, 0]], np.int32)
    words = VisualVocabulary("lite2", 2, 2, centers, children)
    points = np.array([[4.9], [-9], [5.2], [5.0001]], np.float32)
    assert words.assign(points).tolist() == [1, 0, 2, 2]
    assert nearest_leaf(words, points) == [2, 0, 2, 2]


def test_a_fitted_tree_is_descended_too(words: VisualVocabulary):
    points = noise(300, seed=8)
    assigned = words.assign(points).tolist()
    assert assigned == [descend(words, point) for point in points]
    assert assigned != nearest_leaf(words, points)


def test_clusters_of_clusters_are_found():
    """81 clusters on four levels are 81 words, and each word is one whole cluster."""
    points = clusters_of_clusters(branches=3, levels=4, each=20)
    words = VisualVocabulary.fit(
        points, fingerprint="lite2", branching=3, depth=4, points_per_leaf=20
    )
    assert (words.branching, words.depth, words.size) == (3, 4, 81)
    groups = words.assign(points).reshape(81, 20)
    assert (groups == groups[:, :1]).all()
    assert sorted(groups[:, 0]) == list(range(81))
    apart = np.abs(words.centroids[groups[:, 0]] - points.reshape(81, 20, 12).mean(1))
    assert apart.max() < 0.005


def test_the_same_points_and_seed_give_the_same_words():
    points, other = noise(1000), noise(500, seed=9)
    first = VisualVocabulary.fit(points, fingerprint="lite2", points_per_leaf=10)
    np.random.seed(3)  # the state that a fit may not look at
    VisualVocabulary.fit(other, fingerprint="lite2", points_per_leaf=10).assign(other)
    first.assign(other)
    second = VisualVocabulary.fit(points, fingerprint="lite2", points_per_leaf=10)
    np.testing.assert_array_equal(first.centers, second.centers)
    np.testing.assert_array_equal(first.assign(points), second.assign(points))
    third = VisualVocabulary.fit(points, fingerprint="lite2", points_per_leaf=10, seed=2)
    assert third.centers.shape != first.centers.shape or (third.centers != first.centers).any()


def test_the_number_of_threads_does_not_show_in_the_words(words: VisualVocabulary):
    import faiss

    before = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(3)
    try:
        again = VisualVocabulary.fit(noise(2000), fingerprint="lite2", points_per_leaf=20)
        assert faiss.omp_get_max_threads() == 3
    finally:
        faiss.omp_set_num_threads(before)
    np.testing.assert_array_equal(again.centers, words.centers)


def test_a_word_does_not_depend_on_its_neighbours(words: VisualVocabulary):
    points = noise(200, seed=10)
    alone = [int(words.assign(point[None])[0]) for point in points]
    assert words.assign(points).tolist() == alone
    assert words.assign(points[::-1]).tolist() == alone[::-1]


@pytest.mark.parametrize(
    ("leaves", "shape"),
    [
        (0, (1, 0)),
        (1, (1, 0)),
        (2, (2, 1)),
        (13, (12, 1)),
        (208, (12, 2)),
        (400, (7, 3)),
        (12**4 - 1, (11, 4)),
        (12**4, (12, 4)),
        (10**6, (12, 4)),
    ],
)
def test_the_tree_is_as_large_as_the_points_carry(leaves: int, shape: tuple[int, int]):
    assert _shape(leaves, branching=12, depth=4) == shape


def test_a_leaf_has_about_the_points_that_it_was_asked_for():
    points = noise(4000)
    words = VisualVocabulary.fit(points, fingerprint="lite2", points_per_leaf=40)
    assert words.branching**words.depth == 100
    counts = np.bincount(words.assign(points), minlength=words.size)
    assert 50 <= words.size <= 100
    assert 20 <= np.median(counts) <= 80


@pytest.mark.parametrize("count", [1, 2, 39, 79])
def test_few_points_are_one_word(count: int):
    points = noise(count)
    words = VisualVocabulary.fit(points, fingerprint="lite2")
    assert (words.size, words.branching, words.depth) == (1, 1, 0)
    np.testing.assert_allclose(words.centroids[0], points.mean(0), atol=2e-3)
    assert words.assign(noise(5, seed=11)).tolist() == [0] * 5


def test_equal_points_are_one_word():
    points = np.full((1000, 8), 0.3, np.float32)
    words = VisualVocabulary.fit(points, fingerprint="lite2", points_per_leaf=5)
    assert words.size == 1
    np.testing.assert_allclose(words.centroids, 0.3, atol=1e-3)
    assert words.assign(points).tolist() == [0] * 1000


def test_fewer_different_points_than_branches_are_a_word_each():
    different = noise(5)
    points = different.repeat([400, 300, 200, 90, 10], axis=0)
    words = VisualVocabulary.fit(points, fingerprint="lite2", points_per_leaf=5)
    assert words.size == 5
    ids = words.assign(different)
    assert sorted(ids) == list(range(5))
    np.testing.assert_allclose(words.centroids[ids], different, atol=2e-3)


@pytest.mark.parametrize(("values", "size"), [((2000, 2000.1), 1), ((2000, 2000.1, 3000), 2)])
def test_no_word_is_empty(values: tuple[float, ...], size: int):
    """The first two are one number in float16, so one of their two centres gets no point."""
    points = np.array(values, np.float32).repeat(50)[:, None]
    words = VisualVocabulary.fit(points, fingerprint="lite2", points_per_leaf=5)
    assert words.size == size
    assert sorted(set(words.assign(points))) == list(range(size))


def test_nothing_is_printed(capfd: pytest.CaptureFixture[str]):
    """FAISS writes to the streams itself where points are few."""
    VisualVocabulary.fit(noise(30), fingerprint="lite2", points_per_leaf=2)
    assert tuple(capfd.readouterr()) == ("", "")


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_features_that_are_not_finite_are_refused(words: VisualVocabulary, value: float):
    points = noise(20)
    points[13, 2] = value
    with pytest.raises(ValueError, match="feature 13"):
        VisualVocabulary.fit(points, fingerprint="lite2")
    with pytest.raises(ValueError, match="feature 13"):
        words.assign(points)


def test_features_that_a_centre_cannot_keep_are_refused():
    with pytest.raises(ValueError, match="feature 3"):
        VisualVocabulary.fit(np.diag([1, 1, 1, 1e5]).astype(np.float32), fingerprint="lite2")


def test_features_of_a_wrong_shape_are_refused(words: VisualVocabulary):
    with pytest.raises(ValueError, match=r"\(N, F\)"):
        words.assign(noise(1)[0])
    with pytest.raises(ValueError, match="8 features, got 9"):
        words.assign(noise(3, width=9))
    with pytest.raises(ValueError, match="at least one"):
        VisualVocabulary.fit(noise(0), fingerprint="lite2")
    assert words.assign(noise(0)).shape == (0,)


def test_words_come_back_from_their_file(words: VisualVocabulary, tmp_path: Path):
    path = tmp_path / "words.safetensors"
    words.save(path)
    assert path.stat().st_size < 3 * words.centers.nbytes
    loaded = VisualVocabulary.load(path, "lite2")
    assert (loaded.branching, loaded.depth, loaded.size) == (10, 2, words.size)
    points = noise(3000, seed=12)
    np.testing.assert_array_equal(loaded.assign(points), words.assign(points))
    np.testing.assert_array_equal(loaded.centroids, words.centroids)


def test_words_of_other_features_are_refused(words: VisualVocabulary, tmp_path: Path):
    path = tmp_path / "words.safetensors"
    words.save(path)
    with pytest.raises(
        CheckpointError, match=r"words\.safetensors.*lite2.*lite0.*Restore the folder"
    ):
        VisualVocabulary.load(path, "lite0")


def test_a_missing_file_is_named(tmp_path: Path):
    with pytest.raises(CheckpointError, match=r"words\.safetensors.*Restore the folder"):
        VisualVocabulary.load(tmp_path / "words.safetensors", "lite2")


@pytest.mark.parametrize("damage", ["cut", "changed", "emptied", "older", "renamed"])
def test_a_damaged_file_is_refused(words: VisualVocabulary, tmp_path: Path, damage: str):
    path = tmp_path / "words.safetensors"
    words.save(path)
    content = bytearray(path.read_bytes())
    if damage == "cut":
        path.write_bytes(content[:-100])
    elif damage == "changed":
        content[-100] ^= 1
        path.write_bytes(content)
    elif damage == "emptied":
        path.write_bytes(b"")
    else:
        about = {"format": "0" if damage == "older" else "2", "features": "lite2"}
        save_file({"centres": load_file(path)["centers"]}, path, {"about": json.dumps(about)})
    with pytest.raises(CheckpointError, match=r"no readable visual words.*Restore the folder"):
        VisualVocabulary.load(path, "lite2")


def test_the_same_words_are_the_same_bytes(words: VisualVocabulary, tmp_path: Path):
    """Else a checkpoint that is made again would have another fingerprint."""
    saved = set()
    for i in range(4):
        words.save(tmp_path / f"{i}.safetensors")
        saved.add((tmp_path / f"{i}.safetensors").read_bytes())
    assert len(saved) == 1
