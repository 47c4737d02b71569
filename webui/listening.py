"""Takes the port that the server listens on."""

from __future__ import annotations

import errno
import socket

_REASONS = {
    errno.EADDRINUSE: "it is taken, perhaps by another videobert serve; choose another --port",
    errno.EACCES: "the system does not let you use it; choose a --port from 1024",
    errno.EADDRNOTAVAIL: "this computer has no such address; see --host",
}


class ListenError(OSError):
    """The address cannot be listened on; the message says why and what to do."""


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens on `host`; port 0 takes any free one.

    :raises ListenError: taken, forbidden, or no address of this computer.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    _require_known(host, family)
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        reason = _REASONS.get(error.errno or 0, str(error))
        raise ListenError(f"Cannot listen on {host}, port {port}: {reason}.") from error


def _require_known(host: str, family: socket.AddressFamily) -> None:
    try:
        socket.getaddrinfo(host or None, 0, family, socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError) as error:  # UnicodeError: it cannot be a name at all
        raise ListenError(
            f"Cannot listen on {host}: no address is known by this name. Give --host an address "
            "of this computer: 127.0.0.1 for itself only, 0.0.0.0 for its whole network."
        ) from error


def address_of(listener: socket.socket) -> str:
    """What to type into a browser."""
    host, port = listener.getsockname()[:2]
    if host in ("0.0.0.0", "::"):
        host = socket.gethostname()
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
