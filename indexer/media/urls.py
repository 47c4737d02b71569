"""Web addresses found in files. They are shown as links, so nothing but http gets through."""

from __future__ import annotations

from urllib.parse import urlsplit

MOST_CHARACTERS = 2000


def web_address(text: str) -> str | None:
    """`text` when it is an address of http or https and nothing else, else None."""
    address = text.strip()
    if len(address) > MOST_CHARACTERS or not address.isprintable() or " " in address:
        return None
    try:
        parts = urlsplit(address)
    except ValueError:  # such as brackets around what is no IPv6 address
        return None
    return address if parts.scheme in ("http", "https") and parts.hostname else None
