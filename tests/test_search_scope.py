"""Filters inside the search, against brute force: nothing leaks, nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import numpy as np
import pytest

from benchmarks.filtered import FilteredLibrary, make_library
from benchmarks.filters import CHECKS, check_filters
from indexer.store.filters import Filters
from search import scope


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FilteredLibrary]:
    """2,400 clips of 600 videos."""
    with closing(make_library(tmp_path_factory.mktemp("filtered"), 600, 32)) as made:
        yield made


def test_filtered_searches_are_exact(made: FilteredLibrary):
    wrong, (narrow, wide) = check_filters(made, 60)
    assert set(wrong) == set(CHECKS)
    assert set(wrong.values()) == {0}
    assert 0 < np.mean(narrow) < 0.03
    assert 0.8 < np.mean(wide) < 1


def test_a_filter_that_leaks_is_noticed(made: FilteredLibrary, monkeypatch: pytest.MonkeyPatch):
    """The check itself: without filters inside of the search every narrow question is wrong."""
    everything = classmethod(lambda cls, library, filters: scope.EVERYTHING)
    monkeypatch.setattr(scope.Scope, "of", everything)
    wrong, _ = check_filters(made, 20)
    assert min(wrong[name] for name in ("picture", "moments", "speech")) >= 10


def test_a_filter_that_loses_is_noticed(made: FilteredLibrary, monkeypatch: pytest.MonkeyPatch):
    """Filtering after the search, which finds fewer than there are."""
    nothing = np.empty(0, np.int64)
    lost = classmethod(lambda cls, library, filters: scope.Scope(frozenset(), nothing, nothing))
    monkeypatch.setattr(scope.Scope, "of", lost)
    wrong, _ = check_filters(made, 20)
    assert wrong["picture"] == wrong["speech"] == 20


def test_no_video_that_fits_is_no_answer(made: FilteredLibrary):
    found = scope.Scope.of(made.library, Filters(folder="/elsewhere"))
    assert (found.videos, len(found.clips), len(found.sentences)) == (frozenset(), 0, 0)
