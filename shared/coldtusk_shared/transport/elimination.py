"""Gauss-Jordan elimination over GF(256), one equation at a time.

An equation says what a weighted sum of the unknown fragments is. The basis is kept fully reduced: each row gives one
fragment (its column) in terms of columns that are still free. So all that is known is taken out of a new equation by
*one* weighted sum, with the weights that it came with. Known fragments, systematic or solved, are rows without
free columns: they need no case of their own.

A row is one integer: the weights of the free columns, the first column highest, above the bytes of the fragment. It
shrinks as columns get known. An equation costs at most 3 additions a row, and 263 multiplications in all.
"""

from enum import Enum, auto

from coldtusk_shared.transport import gf256


class Gained(Enum):
    """What an equation was worth."""

    RANK = auto()
    """It is independent of those before."""
    NOTHING = auto()
    """It follows from those before."""
    CONTRADICTION = auto()
    """It is impossible with those before: one of them, or this one, is false."""


class Elimination:
    """*columns* unknown fragments of *size* bytes each.

    An empty one takes some 10 bytes a column; all else grows with the equations that were worth something.
    """

    def __init__(self, columns: int, size: int) -> None:
        self._columns = columns
        self._size = size
        self._rows: list[int] = [0] * columns  # by column; of a free one 0, and never read
        self._free = (1 << 8 * columns) - 1
        self._all_known = True  # no row has free columns: only fragments came so far
        self.rank = 0

    def add_fragment(self, column: int, fragment: bytes) -> Gained:
        """The equation "the fragment of *column* is *fragment*"."""
        row = int.from_bytes(fragment)
        if self._free >> self._weight_at(column) & 0xFF:
            return self._take(row | 1 << self._place(column))
        return self._take(row ^ self._rows[column])

    def add_combination(self, weights: bytes, total: bytes) -> Gained:
        """The equation "the sum of each fragment times its weight is *total*"."""
        length = self._columns + self._size
        row = (int.from_bytes(weights) & self._free) << 8 * self._size | int.from_bytes(total)
        return self._take(row ^ gf256.weighted_sum(self._rows, weights, length))

    def solution(self) -> bytes:
        """All fragments in their order, once the rank is the number of columns."""
        if self.rank < self._columns:
            raise RuntimeError(f"rank {self.rank} of {self._columns}")
        return b"".join(row.to_bytes(self._size) for row in self._rows)

    def _take(self, row: int) -> Gained:
        """Put *row*, in which only free columns are left, into the basis."""
        highest = (row.bit_length() - 1) // 8
        if highest < self._size:
            return Gained.CONTRADICTION if row else Gained.NOTHING
        column = self._columns + self._size - 1 - highest
        weight = row >> 8 * highest
        if weight != 1:
            row = gf256.times(row, gf256.inverse(weight), highest + 1)
        if not self._all_known:
            self._take_out(column, row)
        self._put(column, row ^ 1 << 8 * highest)
        return Gained.RANK

    def _put(self, column: int, row: int) -> None:
        self._rows[column] = row
        self._free ^= 0xFF << self._weight_at(column)
        self._all_known = self._all_known and row >> 8 * self._size == 0
        self.rank += 1

    def _take_out(self, column: int, row: int) -> None:
        """Put what *row* says of *column* into all rows that have it. Equal weights share one multiplication."""
        place = self._place(column)
        body = row.to_bytes(self._columns + self._size)
        multiples: dict[int, int] = {}
        for at, other in enumerate(self._rows):
            weight = other >> place & 0xFF
            if not weight:
                continue
            multiple = multiples.get(weight)
            if multiple is None:
                multiple = multiples[weight] = int.from_bytes(body.translate(gf256.table(weight)))
            self._rows[at] = other ^ multiple

    def _weight_at(self, column: int) -> int:
        """How many bits the weight of *column* stands above the lowest weight."""
        return 8 * (self._columns - 1 - column)

    def _place(self, column: int) -> int:
        """The same in a whole row."""
        return self._weight_at(column) + 8 * self._size
