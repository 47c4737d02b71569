"""Keeps other websites away from a library that is served on this computer."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, Response, abort, request

from webui.config import WebConfig

_HEADERS = {
    "Content-Security-Policy": "; ".join(
        [
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self' blob:",  # blob: shows the dropped picture
            "media-src 'self'",
            "connect-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        ]
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def attach(app: Flask, config: WebConfig) -> None:
    """Check where each request comes from, and harden each answer."""

    @app.before_request
    def refuse_strangers() -> None:
        _refuse_foreign_host(config.trusted_hosts)
        _refuse_foreign_origin()

    @app.after_request
    def harden(response: Response) -> Response:
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        return response


def _refuse_foreign_host(trusted: frozenset[str] | None) -> None:
    """A name that someone else's DNS points to this computer is not ours (DNS rebinding)."""
    host = request.headers.get("Host", "")
    if trusted is not None and _host_name(host) not in trusted:
        abort(403, "This server answers for localhost only. Open it as http://127.0.0.1.")


def _refuse_foreign_origin() -> None:
    """Browsers name the page that sends a POST; another site's page may not search here."""
    origin = request.headers.get("Origin")
    if request.method in ("GET", "HEAD", "OPTIONS") or origin is None:
        return
    if _netloc(origin) != request.headers.get("Host"):
        abort(403, "Requests from other websites are refused.")


def _host_name(host: str) -> str | None:
    """`[::1]:8000` to `::1`; None when it is no host at all."""
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None


def _netloc(origin: str) -> str | None:
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return None
