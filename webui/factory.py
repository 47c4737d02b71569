"""Puts the application together."""

from __future__ import annotations

from flask import Flask

from webui import (
    api,
    cuts,
    errors,
    health,
    judgements,
    media,
    metrics,
    pages,
    previews,
    security,
    state,
    transcripts,
    uploads,
)
from webui.config import WebConfig


def build(config: WebConfig) -> Flask:
    """The Flask application for `config`."""
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = config.max_upload_bytes + uploads.FORM_OVERHEAD_BYTES
    state.attach(app, config)
    previews.attach(app)
    metrics.attach(app)  # first, so that refused requests are counted too
    security.attach(app, config)
    errors.attach(app)
    for blueprint in (pages.blueprint, api.blueprint, uploads.blueprint, media.blueprint):
        app.register_blueprint(blueprint)
    app.register_blueprint(cuts.blueprint)
    app.register_blueprint(transcripts.blueprint)
    app.register_blueprint(judgements.blueprint)
    app.register_blueprint(health.blueprint)
    return app
