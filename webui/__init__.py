"""The search page and the JSON API. Knows HTTP, and nothing of how a search is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from webui.config import WebConfig

__all__ = ["create_app"]


def create_app(config: WebConfig) -> Flask:
    """The web application over one library.

    `config.engines` hands out search engines; without it the library's live generation is
    used. Nothing is opened before the first request, so a library may be made meanwhile.
    """
    from webui.factory import build

    return build(config)
