"""FaissStore against brute force: what any VectorStore has to do."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.errors import LibraryMismatch
from indexer.store.vectors import FaissStore

DIM = 5
IDS = st.integers(1, 2**40)


def vector(number: int) -> np.ndarray:
    """A unit vector, the same for the same number."""
    drawn = np.random.default_rng(number).normal(size=DIM).astype(np.float32)
    return drawn / np.linalg.norm(drawn)


def matrix(numbers: list[int]) -> np.ndarray:
    return np.array([vector(n) for n in numbers], np.float32).reshape(-1, DIM)


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["add", "remove", "save"]), st.lists(st.integers(1, 60), max_size=20)
    ),
    max_size=8,
)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("vectors") / "vectors.faiss"


@settings(max_examples=100, deadline=None)
@given(steps=STEPS, k=st.integers(1, 70), query=st.integers(100, 200))
def test_it_finds_what_brute_force_finds(
    file: Path, steps: list[tuple[str, list[int]]], k: int, query: int
):
    store, model = FaissStore(DIM), dict[int, np.ndarray]()
    for step, ids in steps:
        if step == "add":
            new = sorted(set(ids) - model.keys(), key=vector_order)
            store.add(np.array(new, np.int64), matrix(new))
            model |= {i: vector(i) for i in new}
        elif step == "remove":
            store.remove(np.array(ids, np.int64))
            model = {i: v for i, v in model.items() if i not in ids}
        else:
            store.save(file)
            store = FaissStore.load(file)
        assert (len(store), store.dim) == (len(model), DIM)
        assert store.ids().tolist() == sorted(model)
    ids = sorted(model)
    scores, found = store.search(vector(query)[None], k)
    exact = matrix(ids) @ vector(query)
    assert scores.shape == found.shape == (1, min(k, len(ids)))
    np.testing.assert_allclose(scores[0], np.sort(exact)[::-1][:k], atol=1e-6)
    by_id = dict(zip(ids, exact.tolist(), strict=True))
    np.testing.assert_allclose([by_id[i] for i in found[0].tolist()], scores[0], atol=1e-6)
    assert len(set(found[0].tolist())) == found.shape[1]
    np.testing.assert_array_equal(store.vectors(np.array(ids[::-1], np.int64)), matrix(ids[::-1]))


def vector_order(number: int) -> int:
    """Ids need not be added in order."""
    return number * 37 % 61


@settings(max_examples=30, deadline=None)
@given(ids=st.lists(IDS, min_size=1, max_size=20, unique=True), absent=IDS)
def test_an_id_that_is_not_there_is_a_key_error_and_no_error_to_remove(ids: list[int], absent: int):
    store = FaissStore(DIM)
    store.add(np.array(ids), matrix(ids))
    if absent not in ids:
        with pytest.raises(KeyError, match=str(absent)):
            store.vectors(np.array([ids[0], absent]))
        store.remove(np.array([absent]))
    assert sorted(ids) == store.ids().tolist()


def test_several_queries_are_answered_each_for_itself():
    store = FaissStore(DIM)
    store.add(np.arange(1, 11), matrix(list(range(1, 11))))
    scores, ids = store.search(matrix([3, 8]), 1)
    assert ids.tolist() == [[3], [8]]
    np.testing.assert_allclose(scores, 1, atol=1e-6)


def test_all_that_may_be_found_is_found_however_few_they_are():
    """1 % and 90 % of 1000 vectors, 200 queries each, against brute force."""
    draw = np.random.default_rng(4)
    vectors = draw.normal(size=(1000, 16)).astype(np.float32)
    queries = draw.normal(size=(200, 16)).astype(np.float32)
    ids = draw.permutation(np.arange(1, 5001))[:1000].astype(np.int64)
    store = FaissStore(16)
    store.add(ids, vectors)
    for count, k in [(10, 10), (10, 25), (900, 25), (900, 1000)]:
        chosen = draw.permutation(1000)[:count]
        scores, found = store.search(queries, k, ids[chosen])
        exact = queries @ vectors[chosen].T
        np.testing.assert_allclose(scores, -np.sort(-exact, axis=1)[:, :k], atol=1e-5)
        column = {i: c for c, i in enumerate(ids[chosen].tolist())}
        columns = np.array([[column[i] for i in row] for row in found.tolist()])
        np.testing.assert_allclose(scores, np.take_along_axis(exact, columns, 1), atol=1e-5)
        assert all(len(set(row)) == len(row) for row in found.tolist())


@settings(max_examples=50, deadline=None)
@given(
    there=st.lists(IDS, max_size=12, unique=True),
    among=st.lists(IDS, max_size=12),
    both=st.data(),
    k=st.integers(1, 30),
)
def test_ids_that_are_not_there_or_come_twice_do_no_harm(
    there: list[int], among: list[int], both: st.DataObject, k: int
):
    """Ids may be beyond `MOST_BITS`."""
    store = FaissStore(DIM)
    store.add(np.array(there, np.int64), matrix(there))
    if there:
        among = among + both.draw(st.lists(st.sampled_from(there)))
    scores, found = store.search(matrix([7, 8]), k, np.array(among, np.int64))
    expected = set(there) & set(among)
    assert scores.shape == found.shape == (2, min(k, len(expected)))
    for row in found.tolist():
        assert set(row) <= expected
        assert len(set(row)) == len(row)


def test_nothing_is_found_among_nothing():
    store = FaissStore(DIM)
    store.add(np.arange(1, 11), matrix(list(range(1, 11))))
    scores, ids = store.search(matrix([3, 8]), 5, np.empty(0, np.int64))
    assert scores.shape == ids.shape == (2, 0)


def test_an_empty_store_answers_nothing(file: Path):
    store = FaissStore(DIM)
    store.save(file)
    for empty in (store, FaissStore.load(file)):
        scores, ids = empty.search(matrix([1, 2]), 10)
        assert scores.shape == ids.shape == (2, 0)
        assert empty.ids().tolist() == []
        assert empty.vectors(np.empty(0, np.int64)).shape == (0, DIM)


@pytest.mark.parametrize("shape", [(2, DIM), (3, DIM + 1)])
def test_vectors_of_the_wrong_shape_are_refused(shape: tuple[int, int]):
    store = FaissStore(DIM)
    with pytest.raises(ValueError, match=r"expected vectors \(3, 5\)"):
        store.add(np.arange(3), np.zeros(shape, np.float32))
    assert len(store) == 0


@pytest.mark.parametrize("content", [b"", b"nothing of the kind", None])
def test_a_file_that_is_no_index_is_refused_by_name(tmp_path: Path, content: bytes | None):
    path = tmp_path / "vectors.faiss"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(LibraryMismatch, match="videobert rebuild") as caught:
        FaissStore.load(path)
    assert str(caught.value).startswith(str(path))
