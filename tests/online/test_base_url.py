"""URLs of servers: one canonical form, nothing else taken."""

import pytest

from coldtusk_online.base_url import BaseUrl, Scheme
from coldtusk_shared.errors import BadInput


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("http://127.0.0.1:3001", "http://127.0.0.1:3001"),
        ("https://node.example", "https://node.example"),
        ("https://node.example:443/", "https://node.example"),
        ("http://node.example:443", "http://node.example:443"),
        ("http://node.example:80/", "http://node.example"),
        ("HTTPS://Node.Example", "https://node.example"),
        ("http://[::1]:3001", "http://[::1]:3001"),
        ("http://[0:0::1]", "http://[::1]"),
        ("https://xn--bcher-kva.example:8443", "https://xn--bcher-kva.example:8443"),
        ("http://localhost:65535", "http://localhost:65535"),
    ],
)
def test_taken(text: str, canonical: str) -> None:
    """Different spellings of one server become one text, which parses to the same again."""
    base = BaseUrl.parse(text)
    assert canonical == base.text == str(base)
    assert base == BaseUrl.parse(canonical)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "node.example",
        "//node.example",
        "ftp://node.example",
        "http:/node.example",
        "http://",
        "http://:80",
        "http://user@node.example",
        "http://user:word@node.example",
        "http://node.example/path",
        "http://node.example//",
        "http://node.example?x=1",
        "http://node.example/?",
        "http://node.example#part",
        "http://node.example:",
        "http://node.example:0",
        "http://node.example:080",
        "http://node.example:65536",
        "http://node.example:99999",
        "http://node.example:+1",
        "http://node example",
        " http://node.example",
        "http://node.example\n",
        "http://node.example\r\nHost: other",
        "http://node..example",
        "http://node.example.",
        "http://-node.example",
        "http://node-.example",
        "http://" + "a" * 64,
        "http://" + "a." * 126 + "aa",
        "http://" + "a" * 400,
        "http://b\u00fccher.example",
        "http://\u0661.example",
        "http://127.1",
        "http://127.0.0.256",
        "http://1.2.3.4.5",
        "http://[::1",
        "http://::1",
        "http://[::g]",
        "http://[fe80::1%25eth0]",
        "http://[127.0.0.1]",
        "http://%6eode.example",
    ],
)
def test_refused(text: str) -> None:
    """Whatever would be lost, sent silently or looked up by guessing is refused: url.form."""
    with pytest.raises(BadInput) as caught:
        BaseUrl.parse(text, "--url")
    assert ("url.form", "--url") == (caught.value.code.name, caught.value.where)


def test_no_text() -> None:
    """A settings file can hold something else than text."""
    with pytest.raises(BadInput, match="int is not a URL"):
        BaseUrl.parse(5)


def test_parts() -> None:
    """Plain and not, named and numbered."""
    plain, secure = BaseUrl.parse("http://[::1]:3001"), BaseUrl.parse("https://node.example")
    assert (Scheme.HTTP, "::1", 3001, True, True) == (
        plain.scheme,
        plain.host,
        plain.port,
        plain.is_plain,
        plain.is_address,
    )
    assert (Scheme.HTTPS, "node.example", 443, False, False) == (
        secure.scheme,
        secure.host,
        secure.port,
        secure.is_plain,
        secure.is_address,
    )
    assert BaseUrl.parse("http://127.0.0.1").is_address
    assert not BaseUrl.parse("http://node-1").is_address
