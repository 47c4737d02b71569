"""`videobert serve` says where it is, why it cannot, and goes when it is told."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from click.testing import CliRunner

from webui.cli import serve, warm_up
from webui.listening import ListenError, address_of, listen


@pytest.fixture
def taken():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def test_help_shows_an_example():
    shown = CliRunner().invoke(serve, ["--help"])
    assert shown.exit_code == 0
    assert "Example: videobert serve" in shown.output


def test_a_taken_port_is_explained(taken):
    with pytest.raises(ListenError, match=f"port {taken}: it is taken.*--port"):
        listen("127.0.0.1", taken)


def test_an_address_of_someone_else_is_explained():
    with pytest.raises(ListenError, match="no such address"):
        listen("192.0.2.1", 0)


@pytest.mark.parametrize("host", ["nosuch.invalid", "a..b", "x" * 80])
def test_a_name_that_nobody_knows_is_explained(host):
    with pytest.raises(ListenError, match=r"no address is known.*--host") as refused:
        listen(host, 0)
    assert "Errno" not in str(refused.value)


def test_the_address_can_be_typed_into_a_browser():
    with listen("127.0.0.1", 0) as listener:
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+", address_of(listener))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_until_it_is_stopped(tmp_path, number):
    command = [sys.executable, "-m", "videobert", "serve", "--port", "0"]
    command += ["--library", str(tmp_path / "none")]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as server:
        try:
            address = re.search(r"http://\S+", server.stdout.readline())[0]
            with urlopen(f"{address}/healthz", timeout=20) as answer:
                assert answer.status == 200
            with pytest.raises(HTTPError, match="503") as refused:
                urlopen(f"{address}/readyz", timeout=20)
            refused.value.close()
        finally:
            server.send_signal(number)
        output, complaints = server.communicate(timeout=20)
    assert "Stopped." in output
    assert server.returncode == 0
    assert "Traceback" not in complaints


def test_warming_up_without_a_library_says_what_is_missing(capsys):
    from indexer.errors import LibraryNotFound

    def engines():
        raise LibraryNotFound("There is no library.")

    warm_up(engines)
    assert "There is no library." in capsys.readouterr().err
