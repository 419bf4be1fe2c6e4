"""Codewords: those of the library wherever it does not fail, and right where it does."""

from importlib import import_module
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coldtusk_shared.transport.codewords import Block, codewords
from coldtusk_shared.transport.pictures import pixels
from coldtusk_shared.transport.symbol import VERSIONS, capacity, matrix
from tests.shared.transport.readback import payload, read

_LEVEL_L: Final = 1
_BYTE_MODE: Final = 4


def _blocks(version: int) -> list[Block]:
    blocks = import_module("qrcode.base").rs_blocks(version, _LEVEL_L)
    return [(block.total_count, block.data_count) for block in blocks]


def _theirs(data: bytes, version: int) -> list[int]:
    library = import_module("qrcode.util")
    words: list[int] = library.create_data(version, _LEVEL_L, [library.QRData(data, mode=_BYTE_MODE)])
    return words


@pytest.mark.parametrize("version", VERSIONS)
def test_a_full_symbol_as_the_library_has_it(version: int) -> None:
    """Every division into blocks and every number of check bytes at level L."""
    data = payload("all byte values", version)
    assert _theirs(data, version) == codewords(data, version, _blocks(version))


@given(st.integers(1, 12).flatmap(lambda v: st.tuples(st.just(v), st.binary(max_size=capacity(v)))))
def test_any_data_as_the_library_has_it(drawn: tuple[int, bytes]) -> None:
    """Short data is padded as the library pads it; a block of zeros alone is the next test's."""
    version, data = drawn
    try:
        expected = _theirs(data, version)
    except ValueError as error:
        assert "glog(0)" == str(error)
        return
    assert expected == codewords(data, version, _blocks(version))


def test_the_library_fails_on_a_block_of_zeros() -> None:
    """Why this part is ours. When this test fails the library is mended, and an ADR can weigh it again."""
    with pytest.raises(ValueError, match=r"glog\(0\)"):
        _theirs(bytes(capacity(10)), 10)


@pytest.mark.parametrize("zeros", [1, 107, 108, 300, 700, 857])
def test_a_padded_last_fragment_is_read_back(zeros: int) -> None:
    """Zeros at the end, up to several blocks of them."""
    data = payload("all byte values", 20)[: 858 - zeros] + bytes(zeros)
    made = matrix(data, 20)
    assert [data] == read(pixels(made, 4), 105 * 4)
