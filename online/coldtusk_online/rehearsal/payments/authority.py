"""A certificate authority made on the spot, which may speak for this machine and for one name that does not exist.

Its key is never written. It is of Ed448, which no currency uses: the online half holds no key that could move money.
"""

import ipaddress
import ssl
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from enum import Enum
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed448 import Ed448PrivateKey, Ed448PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from coldtusk_shared import files

CA_FILE: Final = "ca.pem"
ELSEWHERE: Final = "elsewhere.invalid"
_HERE: Final = (
    x509.DNSName("localhost"),
    x509.IPAddress(ipaddress.ip_address("127.0.0.1")),
    x509.IPAddress(ipaddress.ip_address("::1")),
)
_PERMITTED: Final = (
    x509.DNSName("localhost"),
    x509.DNSName(ELSEWHERE),
    x509.IPAddress(ipaddress.ip_network("127.0.0.1/32")),
    x509.IPAddress(ipaddress.ip_network("::1/128")),
)
_DAY: Final = timedelta(days=1)
_LIFE: Final = timedelta(days=30)


class Certificate(Enum):
    """Which certificate a server shows."""

    VALID = "valid"
    WRONG_NAME = "wrong-name"
    """Of this authority, for another host."""
    EXPIRED = "expired"
    """Of this authority, over since yesterday."""
    UNKNOWN_AUTHORITY = "unknown-authority"
    """Right name and time, of an authority that nobody was given."""


def _now() -> datetime:
    return datetime.now(UTC)


class Authority:
    """Signs servers. :meth:`publish` writes its certificate."""

    def __init__(self, now: Callable[[], datetime] = _now) -> None:
        self._now = now
        self._key = Ed448PrivateKey.generate()
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Coldtusk rehearsal: worth nothing")])
        builder = self._builder(self._name, self._key.public_key(), now() - 2 * _LIFE, now() + _LIFE)
        constraints = x509.NameConstraints(permitted_subtrees=_PERMITTED, excluded_subtrees=None)
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        self._certificate = builder.add_extension(constraints, critical=True).sign(self._key, None)

    def publish(self, folder: Path) -> Path:
        """Write the certificate as *folder*/ca.pem, in place of an older one, and return its path."""
        path = folder / CA_FILE
        files.replace(path, self._certificate.public_bytes(Encoding.PEM))
        return path

    def context(self, folder: Path, shown: Certificate = Certificate.VALID) -> ssl.SSLContext:
        """TLS of a server that shows *shown*. Its key stands in *folder* (0600) while it is loaded, and never after."""
        signer = Authority(self._now) if shown is Certificate.UNKNOWN_AUTHORITY else self
        names = (x509.DNSName(ELSEWHERE),) if shown is Certificate.WRONG_NAME else _HERE
        pem = signer.server_pem(names, self._now() + (-_DAY if shown is Certificate.EXPIRED else _LIFE))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        path = folder / "server.pem"
        files.replace(path, pem)
        try:
            context.load_cert_chain(path)
        finally:
            files.remove(path)
        return context

    def server_pem(self, names: tuple[x509.GeneralName, ...], end: datetime) -> bytes:
        """A new key and its certificate for *names* until *end*, in PEM."""
        key = Ed448PrivateKey.generate()
        builder = self._builder(x509.Name([]), key.public_key(), end - _LIFE, end)
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=True)
        secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        return secret + builder.sign(self._key, None).public_bytes(Encoding.PEM)

    def _builder(
        self, subject: x509.Name, key: Ed448PublicKey, start: datetime, end: datetime
    ) -> x509.CertificateBuilder:
        builder = x509.CertificateBuilder().subject_name(subject).issuer_name(self._name).public_key(key)
        builder = builder.serial_number(x509.random_serial_number()).not_valid_before(start).not_valid_after(end)
        usage = x509.KeyUsage(
            digital_signature=True,
            content_commitment=False,
            key_encipherment=False,
            data_encipherment=False,
            key_agreement=False,
            key_cert_sign=subject == self._name,
            crl_sign=False,
            encipher_only=False,
            decipher_only=False,
        )
        own = x509.SubjectKeyIdentifier.from_public_key(key)
        signer = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        builder = builder.add_extension(usage, critical=True).add_extension(own, critical=False)
        return builder.add_extension(signer, critical=False)
