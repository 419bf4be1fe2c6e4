"""The one-time keys that released results are encrypted to."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from coldtusk_online.reply_keys import ReplyKeys
from coldtusk_shared import cbor, released
from coldtusk_shared.errors import ColdtuskError
from coldtusk_shared.request import PaymentId, RequestId
from tests.simulators.online_house import Counter

_REQUEST = RequestId(bytes(15) + b"\1")
_PAYMENT = PaymentId(bytes(15) + b"\2")
_DIGEST = bytes(range(32))


@pytest.fixture
def keys(tmp_path: Path) -> ReplyKeys:
    """No key yet, and no folder."""
    return ReplyKeys(tmp_path / "reply_keys")


def _refused(keys: ReplyKeys, digest: bytes = _DIGEST, payment: PaymentId = _PAYMENT, sealed: bytes = b"") -> str:
    with pytest.raises(ColdtuskError) as caught:
        keys.open_(_REQUEST, digest, payment, (sealed[:32], sealed[32:]))
    assert "InvalidTag" not in repr(caught.value.__cause__)
    return caught.value.code.name


def test_what_was_sealed_is_opened(keys: ReplyKeys) -> None:
    """For the request and the payment that it was sealed for, and for no other."""
    public = keys.make(_REQUEST, Counter())
    enc, ciphertext = released.seal(public, b"the body", _DIGEST, _PAYMENT)
    assert b"the body" == keys.open_(_REQUEST, _DIGEST, _PAYMENT, (enc, ciphertext))
    whole = enc + ciphertext
    assert "released.not-opened" == _refused(keys, digest=bytes(32), sealed=whole)
    assert "released.not-opened" == _refused(keys, payment=PaymentId(bytes(16)), sealed=whole)
    assert "released.not-opened" == _refused(keys, sealed=whole[:-1] + bytes([whole[-1] ^ 1]))


def test_a_key_is_a_file_of_its_own(keys: ReplyKeys) -> None:
    """Named after its request, private, and never written over."""
    keys.make(_REQUEST, Counter())
    path = keys.folder / _REQUEST.hex()
    assert (0o700, 0o600) == (keys.folder.stat().st_mode & 0o777, path.stat().st_mode & 0o777)
    with pytest.raises(ColdtuskError) as caught:
        keys.make(_REQUEST, Counter(9))
    assert "file.exists" == caught.value.code.name


def test_a_key_that_was_dropped(keys: ReplyKeys) -> None:
    """Nothing can be opened any more; dropping twice is fine."""
    keys.make(_REQUEST, Counter())
    for _ in range(2):
        keys.drop(_REQUEST)
        assert not keys.holds(_REQUEST)
    assert "reply-key.missing" == _refused(keys)


@pytest.mark.parametrize("content", [b"no cbor", cbor.encode({1: 2, 2: bytes(32)}), cbor.encode({1: 1, 2: bytes(31)})])
def test_a_file_that_is_no_key(keys: ReplyKeys, content: bytes) -> None:
    """Said so, without its content."""
    keys.make(_REQUEST, Counter())
    (keys.folder / _REQUEST.hex()).write_bytes(content)
    assert "reply-key.malformed" == _refused(keys)


def test_the_public_half_is_of_the_private(keys: ReplyKeys) -> None:
    """As another implementation computes it."""
    public = keys.make(_REQUEST, lambda size: b"\7" * size)
    assert X25519PrivateKey.from_private_bytes(b"\7" * 32).public_key().public_bytes_raw() == public
