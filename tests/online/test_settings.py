"""The settings file: every key known, every value of its type, errors with file and line."""

from pathlib import Path

import pytest

from coldtusk_online import settings
from coldtusk_online.settings import NetworkSettings, Settings
from coldtusk_shared import limits
from coldtusk_shared.errors import BadInput
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
