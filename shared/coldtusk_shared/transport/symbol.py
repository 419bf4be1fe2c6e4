"""One frame as a QR symbol: byte mode, level L, mask pattern 3, placed by ``qrcode``.

Level L was never worse than M, Q or H at the same payload and size: bigger modules beat more correction
(facts: transport, "Encoding"). The mask is fixed because its search takes most of the time and no harm was seen
without it; an animation also stays calm. ``qrcode`` is imported when the first symbol is made, not before.
"""

from bisect import bisect_left
from dataclasses import dataclass
from importlib import import_module
from typing import Final, Protocol, cast

from coldtusk_shared.transport.codewords import Block, codewords

VERSIONS: Final = range(1, 41)
QUIET: Final = 4
"""Light modules on each side (ISO/IEC 18004, 6.3.8). Renderers add them."""

_CAPACITIES: Final = (
    *(17, 32, 53, 78, 106, 134, 154, 192, 230, 271),
    *(321, 367, 425, 458, 520, 586, 644, 718, 792, 858),
    *(929, 1003, 1091, 1171, 1273, 1367, 1465, 1528, 1628, 1732),
    *(1840, 1952, 2068, 2188, 2303, 2431, 2563, 2699, 2809, 2953),
)
"""Bytes that versions 1 to 40 hold at level L (ISO/IEC 18004, table 7)."""

_LEVEL_L: Final = 1
_MASK: Final = 3


@dataclass(frozen=True, slots=True)
class Matrix:
    """The modules of one symbol, without the quiet zone: a row is *size* bytes, 1 is dark and 0 is light."""

    size: int
    rows: tuple[bytes, ...]

    def framed(self) -> tuple[bytes, ...]:
        """The rows with the quiet zone around them."""
        side = bytes(QUIET)
        above = (bytes(self.size + 2 * QUIET),) * QUIET
        return (*above, *(side + row + side for row in self.rows), *above)


class _Maker(Protocol):
    """What we use of ``qrcode.QRCode``; the library ships no types."""

    modules: list[list[bool]]
    data_cache: list[int]

    def make(self, *, fit: bool) -> None: ...


def capacity(version: int) -> int:
    """The bytes that a symbol of *version* (1 to 40) holds."""
    _check(version)
    return _CAPACITIES[version - 1]


def version_for(length: int) -> int:
    """The smallest version that holds *length* bytes, at most 2,953."""
    version = bisect_left(_CAPACITIES, length) + 1
    _check(version)
    return version


def framed_size(version: int) -> int:
    """The modules of one side of a symbol of *version*, its quiet zone included."""
    _check(version)
    return 17 + 4 * version + 2 * QUIET


def matrix(data: bytes, version: int) -> Matrix:
    """*data*, 1 to ``capacity(version)`` bytes, as a symbol of exactly *version*."""
    if not 1 <= len(data) <= capacity(version):
        raise RuntimeError(f"{len(data)} bytes for a symbol of version {version}")
    maker = _maker(version)
    maker.data_cache = codewords(data, version, _blocks(version))
    maker.make(fit=False)
    rows = tuple(bytes(row) for row in maker.modules)
    return Matrix(len(rows), rows)


def _maker(version: int) -> _Maker:
    library = import_module("qrcode.main")
    return cast("_Maker", library.QRCode(version=version, error_correction=_LEVEL_L, mask_pattern=_MASK))


def _blocks(version: int) -> list[Block]:
    """How the codewords of *version* are divided, by the library's table."""
    return [
        (block.total_count, block.data_count) for block in import_module("qrcode.base").rs_blocks(version, _LEVEL_L)
    ]


def _check(version: int) -> None:
    if version not in VERSIONS:
        raise RuntimeError(f"no QR version {version}")
