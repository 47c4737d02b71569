"""Questions in, ranked moments out. Importing it loads nothing heavy."""

from importlib import import_module

from search.results import Moment, SearchResult

__all__ = ["Client", "Moment", "SearchEngine", "SearchResult"]

_LATER = {"Client": "search.client", "SearchEngine": "search.engine"}


def __getattr__(name: str) -> object:
    """`from search import SearchEngine` without loading FAISS for those who only want results."""
    if name in _LATER:
        return getattr(import_module(_LATER[name]), name)
    raise AttributeError(f"module 'search' has no attribute {name!r}")
