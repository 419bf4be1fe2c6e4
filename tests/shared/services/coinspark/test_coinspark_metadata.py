"""The genesis metadata and the web address in it, read back by a decoder of the test's own."""

from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coldtusk_shared.errors import BadInput
from coldtusk_shared.services.coinspark import quantity as amounts
from coldtusk_shared.services.coinspark.metadata import Genesis
from coldtusk_shared.services.coinspark.quantity import Rounding
from coldtusk_shared.services.coinspark.web_address import AssetUrl
from tests.shared.services.coinspark.asset_samples import VECTORS

_HASH = bytes(range(32))
_DIGITS = [*"0123456789", *"abcdefghijklmnopqrstuvwxyz", "-", ".", "<", ">"]
_SUFFIXES = (  # noqa: SIM905 - as a list it takes sixty lines
    " at au be biz br ca ch cn co.jp co.kr co.uk co.za co com.ar com.au com.br com.cn com.mx com.tr com.tw com.ua com "
    "cz de dk edu es eu fr gov gr hk hu il in info ir it jp kr me mx net nl no org pl ps ro ru se sg tr tv tw ua uk us "
    "vn"
).split(" ")
"""As the facts list them: index 0 is none."""


@dataclass(frozen=True)
class Decoded:
    """Metadata read back."""

    quantity: int
    flat: int
    points: int
    url: str
    hash: bytes


def decode(data: bytes) -> Decoded:
    """Reads metadata by the facts, byte by byte."""
    assert b"SPKg" == data[:4]
    packed = data[4] + 256 * data[5]
    at, flat, points = 6, 0, 0
    exponent, mantissa = divmod(packed & 0x3FFF, 1001)
    if packed & 0x4000:
        flat = data[at] % 101 * 10 ** (data[at] // 101)
        at += 1
    if packed & 0x8000:
        points = data[at]
        at += 1
    url, at = decode_url(data, at)
    return Decoded(mantissa * 10**exponent, flat, points, url, data[at:])


def decode_url(data: bytes, at: int) -> tuple[str, int]:
    """The address that is packed from *at* on, and where it ends."""
    packing = data[at]
    at += 1
    if packing & 63 == 63:
        domain = ".".join(str(octet) for octet in data[at : at + 4])
        (path, end), at = marked(data, at + 4, 1)
        return url_of("https" if packing & 64 else "http", domain, path, end), at
    (short, scheme_end, path, end), at = marked(data, at, 2)
    suffix = _SUFFIXES[packing & 63]
    domain = ("www." if packing & 64 else "") + short + ("." + suffix if suffix else "")
    return url_of("https" if scheme_end == ">" else "http", domain, path, end), at


def marked(data: bytes, at: int, count: int) -> tuple[list[str], int]:
    """So many texts and their end marks, and where the groups of two bytes end."""
    texts: list[str] = [""]
    while len(texts) <= 2 * count:
        group = data[at] + 256 * data[at + 1]
        at += 2
        for _ in range(3):
            group, digit = divmod(group, 40)
            if _DIGITS[digit] in "<>":
                texts += [_DIGITS[digit], ""]
            else:
                texts[-1] += _DIGITS[digit]
            if len(texts) > 2 * count:
                break
    return texts[: 2 * count], at


def url_of(scheme: str, domain: str, path: str, end: str) -> str:
    """The whole address."""
    return f"{scheme}://{domain}/{'coinspark/' if end == '>' else ''}{path}/"


labels = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,4}[a-z0-9])?", fullmatch=True)
suffixes = st.sampled_from([*_SUFFIXES[1:], "io", "museum", "xn--p1ai"])
domains = st.builds(
    lambda www, name, suffix: f"{'www.' if www else ''}{name}.{suffix}", st.booleans(), labels, suffixes
)
addresses = st.ip_addresses(v=4).map(str)
names = st.from_regex(r"[a-z0-9.-]{1,9}", fullmatch=True).filter(lambda name: name.strip("."))
urls = st.builds(AssetUrl, st.booleans(), st.one_of(domains, addresses), st.booleans(), names)


@pytest.mark.parametrize("row", VECTORS["genesis"], ids=lambda row: row["url"])
def test_library_rows(row: dict[str, Any]) -> None:
    """The libraries' metadata for the same asset, and their refusal of a hash that is too short."""
    rounding = Rounding(str(row["rounding"]))
    quantity = amounts.quantity(row["raw_quantity"], rounding)
    flat = amounts.flat_charge(row["charge_flat"], rounding)
    url = AssetUrl.parse(row["url"])
    assert (row["actual_quantity"], row["actual_flat"]) == (quantity.actual, flat.actual)
    assert (row["https"], row["domain"], row["prefix"], row["path"]) == (url.https, url.domain, url.prefix, url.name)
    if not row["valid"]:
        with pytest.raises(BadInput) as caught:
            Genesis(quantity, flat, row["bps"], url)
        assert "coinspark.metadata.hash-short" == caught.value.code.name
        assert f"{row['hash_len']} bytes would be left" in str(caught.value)
        return
    genesis = Genesis(quantity, flat, row["bps"], url)
    assert row["hash_len"] == genesis.hash_bytes
    assert row["metadata_hex"] == genesis.metadata(_HASH).hex()


