"""TLS over real sockets: whose certificate is taken, and what the environment cannot change."""

import ssl
from pathlib import Path

import pytest

from coldtusk_online.base_url import BaseUrl
from coldtusk_online.http import HttpClient, tls_context
from coldtusk_shared.errors import Outside
from tests.simulators.private_ca import PrivateCa
from tests.simulators.scripted_server import ScriptedServer, Visit, answering


@pytest.fixture
def ca(tmp_path: Path) -> PrivateCa:
    """An authority of our own."""
    return PrivateCa(tmp_path)


def _refusal(client: HttpClient, url: str) -> str:
    """The code with which *client* refuses the server at *url*: certainly unsent, so no unknown outcome for a POST."""
    with pytest.raises(Outside) as caught:
        client.post(BaseUrl.parse(url), "/", b"{}")
    assert type(caught.value) is Outside
    return caught.value.code.name


def test_trusted(ca: PrivateCa) -> None:
    """A server whose certificate the CA of the settings signed, by address and by name."""
    with ScriptedServer(answering(b"body"), ca.server("127.0.0.1", "localhost")) as server:
        client = HttpClient(tls_context(ca.file))
        assert b"body" == client.get(BaseUrl.parse(server.url), "/")
        assert b"body" == client.post(BaseUrl.parse(f"https://localhost:{server.port}"), "/", b"{}")


def test_unknown_authority(ca: PrivateCa) -> None:
    """Without the setting it is nobody's certificate: http.certificate."""
    with ScriptedServer(answering(b"body"), ca.server("127.0.0.1")) as server:
        assert "http.certificate" == _refusal(HttpClient(), server.url)


def test_another_authority(ca: PrivateCa, tmp_path: Path) -> None:
    """Nor is one of an authority that only has the same name."""
    folder = tmp_path / "other"
    folder.mkdir()
    with ScriptedServer(answering(b"body"), PrivateCa(folder).server("127.0.0.1")) as server:
        assert "http.certificate" == _refusal(HttpClient(tls_context(ca.file)), server.url)


def test_wrong_host(ca: PrivateCa) -> None:
    """A certificate for another name or address is refused."""
    with ScriptedServer(answering(b"body"), ca.server("node.example", "127.0.0.2")) as server:
        client = HttpClient(tls_context(ca.file))
        assert "http.certificate" == _refusal(client, server.url)
        assert "http.certificate" == _refusal(client, f"https://localhost:{server.port}")


def test_expired(ca: PrivateCa) -> None:
    """So is one of yesterday."""
    with ScriptedServer(answering(b"body"), ca.server("127.0.0.1", expired=True)) as server:
        assert "http.certificate" == _refusal(HttpClient(tls_context(ca.file)), server.url)


def test_not_tls() -> None:
    """A plain server under https: http.tls."""

    def script(visit: Visit) -> None:
        visit.connection.recv(1)
        visit.send(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    with ScriptedServer(script) as server:
        assert "http.tls" == _refusal(HttpClient(), f"https://127.0.0.1:{server.port}")


def test_silent_handshake() -> None:
    """A server that says nothing to the handshake cannot hold us: http.timeout."""
    with ScriptedServer(Visit.hold) as server:
        assert "http.timeout" == _refusal(HttpClient(seconds=0.2), f"https://127.0.0.1:{server.port}")


def test_trickled_body(ca: PrivateCa) -> None:
    """The deadline is over the whole exchange with TLS too."""

    def script(visit: Visit) -> None:
        visit.request()
        visit.send(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        visit.trickle(b"x")

    with ScriptedServer(script, ca.server("127.0.0.1")) as server, pytest.raises(Outside) as caught:
        HttpClient(tls_context(ca.file), seconds=0.5).get(BaseUrl.parse(server.url), "/")
    assert "http.timeout" == caught.value.code.name


def test_versions_and_checks() -> None:
    """TLS 1.2 at least, with certificates and names checked."""
    context = tls_context()
    assert (ssl.TLSVersion.TLSv1_2, ssl.CERT_REQUIRED, True) == (
        context.minimum_version,
        context.verify_mode,
        context.check_hostname,
    )


def test_environment(ca: PrivateCa, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No key log, no authority and no proxy comes from the environment."""
    log = tmp_path / "keys.log"
    monkeypatch.setenv("SSLKEYLOGFILE", str(log))
    monkeypatch.setenv("SSL_CERT_FILE", str(ca.file))
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    with ScriptedServer(answering(b"body"), ca.server("127.0.0.1")) as server:
        assert "http.certificate" == _refusal(HttpClient(), server.url)
        assert b"body" == HttpClient(tls_context(ca.file)).get(BaseUrl.parse(server.url), "/")
    assert not log.exists()


def test_system_authorities(ca: PrivateCa, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The authorities of this machine, where its OpenSSL was built to look for them, are taken."""
    built = ssl.get_default_verify_paths()._replace(openssl_cafile=str(ca.file), openssl_capath=str(tmp_path))
    monkeypatch.setattr(ssl, "get_default_verify_paths", lambda: built)
    with ScriptedServer(answering(b"body"), ca.server("127.0.0.1")) as server:
        assert b"body" == HttpClient().get(BaseUrl.parse(server.url), "/")


@pytest.mark.parametrize("content", [None, b"", b"no certificate"])
def test_bad_authority_file(tmp_path: Path, content: bytes | None) -> None:
    """A file of authorities that is missing or holds none: http.ca-file."""
    file = tmp_path / "ca.pem"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(Outside) as caught:
        tls_context(file)
    assert ("http.ca-file", str(file)) == (caught.value.code.name, caught.value.where)
