"""JSON: all that is known of each moment."""

from __future__ import annotations

import json

from search.results import SearchResult


def json_text(result: SearchResult) -> str:
    """The shape of `--json` and of the API, one line."""
    return json.dumps(result.to_json()) + "\n"