@given(urls, st.integers(1, 10**14), st.integers(0, 5000), st.integers(0, 250), st.sampled_from(Rounding))
def test_read_back(url: AssetUrl, requested: int, charge: int, points: int, rounding: Rounding) -> None:
    """An independent decoder finds the address, the rounded amounts and the first bytes of the hash."""
    quantity, flat = amounts.quantity(requested, rounding), amounts.flat_charge(charge, rounding)
    try:
        genesis = Genesis(quantity, flat, points, url)
    except BadInput as error:
        assert "coinspark.metadata.hash-short" == error.code.name
        return
    data = genesis.metadata(_HASH)
    assert 40 == len(data)
    expected = Decoded(quantity.actual, flat.actual, points, url.text, _HASH[: genesis.hash_bytes])
    assert expected == decode(data)
    assert 12 <= genesis.hash_bytes <= 29


@given(domains, names, st.integers(0, 5000), st.integers(0, 250))
def test_length_left(domain: str, name: str, charge: int, points: int) -> None:
    """The facts' formula for what is left of 40 bytes."""
    short = domain.removeprefix("www.")
    suffix = max((f".{one}" for one in _SUFFIXES[1:] if short.endswith(f".{one}")), key=len, default="")
    short = short[: len(short) - len(suffix)]
    groups = -(-(len(short) + 1 + len(name) + 1) // 3)
    left = 40 - 6 - (charge > 0) - (points > 0) - 1 - 2 * groups
    quantity, flat = amounts.quantity(7, Rounding.UP), amounts.flat_charge(charge, Rounding.UP)
    try:
        found = Genesis(quantity, flat, points, AssetUrl(False, domain, False, name)).hash_bytes
    except BadInput:
        assert left < 12
        return
    assert left == found


def test_a_hash_of_another_length() -> None:
    """Our own misuse."""
    genesis = Genesis(amounts.quantity(1, Rounding.UP), amounts.flat_charge(0, Rounding.UP), 0, _EXAMPLE)
    with pytest.raises(RuntimeError):
        genesis.metadata(bytes(20))


_EXAMPLE = AssetUrl.parse("https://example.com/a/")


@given(urls)
def test_urls_round_trip(url: AssetUrl) -> None:
    """Text and back."""
    assert url == AssetUrl.parse(url.text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("https://user@example.com/a/", "coinspark.url.user"),
        ("https://user:secret@example.com/a/", "coinspark.url.user"),
        ("https://example.com:443/a/", "coinspark.url.port"),
        ("https://[2001:db8::1]/a/", "coinspark.url.port"),
        ("https://example.com/a/?b=c", "coinspark.url.query"),
        ("https://example.com/a/#b", "coinspark.url.query"),
        ("https://Example.com/a/", "coinspark.url.upper-case"),
        ("HTTPS://example.com/a/", "coinspark.url.upper-case"),
        ("https://example.com/A/", "coinspark.url.upper-case"),
        ("ftp://example.com/a/", "coinspark.url.form"),
        ("example.com/a/", "coinspark.url.form"),
        ("https://example.com", "coinspark.url.form"),
        ("https:/example.com/a/", "coinspark.url.form"),
        ("", "coinspark.url.form"),
        ("https:///a/", "coinspark.url.domain"),
        ("https://localhost/a/", "coinspark.url.domain"),
        ("https://example..com/a/", "coinspark.url.domain"),
        ("https://.example.com/a/", "coinspark.url.domain"),
        ("https://example.com./a/", "coinspark.url.domain"),
        ("https://-example.com/a/", "coinspark.url.domain"),
        ("https://exa_mple.com/a/", "coinspark.url.domain"),
        ("https://b\N{LATIN SMALL LETTER U WITH DIAERESIS}cher.de/a/", "coinspark.url.domain"),
        ("https://192.0.2.256/a/", "coinspark.url.domain"),
        ("https://192.0.2.01/a/", "coinspark.url.domain"),
        ("https://192.0.2/a/", "coinspark.url.domain"),
        ("https://192.0.2.1.5/a/", "coinspark.url.domain"),
        (f"https://{'a' * 29}.com/a/", "coinspark.url.domain-length"),
        ("https://example.com/", "coinspark.url.path"),
        ("https://example.com/a", "coinspark.url.path"),
        ("https://example.com//", "coinspark.url.path"),
        ("https://example.com/a/b/", "coinspark.url.path"),
        ("https://example.com/coinspark/a/b/", "coinspark.url.path"),
        ("https://example.com/./", "coinspark.url.path"),
        ("https://example.com/../", "coinspark.url.path"),
        ("https://example.com/a%20b/", "coinspark.url.path"),
        ("https://example.com/a_b/", "coinspark.url.path"),
        ("https://example.com/a/\n", "coinspark.url.path"),
        (f"https://example.com/{'a' * 25}/", "coinspark.url.path-length"),
    ],
)
def test_urls_refused(text: str, code: str) -> None:
    """Whatever the chain cannot hold, each with its own word."""
    with pytest.raises(BadInput) as caught:
        AssetUrl.parse(text, "fields.asset_url")
    assert (code, "fields.asset_url") == (caught.value.code.name, caught.value.where)


@pytest.mark.parametrize(
    "text",
    [
        "https://example.com/coinspark/",  # the name is "coinspark"
        "https://example.com/coinspark/coinspark/",
        "http://192.0.2.1/a/",
        "http://0.0.0.255/a.b-c/",
        f"https://{'a' * 28}.com/a/",
        f"https://a.com/{'a' * 24}/",
    ],
)
def test_urls_taken(text: str) -> None:
    """The edges of what the chain holds."""
    assert text == AssetUrl.parse(text).text
