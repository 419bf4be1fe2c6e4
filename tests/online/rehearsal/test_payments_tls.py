"""The stand-ins' TLS: an authority that speaks for this machine alone, and the certificates that a client refuses."""

import http.client
import socket
import ssl
import stat
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from coldtusk_online.rehearsal.payments import Authority, Certificate, serve_payments
from coldtusk_online.rehearsal.payments.authority import ELSEWHERE
from coldtusk_shared.errors import BadInput, Outside
from tests.online.rehearsal.payments_client import PATIENCE, Customer


def _trust(ca_file: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    context.load_verify_locations(ca_file)
    return context


@pytest.mark.parametrize(
    ("shown", "words"),
    [
        (Certificate.WRONG_NAME, "IP address mismatch"),
        (Certificate.EXPIRED, "certificate has expired"),
        (Certificate.UNKNOWN_AUTHORITY, "unable to get local issuer|certificate signature failure"),
    ],
)
def test_certificates_that_are_refused(tmp_path: Path, shown: Certificate, words: str) -> None:
    """Another name, over, of another authority: nothing of the request is sent."""
    with serve_payments(tmp_path, certificate=shown) as services:
        with pytest.raises(ssl.SSLCertVerificationError, match=words):
            Customer(services).get("/_functions/user")
        assert [] == list(services.received)


def test_the_valid_one_passes_the_strict_rules(tmp_path: Path) -> None:
    """By address and by name, TLS 1.2 and 1.3, with OpenSSL's strict flag."""
    with serve_payments(tmp_path) as services:
        port = urlsplit(services.url).port
        for host in ("127.0.0.1", "localhost"):
            for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
                trust = _trust(services.ca_file)
                trust.maximum_version = version
                with closing(http.client.HTTPSConnection(host, port, timeout=PATIENCE, context=trust)) as connection:
                    connection.request("GET", "/_functions/user")
                    assert 401 == connection.getresponse().status


def test_the_other_name_is_that_of_nobody(tmp_path: Path) -> None:
    """Asked by that name the wrong certificate is the right one: only the name is wrong with it."""
    with serve_payments(tmp_path, certificate=Certificate.WRONG_NAME) as services:
        parts = urlsplit(services.url)
        with (
            socket.create_connection((parts.hostname or "", parts.port or 0), timeout=PATIENCE) as plain,
            _trust(services.ca_file).wrap_socket(plain, server_hostname=ELSEWHERE) as secured,
        ):
            assert (("DNS", "elsewhere.invalid"),) == (secured.getpeercert() or {})["subjectAltName"]


def test_no_key_is_left(tmp_path: Path) -> None:
    """Only the authority's certificate stays, and nobody else may write it."""
    with serve_payments(tmp_path):
        assert ["ca.pem"] == [path.name for path in tmp_path.iterdir()]
    assert 0o600 == stat.S_IMODE((tmp_path / "ca.pem").stat().st_mode)
    assert b"PRIVATE" not in (tmp_path / "ca.pem").read_bytes()


def test_an_authority_that_is_over(tmp_path: Path) -> None:
    """Its clock is a parameter: of a year ago, nothing of it counts today."""
    past = Authority(lambda: datetime.now(UTC) - timedelta(days=365))
    assert past.publish(tmp_path).is_file()
    assert isinstance(past.context(tmp_path), ssl.SSLContext)


def test_http_without_tls_if_that_is_asked_for(tmp_path: Path) -> None:
    """certificate=None: the URL says so."""
    with serve_payments(tmp_path, certificate=None) as services:
        assert services.url.startswith("http://127.0.0.1:")
        assert 401 == Customer(services).get("/_functions/user").status


def test_loopback_only_and_a_port_that_is_free(tmp_path: Path) -> None:
    """rehearsal.host and rehearsal.port."""
    with pytest.raises(BadInput) as refused:
        serve_payments(tmp_path, host="0.0.0.0")  # noqa: S104 -- what must be refused
    assert "rehearsal.host" == refused.value.code.name
    with serve_payments(tmp_path) as services, pytest.raises(Outside) as taken:
        serve_payments(tmp_path, port=urlsplit(services.url).port or 0)
    assert "rehearsal.port" == taken.value.code.name


def test_a_folder_that_cannot_be_written_leaves_no_socket(tmp_path: Path) -> None:
    """The listener is closed when the certificate cannot be kept."""
    with pytest.raises(BadInput) as refused:
        serve_payments(tmp_path / "missing")
    assert "file.no-folder" == refused.value.code.name
