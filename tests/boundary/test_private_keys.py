"""The mirror of the closed network: no private key of money outside the offline half."""

import re
from pathlib import Path

import pytest

from tests.boundary.source_tree import ONLINE, ROOT, SHARED, dotted_names, imports, modules

_MONEY_KEYS = re.compile(
    r"(^|\.)(coincurve\.PrivateKey|PrivateKey|ec\.(generate|derive)_private_key|(generate|derive)_private_key|"
    r"EllipticCurvePrivateKey|EllipticCurvePrivateNumbers|sign_recoverable|sign_schnorr|"
    r"mnemonic|Mnemonic|hdwallet|bip32)(\.|$)"
)
_PRIVATE_FILES = re.compile(r"(^|\.)(load_(pem|der|ssh)_private_key|load_key_and_certificates)(\.|$)")
_IDENTITY_KEYS = re.compile(r"(^|\.)(Ed25519PrivateKey|ed25519\.Ed25519PrivateKey)(\.|$)")
_IDENTITY_MODULES = frozenset({ONLINE / "identity.py"})
_ONE_TIME_KEYS = re.compile(r"(^|\.)(X25519PrivateKey|x25519\.X25519PrivateKey)(\.|$)")
_ONE_TIME_MODULES = frozenset({ONLINE / "reply_keys.py", SHARED / "released.py"})


def _uses(pattern: re.Pattern[str], *, allowed: frozenset[Path] = frozenset()) -> list[str]:
    """Where the online and the shared half use or import a name that *pattern* finds."""
    files = [path for path in modules(ONLINE, SHARED) if path not in allowed]
    named = [f"{path.relative_to(ROOT)}:{line} uses {name}" for path in files for line, name in dotted_names(path)]
    imported = [str(found) for path in files for found in imports(path)]
    return [text for text in (*named, *imported) if pattern.search(text.rpartition(" ")[2])]


@pytest.mark.parametrize("pattern", [_MONEY_KEYS, _PRIVATE_FILES], ids=["secp256k1", "key files"])
def test_no_money_key_online_or_shared(pattern: re.Pattern[str]) -> None:
    """Neither the online nor the shared half can hold, derive or use a private key of secp256k1."""
    assert [] == _uses(pattern)


@pytest.mark.parametrize(
    ("pattern", "allowed"),
    [(_IDENTITY_KEYS, _IDENTITY_MODULES), (_ONE_TIME_KEYS, _ONE_TIME_MODULES)],
    ids=["identity", "one-time"],
)
def test_other_keys_stand_in_their_modules(pattern: re.Pattern[str], allowed: frozenset[Path]) -> None:
    """Private keys online are the Ed25519 identity and the X25519 keys of one request each, in these modules alone."""
    assert [] == _uses(pattern, allowed=allowed)


@pytest.mark.parametrize(
    ("pattern", "allowed"), [(_IDENTITY_KEYS, _IDENTITY_MODULES), (_ONE_TIME_KEYS, _ONE_TIME_MODULES)]
)
def test_the_modules_exist(pattern: re.Pattern[str], allowed: frozenset[Path]) -> None:
    """The exceptions are not leftovers: the modules are there and hold such keys."""
    for path in allowed:
        assert any(pattern.search(name) for _, name in dotted_names(path)), path


@pytest.mark.parametrize(
    "name",
    ["PrivateKey", "coincurve.PrivateKey.from_hex", "key.sign_recoverable", "ec.derive_private_key", "Mnemonic"],
)
def test_the_pattern_finds(name: str) -> None:
    """The search is not blind."""
    assert _MONEY_KEYS.search(name)
