"""Other websites cannot use, read or embed what is served on this computer."""

from __future__ import annotations

import io

import pytest

from tests.web_desk import make_app


@pytest.mark.parametrize(
    "host", ["localhost", "localhost:8000", "127.0.0.1:8000", "[::1]:8000", "LOCALHOST:1"]
)
def test_a_loopback_name_is_answered(client, host):
    assert client.get("/healthz", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:8000", "[::2]", "[", ""],
)
def test_any_other_name_is_refused(client, host):
    answer = client.get("/api/v1/status", headers={"Host": host})
    assert (answer.status_code, answer.json["error"]["code"]) == (403, "Forbidden")


def test_on_another_address_every_name_is_answered(engine):
    client = make_app(engine, host="0.0.0.0").test_client()
    assert client.get("/healthz", headers={"Host": "media.home:8000"}).status_code == 200


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("http://localhost", 400),  # let in, where only the file is missing
        (None, 400),
        ("https://evil.example", 403),
        ("http://localhost:3000", 403),
        ("null", 403),
        ("http://[", 403),
    ],
)
def test_only_our_own_page_may_post(client, origin, status):
    headers = {"Origin": origin} if origin else {}
    assert client.post("/api/v1/search/image", headers=headers).status_code == status


@pytest.mark.parametrize("address", ["/", "/api/v1/status", "/nope", "/media/1/stream", "/metrics"])
def test_every_answer_is_hardened(client, address):
    headers = client.get(address).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "Access-Control-Allow-Origin" not in headers


def test_no_upload_is_read_for_a_stranger(client, engine):
    form = {"file": (io.BytesIO(b"x"), "a.png")}
    client.post("/api/v1/search/image", data=form, headers={"Origin": "https://evil.example"})
    assert engine.seen == []
