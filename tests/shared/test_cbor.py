"""Strict CBOR: what is accepted has one encoding, what is not is refused with its code and its place."""

import json
from pathlib import Path
from typing import Any

import pytest
from cddl_verifier import cbor as other_library
from hypothesis import given
from hypothesis import strategies as st

from coldtusk_shared import cbor, limits
from coldtusk_shared.errors import BadInput, Code
from tests.shared import cbor_reference
from tests.shared.cbor_reference import NotCborError

_REJECT: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[1] / "vectors" / "cbor" / "reject.json").read_text(encoding="utf-8")
)["vectors"]

_edges = st.builds(
    lambda bits, off, sign: sign * ((1 << bits) + off),
    st.sampled_from([0, 4, 5, 8, 16, 32, 63, 64]),
    st.integers(-2, 1),
    st.sampled_from([1, -1]),
)
_integers = (st.integers(-limits.U64 - 1, limits.U64) | _edges).filter(
    lambda value: -limits.U64 - 1 <= value <= limits.U64
)
_leaves = st.none() | st.booleans() | _integers | st.binary(max_size=300) | st.text(max_size=60)


def _containers(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    keys = st.integers(0, limits.U64) | _edges.filter(lambda value: 0 <= value <= limits.U64)
    return (
        st.lists(inner, max_size=5)
        | st.dictionaries(keys, inner, max_size=5)
        | st.dictionaries(st.text(max_size=30), inner, max_size=5)
    )


def _depth(value: object) -> int:
    if isinstance(value, list):
        return 1 + max(map(_depth, value), default=0)
    if isinstance(value, dict):
        return 1 + max(map(_depth, value.values()), default=0)
    return 0


values = st.recursive(_leaves, _containers, max_leaves=25).filter(lambda value: _depth(value) <= limits.CBOR_DEPTH)
"""All that may be encoded."""


def _typed(value: object) -> object:
    """*value* with its types, so that 1 is not true."""
    if isinstance(value, list):
        return [_typed(inner) for inner in value]
    if isinstance(value, dict):
        return [(_typed(key), _typed(value[key])) for key in sorted(value)]
    return (type(value).__name__, value)


def _verdict(data: bytes) -> object:
    """What Coldtusk makes of *data*: its value, or None."""
    try:
        return _typed(cbor.decode(data))
    except BadInput:
        return None


def _judged(data: bytes) -> object:
    """What the reference makes of *data*."""
    try:
        return _typed(cbor_reference.decode(data))
    except NotCborError:
        return None


@pytest.mark.parametrize("vector", _REJECT, ids=[vector["name"] for vector in _REJECT])
def test_each_rule_refuses_its_case(vector: dict[str, Any]) -> None:
    """One failure a vector: the code, and the byte where it stands."""
    data = bytes.fromhex(vector["hex"])
    with pytest.raises(BadInput) as refusal:
        cbor.decode(data)
    assert (vector["code"], vector["where"]) == (refusal.value.code.name, refusal.value.where)
    assert _judged(data) is None


def test_every_code_has_a_vector() -> None:
    """All codes of the module stand in the vectors; the size, which needs a mebibyte, has a test of its own below."""
    codes = {value.name for value in vars(cbor).values() if isinstance(value, Code)}
    assert codes - {"cbor.too-large"} == {vector["code"] for vector in _REJECT}
    assert {"read"} == {vector["stage"] for vector in _REJECT}


def test_message_bytes() -> None:
    """A message of MESSAGE_BYTES is read, one byte more is refused before it is looked at."""
    largest = cbor.encode(bytes(limits.MESSAGE_BYTES - 5))
    assert limits.MESSAGE_BYTES == len(largest)
    assert bytes(limits.MESSAGE_BYTES - 5) == cbor.decode(largest)
    with pytest.raises(BadInput, match="1048577 bytes") as refusal:
        cbor.decode(largest + b"\0")
    assert "cbor.too-large" == refusal.value.code.name


def test_a_smaller_cap_holds() -> None:
    """A caller's own cap is exact too."""
    assert [1, 2] == cbor.decode(b"\x82\1\2", cap=3)
    with pytest.raises(BadInput) as refusal:
        cbor.decode(b"\x82\1\2", cap=2)
    assert "cbor.too-large" == refusal.value.code.name


@pytest.mark.parametrize("opening", [b"\x81", b"\xa1\0"], ids=["arrays", "maps"])
def test_depth(opening: bytes) -> None:
    """CBOR_DEPTH containers in one another are read, one more is refused."""
    cbor.decode(opening * limits.CBOR_DEPTH + b"\0")
    with pytest.raises(BadInput) as refusal:
        cbor.decode(opening * (limits.CBOR_DEPTH + 1) + b"\0")
    assert "cbor.too-deep" == refusal.value.code.name


def test_depth_counts_what_is_open() -> None:
    """Many shallow containers beside one another are not deep."""
    assert [[[]]] * 100 == cbor.decode(cbor.encode([[[]]] * 100))


def test_text_bytes() -> None:
    """A text of TEXT_BYTES in UTF-8 is read, one byte more is refused, however few characters it has."""
    assert "\u00e4" * 256 == cbor.decode(cbor.encode("\u00e4" * 256))
    with pytest.raises(BadInput) as refusal:
        cbor.decode(cbor.encode("a" + "\u00e4" * (limits.TEXT_BYTES // 2)))
    assert "cbor.text-too-long" == refusal.value.code.name


@given(values)
def test_encoding_and_back(value: Any) -> None:
    """Decoding gives what was encoded, and three encoders agree on the bytes."""
    data = cbor.encode(value)
    assert _typed(value) == _typed(cbor.decode(data))
    assert data == cbor_reference.encode(value)
    assert data == other_library.encode(value, canonical=True)


@given(values, st.data())
def test_damaged_bytes(value: Any, data: st.DataObject) -> None:
    """A byte changed, put in, taken out, or the end cut off: the reference's verdict, and never another error."""
    whole = cbor.encode(value)
    at = data.draw(st.integers(0, len(whole)))
    taken, new = (
        data.draw(st.sampled_from([(0, 1), (1, 0), (1, 1), (1, 2), (len(whole), 0)])),
        data.draw(st.binary(max_size=3)),
    )
    damaged = whole[:at] + new[: taken[1]] + whole[at + taken[0] :]
    assert _judged(damaged) == _verdict(damaged)


@given(st.binary(max_size=24))
def test_any_bytes(data: bytes) -> None:
    """Bytes from nowhere: the reference's verdict, and never another error."""
    assert _judged(data) == _verdict(data)


_HEADS = [major << 5 | info for major in range(8) for info in (0, 1, 2, 3, 23, 24, 25, 26, 27, 28, 31)]


@given(
    st.lists(st.sampled_from(_HEADS).map(lambda byte: bytes([byte])) | st.binary(min_size=1, max_size=2), max_size=12)
)
def test_any_heads(parts: list[bytes]) -> None:
    """Bytes that look like CBOR: the reference's verdict."""
    data = b"".join(parts)
    assert _judged(data) == _verdict(data)


@given(
    st.lists(st.sampled_from(_HEADS).map(lambda byte: bytes([byte])) | st.binary(min_size=1, max_size=2), max_size=8)
)
def test_what_is_accepted_is_canonical(parts: list[bytes]) -> None:
    """What is accepted encodes to the same bytes again, and another library calls it deterministic."""
    data = b"".join(parts)
    if _verdict(data) is None:
        return
    value = cbor.decode(data)
    assert data == cbor.encode(value)
    assert _typed(value) == _typed(other_library.decode(data, require_deterministic=True))


@pytest.mark.parametrize("first", range(256))
def test_every_first_byte(first: int) -> None:
    """Each of the 256 initial bytes, with what may follow it."""
    for rest in (b"", b"\0", b"\x18", b"\xff", b"\0\0", b"\x61\x61", bytes(8), b"\xff" * 8, b"\1" + bytes(7)):
        data = bytes([first]) + rest
        assert _judged(data) == _verdict(data), data.hex()
