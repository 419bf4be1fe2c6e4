"""Deterministic CBOR by the letter of RFC 8949, slow and obvious: the judge of `coldtusk_shared.cbor`.

It decodes recursively, encodes again by rules of its own and compares: what is not the only encoding of its value is
refused. It shares no code with Coldtusk and uses no library.
"""

from typing import TypeAlias

Value: TypeAlias = "int | bytes | str | bool | None | list[Value] | dict[int | str, Value]"

_DEPTH = 8
_TEXT = 512
_CONSTANTS: dict[int, bool | None] = {0xF4: False, 0xF5: True, 0xF6: None}


class NotCborError(Exception):
    """The bytes are not one allowed value in its only encoding."""


def decode(data: bytes) -> Value:
    """The value of *data*, or :class:`NotCborError`."""
    value, rest = _value(data, 0)
    if rest or encode(value) != data:
        raise NotCborError
    return value


def encode(value: Value) -> bytes:
    """*value* as RFC 8949 4.2.1 has it."""
    if value is None or isinstance(value, bool):
        return bytes([next(byte for byte, constant in _CONSTANTS.items() if constant is value)])
    if isinstance(value, int):
        return _head(0, value) if value >= 0 else _head(1, -1 - value)
    if isinstance(value, bytes):
        return _head(2, len(value)) + value
    if isinstance(value, str):
        return _head(3, len(value.encode())) + value.encode()
    if isinstance(value, list):
        return _head(4, len(value)) + b"".join(map(encode, value))
    pairs = sorted((encode(key), encode(inner)) for key, inner in value.items())
    return _head(5, len(value)) + b"".join(key + inner for key, inner in pairs)


def _head(major: int, argument: int) -> bytes:
    for info, size in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if argument < 24:
            return bytes([major << 5 | argument])
        if argument < 256**size:
            return bytes([major << 5 | info]) + argument.to_bytes(size)
    raise NotCborError


def _take(data: bytes, size: int) -> tuple[bytes, bytes]:
    if len(data) < size:
        raise NotCborError
    return data[:size], data[size:]


def _value(data: bytes, depth: int) -> tuple[Value, bytes]:
    first, rest = _take(data, 1)
    if first[0] in _CONSTANTS:
        return _CONSTANTS[first[0]], rest
    major, info = divmod(first[0], 32)
    if major > 5 or info > 27:
        raise NotCborError
    argument = info
    if info > 23:
        raw, rest = _take(rest, 1 << info - 24)
        argument = int.from_bytes(raw)
    if major < 4:
        return _leaf(major, argument, rest)
    if depth == _DEPTH or argument > len(rest):
        raise NotCborError
    return _container(major, argument, rest, depth + 1)


def _leaf(major: int, argument: int, rest: bytes) -> tuple[Value, bytes]:
    if major < 2:
        return (argument if major == 0 else -1 - argument), rest
    raw, rest = _take(rest, argument)
    if major == 2:
        return raw, rest
    if argument > _TEXT:
        raise NotCborError
    try:
        return raw.decode(), rest
    except UnicodeDecodeError:
        raise NotCborError from None


def _container(major: int, argument: int, rest: bytes, depth: int) -> tuple[Value, bytes]:
    values: list[Value] = []
    for _ in range(argument * (major - 3)):
        value, rest = _value(rest, depth)
        values.append(value)
    if major == 4:
        return values, rest
    mapping: dict[int | str, Value] = {}
    for key, value in zip(values[::2], values[1::2], strict=True):
        if isinstance(key, bool) or not isinstance(key, int | str) or (isinstance(key, int) and key < 0):
            raise NotCborError
        if key in mapping or any(type(key) is not type(other) for other in mapping):
            raise NotCborError
        mapping[key] = value
    return mapping, rest
