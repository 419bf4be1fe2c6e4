"""Symbols: what they hold, that they are read back byte for byte, and that making them costs no cold start."""

import json
from importlib import import_module

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coldtusk_offline.guard import REFUSED_IMPORTS
from coldtusk_shared.transport import symbol
from coldtusk_shared.transport.pictures import pixels
from tests.boundary.fresh_process import run_python
from tests.shared.transport.readback import PATTERNS, VERSIONS, payload, read

_LOADED = """
import json, sys
from coldtusk_shared.transport import symbol
{use}
print(json.dumps(sorted(sys.modules)))
"""


def _loaded(use: str = "") -> set[str]:
    return set(json.loads(run_python(_LOADED.format(use=use))))


def _read_back(matrix: symbol.Matrix) -> list[bytes]:
    return read(pixels(matrix, 4), (matrix.size + 8) * 4)


class TestCapacity:
    """Bytes and versions."""

    @pytest.mark.parametrize(("version", "expected"), [(10, 271), (20, 858), (25, 1273), (40, 2953)])
    def test_is_that_of_the_facts(self, version: int, expected: int) -> None:
        """Byte mode, level L, as measured."""
        assert expected == symbol.capacity(version)

    @pytest.mark.parametrize("version", symbol.VERSIONS)
    def test_is_that_of_the_library(self, version: int) -> None:
        """The library's own table has as many bits, less the mode and the length."""
        head = 4 + (8 if version < 10 else 16)
        bits = import_module("qrcode.util").BIT_LIMIT_TABLE[1][version]
        assert (bits - head) // 8 == symbol.capacity(version)

    @pytest.mark.parametrize("version", symbol.VERSIONS)
    def test_version_for_is_the_smallest(self, version: int) -> None:
        """A full symbol takes its own version, and one byte more the next."""
        full = symbol.capacity(version)
        assert version == symbol.version_for(full)
        if version < 40:
            assert version + 1 == symbol.version_for(full + 1)

    def test_framed_size_counts_the_quiet_zone(self) -> None:
        """21 and 177 modules are the least and the most, with four on each side."""
        assert (29, 105, 185) == (symbol.framed_size(1), symbol.framed_size(20), symbol.framed_size(40))

    @pytest.mark.parametrize("version", [0, -1, 41])
    def test_an_unknown_version_is_our_mistake(self, version: int) -> None:
        """Only versions 1 to 40 exist."""
        for ask in (symbol.capacity, symbol.framed_size):
            with pytest.raises(RuntimeError, match="no QR version"):
                ask(version)

    def test_no_version_holds_more_than_the_largest(self) -> None:
        """2,953 bytes and not one more."""
        with pytest.raises(RuntimeError, match="no QR version"):
            symbol.version_for(2954)


class TestMatrix:
    """From bytes to modules."""

    @pytest.mark.parametrize("version", VERSIONS)
    @pytest.mark.parametrize("pattern", PATTERNS)
    def test_a_full_symbol_is_read_back(self, pattern: str, version: int) -> None:
        """Another library reads the very bytes."""
        data = payload(pattern, version)
        made = symbol.matrix(data, version)
        assert 17 + 4 * version == made.size == len(made.rows)
        assert [data] == _read_back(made)

    @given(st.integers(1, 12).flatmap(lambda v: st.tuples(st.just(v), st.binary(min_size=1, max_size=17))))
    def test_short_data_is_padded_and_read_back(self, drawn: tuple[int, bytes]) -> None:
        """The version is the one asked for, however little is in it."""
        version, data = drawn
        made = symbol.matrix(data, version)
        assert 17 + 4 * version == made.size
        assert [data] == _read_back(made)

    def test_the_mask_is_pattern_3(self) -> None:
        """The format bits around the upper left finder say level L and mask 3 (ISO/IEC 18004, 7.9: 01 011, masked)."""
        rows = symbol.matrix(b"x", 1).rows
        bits = [rows[8][column] for column in (0, 1, 2, 3, 4)]
        assert [1, 1, 1, 1, 0] == bits

    def test_modules_are_zeros_and_ones(self) -> None:
        """A row is bytes of as many modules."""
        made = symbol.matrix(b"x", 2)
        assert {0, 1} == set(b"".join(made.rows))
        assert {made.size} == {len(row) for row in made.rows}

    def test_the_frame_is_light(self) -> None:
        """Four light modules on each side, and the symbol within."""
        made = symbol.matrix(b"x", 1)
        framed = made.framed()
        assert [bytes(29)] * 4 == list(framed[:4]) == list(framed[-4:])
        assert list(made.rows) == [row[4:-4] for row in framed[4:-4]]
        assert {bytes(8)} == {row[:4] + row[-4:] for row in framed}

    @pytest.mark.parametrize("data", [b"", bytes(18)])
    def test_data_that_does_not_fit_is_our_mistake(self, data: bytes) -> None:
        """Nothing, and one byte too many."""
        with pytest.raises(RuntimeError, match="bytes for a symbol of version 1"):
            symbol.matrix(data, 1)


class TestColdStart:
    """What a fresh process loads."""

    def test_importing_loads_no_library(self) -> None:
        """Neither qrcode nor Pillow before the first symbol, though everything is imported."""
        loaded = _loaded("from coldtusk_shared.transport import animation, density, halfblocks, pictures")
        assert [] == sorted(name for name in loaded if name.partition(".")[0] in {"qrcode", "PIL"})

    def test_making_a_symbol_loads_no_network_module(self) -> None:
        """The encoder, and Pillow that it loads in turn, import no socket."""
        loaded = _loaded("symbol.matrix(b'x', 1)")
        assert "qrcode.main" in loaded
        assert [] == sorted(REFUSED_IMPORTS & loaded)

    def test_everything_is_made_behind_the_guard(self) -> None:
        """Lazy imports come after the guard: it refuses none of them."""
        run_python(
            "from coldtusk_offline import guard\n"
            "guard.install()\n"
            "from coldtusk_shared.transport import halfblocks, pictures, symbol\n"
            "made = symbol.matrix(b'x', 1)\n"
            "halfblocks.render(made), pictures.gif([made], 5, 10), pictures.apng([made], 5, 10)\n"
        )
