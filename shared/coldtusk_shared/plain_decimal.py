"""Plain decimals: the one way in which people write amounts and prices, and the one way we write them.

Digits, and at most one dot with digits on both sides. No sign, no exponent, no blanks, no separators and no
leading zeros; zeros at the end are fine ("1.50"). Everything is exact: integers, fractions and text.
"""

from fractions import Fraction

from coldtusk_shared.errors import BadInput, Code
from coldtusk_shared.text import quoted

FORM = Code("decimal.form", "write a plain decimal like 12.5: no sign, exponent, blank, comma or leading zero")
DIGITS = Code("decimal.digits", "write fewer digits")

_DIGITS = frozenset("0123456789")


def split(text: object, max_digits: int, where: str) -> tuple[str, str]:
    """The digits before and behind the dot of *text*; behind is "" when there is no dot.

    :raises BadInput: ``decimal.form`` or ``decimal.digits``.
    """
    if not isinstance(text, str):
        raise BadInput(FORM, f"a {type(text).__name__} is not a decimal text", where=where)
    if len(text) > max_digits + 1:
        raise BadInput(DIGITS, f"{quoted(text)} is too long, the most is {max_digits} digits", where=where)
    whole, dot, behind = text.partition(".")
    if not _is_canonical(whole, dot, behind):
        raise BadInput(FORM, f"{quoted(text)} is not a plain decimal", where=where)
    if len(whole) + len(behind) > max_digits:
        raise BadInput(DIGITS, f"{quoted(text)} has too many digits, the most is {max_digits}", where=where)
    return whole, behind


def _is_canonical(whole: str, dot: str, behind: str) -> bool:
    if not whole or (dot and not behind):
        return False
    if not _DIGITS.issuperset(whole) or not _DIGITS.issuperset(behind):
        return False
    return whole == "0" or whole[0] != "0"


def scaled_text(value: int, decimals: int) -> str:
    """*value* divided by ten to the power *decimals*, with exactly that many decimals: 150 and 2 give "1.50"."""
    if value < 0 or decimals < 0:
        raise RuntimeError(f"{value} with {decimals} decimals cannot be written")
    if decimals == 0:
        return str(value)
    digits = str(value).zfill(decimals + 1)
    return f"{digits[:-decimals]}.{digits[-decimals:]}"


def exact_text(value: Fraction) -> str:
    """All of *value*, without zeros at the end. Its denominator has no prime factors but 2 and 5."""
    twos = (value.denominator & -value.denominator).bit_length() - 1
    rest, fives = value.denominator >> twos, 0
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    if rest != 1:
        raise RuntimeError("the decimals of this fraction do not end")
    places = max(twos, fives)
    return scaled_text(value.numerator * 10**places // value.denominator, places)


def rounded_text(value: Fraction, significant: int) -> str:
    """*value*, above 0, rounded half to even at *significant* digits, or at the dot if that is further right.

    The caller says on the screen that it is rounded.
    """
    places = max(0, significant - _digits_before_dot(value))
    return exact_text(Fraction(round(value * 10**places), 10**places))


def _digits_before_dot(value: Fraction) -> int:
    """How far left of the dot the first digit stands; 0 and below for zeros behind the dot."""
    if value <= 0:
        raise RuntimeError("only a value above 0 has a first digit")
    digits = len(str(value.numerator)) - len(str(value.denominator))  # or one more
    return digits + 1 if value.numerator * 10 ** max(0, -digits) >= value.denominator * 10 ** max(0, digits) else digits
