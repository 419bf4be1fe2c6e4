"""The host's identity file."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from coldtusk_online import identity
from coldtusk_shared import cbor
from coldtusk_shared.errors import BadInput, Refused

_SEED = bytes(range(32))


def test_what_is_created_is_loaded(tmp_path: Path) -> None:
    """The same key, in a file for this user alone, and its signatures verify with another implementation's reader."""
    path = tmp_path / "identity.key"
    created = identity.create(path, lambda size: _SEED[:size])
    loaded = identity.load(path)
    assert created.public_key == loaded.public_key
    assert 0o600 == path.stat().st_mode & 0o777
    Ed25519PublicKey.from_public_bytes(loaded.public_key).verify(loaded.sign(b"data"), b"data")


def test_the_random_source_is_used(tmp_path: Path) -> None:
    """Another source gives another key."""
    one = identity.create(tmp_path / "one", lambda size: _SEED[:size])
    other = identity.create(tmp_path / "other", bytes)
    assert one.public_key != other.public_key


def test_the_secret_is_not_shown(tmp_path: Path) -> None:
    """The repr names the key, nothing of the seed."""
    held = identity.create(tmp_path / "identity.key", lambda size: _SEED[:size])
    assert "HostIdentity(" in repr(held)
    assert _SEED.hex()[:8] not in repr(held)
    assert not hasattr(held, "__dict__")


def test_never_over_an_existing_one(tmp_path: Path) -> None:
    """A second identity does not replace the first."""
    identity.create(tmp_path / "identity.key", lambda size: _SEED[:size])
    with pytest.raises(Refused) as caught:
        identity.create(tmp_path / "identity.key", bytes)
    assert "file.exists" == caught.value.code.name


@pytest.mark.parametrize(
    "data",
    [
        b"text",
        cbor.encode({1: 2, 2: _SEED}),
        cbor.encode({1: 1, 2: _SEED[1:]}),
        cbor.encode({1: 1, 2: _SEED, 3: 0}),
        cbor.encode([]),
    ],
)
def test_what_is_no_identity(tmp_path: Path, data: bytes) -> None:
    """Other bytes are refused, and the error shows nothing of them."""
    path = tmp_path / "identity.key"
    path.write_bytes(data)
    with pytest.raises(BadInput) as caught:
        identity.load(path)
    assert "identity.malformed" == caught.value.code.name
    assert _SEED.hex()[:8] not in caught.value.line()
