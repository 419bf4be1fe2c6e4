"""The address of an asset's web page: the only form in which the genesis metadata can hold one.

``http`` or ``https``, a lower-case domain or an IPv4 address, and ``/name/`` or ``/coinspark/name/`` (the service's
document, asset_url; facts: CoinSpark, metadata). What the metadata would lose or change is refused.
"""

import re
from dataclasses import dataclass

from coldtusk_shared.errors import BadInput, Code
from coldtusk_shared.text import quoted

FORM = Code("coinspark.url.form", "write https://domain/name/ or https://domain/coinspark/name/, or the same with http")
USER = Code("coinspark.url.user", "leave out the user name and the password: the asset's address is public")
PORT = Code("coinspark.url.port", "leave out the port: the chain cannot hold one")
QUERY = Code("coinspark.url.query", "leave out what stands from ? or # on: the chain cannot hold it")
CASE = Code("coinspark.url.upper-case", "write it in lower case: the chain holds nothing else")
DOMAIN = Code("coinspark.url.domain", "give a domain like example.com, or four numbers like 192.0.2.1")
DOMAIN_LENGTH = Code("coinspark.url.domain-length", "a domain has at most 32 characters")
PATH = Code("coinspark.url.path", "the name between the slashes has a-z, 0-9, - and . only, and one name is all")
PATH_LENGTH = Code("coinspark.url.path-length", "the name has at most 24 characters")

DOMAIN_CHARACTERS = 32
PATH_CHARACTERS = 24

_PARTS = re.compile(r"(https?)://([^/]*)(/.*)", re.DOTALL)
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?")
_PATH = re.compile(r"/(coinspark/)?([a-z0-9.-]+)/")
_OCTET = re.compile(r"0|[1-9][0-9]{0,2}")
_OCTET_MOST = 255


@dataclass(frozen=True, slots=True)
class AssetUrl:
    """A web page's address as the genesis metadata holds it. *prefix* is whether /coinspark/ stands before *name*."""

    https: bool
    domain: str
    prefix: bool
    name: str

    @classmethod
    def parse(cls, text: str, where: str = "") -> "AssetUrl":
        """The address that *text* writes; :attr:`text` gives the very same again.

        :raises BadInput: ``coinspark.url.form``, ``.user``, ``.port``, ``.query``, ``.upper-case``, ``.domain``,
            ``.domain-length``, ``.path``, ``.path-length``.
        """
        _check_signs(text, where)
        parts = _PARTS.fullmatch(text)
        if parts is None:
            raise BadInput(FORM, f"{quoted(text)} is no asset address", where=where)
        scheme, domain, path = parts.groups()
        _check_domain(domain, where)
        prefix, name = _split_path(path, where)
        return cls(scheme == "https", domain, prefix, name)

    @property
    def text(self) -> str:
        """The whole address."""
        scheme, prefix = "https" if self.https else "http", "coinspark/" if self.prefix else ""
        return f"{scheme}://{self.domain}/{prefix}{self.name}/"

    @property
    def octets(self) -> bytes | None:
        """The four bytes of an IPv4 address; None for a domain."""
        return _octets(self.domain)


def _check_signs(text: str, where: str) -> None:
    """The slips that deserve a word of their own."""
    if "?" in text or "#" in text:
        raise BadInput(QUERY, "it has a query or a fragment", where=where)
    host = text.partition("://")[2].partition("/")[0]
    if "@" in host:
        raise BadInput(USER, "it names a user", where=where)
    if ":" in host:
        raise BadInput(PORT, f"{quoted(host)} has a port", where=where)
    if text != text.lower():
        raise BadInput(CASE, f"{quoted(text)} has upper-case letters", where=where)


def _check_domain(domain: str, where: str) -> None:
    if len(domain) > DOMAIN_CHARACTERS:
        raise BadInput(DOMAIN_LENGTH, f"{len(domain)} characters", where=where)
    if _octets(domain) is not None:
        return
    labels = domain.split(".")
    if len(labels) < 2 or labels[-1].isdigit() or not all(map(_LABEL.fullmatch, labels)):
        raise BadInput(DOMAIN, f"{quoted(domain)} is no domain", where=where)


def _octets(domain: str) -> bytes | None:
    parts = domain.split(".")
    if len(parts) != 4 or not all(map(_OCTET.fullmatch, parts)):
        return None
    values = [int(part) for part in parts]
    return bytes(values) if max(values) <= _OCTET_MOST else None


def _split_path(path: str, where: str) -> tuple[bool, str]:
    parts = _PATH.fullmatch(path)
    if parts is None or not parts[2].strip("."):  # browsers take "." and ".." for folders
        raise BadInput(PATH, f"{quoted(path)} is not /name/ or /coinspark/name/", where=where)
    if len(parts[2]) > PATH_CHARACTERS:
        raise BadInput(PATH_LENGTH, f"{len(parts[2])} characters", where=where)
    return parts[1] is not None, parts[2]
