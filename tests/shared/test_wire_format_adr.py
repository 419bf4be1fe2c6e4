"""The golden bytes in docs/adr/0002-wire-format.md are what the code computes."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from coldtusk_shared import envelope, journal_chain, request, words
from coldtusk_shared.envelope import MessageType
from tests.shared.samples import DEVICE, HOST

_PAGE = (Path(__file__).parents[2] / "docs" / "adr" / "0002-wire-format.md").read_text(encoding="utf-8")
_PAYLOAD = bytes.fromhex("a10101")
_ENTRY = bytes.fromhex("a2010102")
_GENESIS = journal_chain.genesis(DEVICE.public_key)
_HASH = journal_chain.entry_hash(_ENTRY)


class _Listening:
    """A signer that keeps what it signed last."""

    def __init__(self) -> None:
        self.public_key = HOST.public_key
        self.signed = b""

    def sign(self, data: bytes) -> bytes:
        """The host's signature."""
        self.signed = data
        return HOST.sign(data)


def _sealed(type_: MessageType) -> str:
    return envelope.seal(type_, _PAYLOAD, HOST).hex()


def _sig_structure(type_: MessageType) -> str:
    signer = _Listening()
    envelope.seal(type_, _PAYLOAD, signer)
    return signer.signed.hex()


_COMPUTED: dict[str, Callable[[], str]] = {
    "host public key": HOST.public_key.hex,
    "host key digest": lambda: words.key_digest(HOST.public_key).hex(),
    "host kid": lambda: envelope.key_id(HOST.public_key).hex(),
    "host key words": lambda: words.key_words(HOST.public_key),
    "device public key": DEVICE.public_key.hex,
    "device kid": lambda: envelope.key_id(DEVICE.public_key).hex(),
    "payload": _PAYLOAD.hex,
    "digest": lambda: request.digest(_PAYLOAD).hex(),
    "digest words": lambda: request.digest_words(_PAYLOAD),
    "Sig_structure": lambda: _sig_structure(MessageType.REQUEST),
    "sealed request": lambda: _sealed(MessageType.REQUEST),
    "entry": _ENTRY.hex,
    "entry hash": _HASH.hex,
    "head 0": _GENESIS.hex,
    "head 1": lambda: journal_chain.following(_GENESIS, _HASH).hex(),
}


def _blocks() -> dict[str, str]:
    """The lines ``name = value`` of the page's code blocks; a long value stands in the indented lines below."""
    text = "".join(re.findall(r"```text\n(.*?)```", _PAGE, flags=re.DOTALL))
    pairs = (line.split("=") for line in re.sub(r"\n +", "", text).splitlines())
    return {name.strip(): value.strip() for name, value in pairs}


@pytest.mark.parametrize("name", _COMPUTED)
def test_golden_bytes(name: str) -> None:
    """Each value of the page, computed again."""
    assert _COMPUTED[name]() == _blocks()[name]


def test_nothing_else_stands_there() -> None:
    """No value of the page is without its computation."""
    assert set(_COMPUTED) == set(_blocks())


@pytest.mark.parametrize("type_", MessageType)
def test_types_stand_in_the_page(type_: MessageType) -> None:
    """Content type and external_aad of each message type, in one row."""
    assert f"| `{type_.content_type}` | `{type_.external_aad.decode()}` |" in _PAGE
