"""Questions in, ranked moments out. Read only; imports nothing heavy."""

from search.results import Moment, SearchResult

__all__ = ["Moment", "SearchEngine", "SearchResult"]


def __getattr__(name: str) -> object:
    """`from search import SearchEngine` without loading FAISS for those who only want results."""
    if name == "SearchEngine":
        from search.engine import SearchEngine

        return SearchEngine
    raise AttributeError(f"module 'search' has no attribute {name!r}")
