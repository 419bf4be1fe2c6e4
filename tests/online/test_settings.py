"""The settings file: every key known, every value of its type, errors with file and line."""

from pathlib import Path

import pytest

from coldtusk_online import settings
from coldtusk_online.base_url import BaseUrl, Scheme
from coldtusk_online.ledger.service_accounts import ServiceAccount
from coldtusk_online.settings import NetworkSettings, Settings
from coldtusk_online.settings_services import ServiceSettings
from coldtusk_shared import limits
from coldtusk_shared.envelope import KeyId
from coldtusk_shared.errors import BadInput, Refused
from coldtusk_shared.services.warthog.network import Network

_WHOLE = """
label = "treasury desk"
ledger = "sqlite:////srv/ledger.sqlite"
ca_file = "/etc/ssl/house.pem"

[warthog.main]
nodes = ["https://a.example", "https://b.example"]
confirmations = 20
max_fee = "0.5"
"""


def test_a_whole_file() -> None:
    """Every setting arrives typed; a network that is not named has the defaults."""
    expected = Settings(
        label="treasury desk",
        ledger="sqlite:////srv/ledger.sqlite",
        ca_file=Path("/etc/ssl/house.pem"),
        warthog={
            Network.MAIN: NetworkSettings(("https://a.example", "https://b.example"), 20, 50_000_000)  # type: ignore[arg-type] # a NewType
        },
    )
    found = settings.parse(_WHOLE.encode(), "settings.toml")
    assert expected == found
    assert NetworkSettings((), 10, settings.MAX_FEE) == found.network(Network.DEFI)


@pytest.mark.parametrize(
    ("text", "code", "where"),
    [
        ("label = ", "settings.not-toml", "s.toml"),
        ('label = "a"\nlabel = "b"', "settings.not-toml", "s.toml"),
        ("", "settings.missing-key", "s.toml"),
        ('label = "a"\nproxy = "x"', "settings.unknown-key", "s.toml:2: proxy"),
        ('label = "a"\n[coinrpc]\n', "settings.unknown-key", "s.toml:2: coinrpc"),
        ('label = "a"\n[warthog.test]\n', "settings.unknown-key", "s.toml:2: warthog: test"),
        ('label = "a"\n[warthog.main]\nnode = []', "settings.unknown-key", "s.toml:2: warthog: main: node"),
        ("label = 1", "settings.wrong-type", "s.toml:1: label"),
        ('label = "a"\nledger = false', "settings.wrong-type", "s.toml:2: ledger"),
        ('label = "a"\n[warthog.main]\nnodes = "x"', "settings.wrong-type", "s.toml:2: warthog: main: nodes"),
        ('label = "a"\n[warthog.main]\nnodes = [1]', "settings.wrong-type", "s.toml:2: warthog: main: nodes"),
        ('label = "a"\n[warthog.main]\nmax_fee = 0.1', "settings.wrong-type", "s.toml:2: warthog: main: max_fee"),
        ('label = "a"\n[warthog.main]\nconfirmations = true', "settings.wrong-type", None),
        ('label = "a"\n[warthog.main]\nconfirmations = 0', "settings.out-of-range", None),
        (f'label = "a"\n[warthog.main]\nconfirmations = {limits.CONFIRMATIONS + 1}', "settings.out-of-range", None),
        (
            f'label = "a"\n[warthog.main]\nnodes = {[str(n) for n in range(limits.NODES + 1)]}',
            "settings.out-of-range",
            None,
        ),
        ('label = "a"\n[warthog.main]\nnodes = ["x"]', "url.form", "s.toml:2: warthog: main: nodes"),
        ('label = "a"\n[warthog.main]\nnodes = ["http://x", "HTTP://X:80/"]', "settings.node-twice", None),
        (f'label = "a"\nsize = {"9" * 5000}', "settings.not-toml", "s.toml"),
        ('label = "a"\n"\\u001b[2J" = 1', "settings.unknown-key", 's.toml: "\\x1b[2J"'),
        ('label = "a"\n[warthog.main]\nmax_fee = "1e3"', "decimal.form", None),
        ('label = "a "', "text.label", "s.toml:1: label"),
    ],
)
def test_what_is_refused(text: str, code: str, where: str | None) -> None:
    """Each with its code, and the place if it can be told."""
    with pytest.raises(BadInput) as caught:
        settings.parse(text.encode(), "s.toml")
    assert code == caught.value.code.name
    assert where in (None, caught.value.where)


def test_what_is_no_text() -> None:
    """Bytes that are not UTF-8 are no TOML."""
    with pytest.raises(BadInput) as caught:
        settings.parse(b"\xff", "s.toml")
    assert "settings.not-toml" == caught.value.code.name


def test_the_largest_file(tmp_path: Path) -> None:
    """A file at the cap is read, one byte more is not."""
    path = tmp_path / "s.toml"
    path.write_text('label = "a"\n'.ljust(limits.SETTINGS_BYTES, "#"))
    assert "a" == settings.load(path).label
    path.write_text('label = "a"\n'.ljust(limits.SETTINGS_BYTES + 1, "#"))
    with pytest.raises(BadInput) as caught:
        settings.load(path)
    assert "file.too-large" == caught.value.code.name


_SERVICES = """
label = "desk"

[services.coinrpc]
url = "https://rpc.example:8443/bitcoin"
window = 60

[services.coinrpc.urls]
"tron desk" = "https://rpc.example/tron/"

[services.coinspark]
url = "https://spark.example"
"""


def _account(system: str, label: str = "main") -> ServiceAccount:
    return ServiceAccount(system, b"account", label, KeyId(bytes(16)))


def test_services() -> None:
    """An account can have an address of its own; what is not set is as the service's document says."""
    found = settings.parse(_SERVICES.encode(), "s.toml")
    urls = {"tron desk": "https://rpc.example/tron/"}
    assert ServiceSettings("https://rpc.example:8443/bitcoin", 60, urls) == found.service("coinrpc")
    assert (BaseUrl(Scheme.HTTPS, "rpc.example", 8443), "/bitcoin") == found.endpoint(_account("coinrpc"))
    assert (BaseUrl(Scheme.HTTPS, "rpc.example", 443), "/tron/") == found.endpoint(_account("coinrpc", "tron desk"))
    assert (BaseUrl(Scheme.HTTPS, "spark.example", 443), "/") == found.endpoint(_account("coinspark"))
    assert ("https://www.coinpayments.net/api.php", 30) == (
        found.service("coinpayments").url,
        found.service("coinpayments").window,
    )


def test_the_services_own_addresses() -> None:
    """Where nothing is set; nobody says where CoinSpark is."""
    bare = settings.parse(b'label = "desk"', "s.toml")
    paths = {system: bare.endpoint(_account(system))[1] for system in ("coinpayments", "coinrpc", "coinsoftworks")}
    assert {"coinpayments": "/api.php", "coinrpc": "/bitcoin", "coinsoftworks": "/_functions"} == paths
    with pytest.raises(Refused) as caught:
        bare.endpoint(_account("coinspark"))
    assert "settings.no-service-url" == caught.value.code.name


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('[services.paypal]\nurl = "https://a"', "settings.unknown-key"),
        ('[services.coinrpc]\nuri = "https://a"', "settings.unknown-key"),
        ("[services.coinpayments]\nwindow = 30", "settings.unknown-key"),
        ("[services.coinrpc]\nwindow = 4", "settings.out-of-range"),
        ("[services.coinrpc]\nwindow = 301", "settings.out-of-range"),
        ("[services.coinrpc]\nwindow = true", "settings.wrong-type"),
        ("[services.coinrpc]\nurl = 1", "settings.wrong-type"),
        ("[services.coinrpc]\nurls = 1", "settings.wrong-type"),
        ("services = 1", "settings.wrong-type"),
        ('[services.coinrpc]\nurl = ""', "settings.service-url"),
        ('[services.coinrpc]\nurl = "http://a/b"', "settings.service-url"),
        ('[services.coinrpc]\nurl = "http://127.0.0.1:8080/b"', "settings.service-url"),
        ('[services.coinrpc]\nurl = "https://A.example/b"', "settings.service-url"),
        ('[services.coinrpc]\nurl = "https://user@a.example/b"', "settings.service-url"),
        ('[services.coinrpc]\nurl = "https://a.example/b?c"', "settings.service-url"),
        ('[services.coinrpc]\nurl = "https://a.example/b#c"', "settings.service-url"),
        ('[services.coinrpc]\nurl = "https://a.example/../b"', "settings.service-url"),
        ('[services.coinrpc]\nurl = "https://a.example//b"', "settings.service-url"),
        ('[services.coinrpc]\nurl = "https://a.example/%2e"', "settings.service-url"),
        ('[services.coinrpc]\nurl = "https://a.example:99999/b"', "url.form"),
        ('[services.coinrpc]\nurl = "https://a.9/b"', "url.form"),
        ('[services.coinrpc.urls]\nx = "ftp://a"', "settings.service-url"),
        (f'[services.coinrpc]\nurl = "https://a/{"b" * 300}"', "settings.service-url"),
    ],
)
def test_what_is_refused_of_services(text: str, code: str) -> None:
    """A call with a secret goes by https, to one place, written in one way."""
    with pytest.raises(BadInput) as caught:
        settings.parse(f'label = "a"\n{text}'.encode(), "s.toml")
    assert code == caught.value.code.name
