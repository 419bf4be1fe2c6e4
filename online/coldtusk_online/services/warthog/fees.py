"""The fee of a payment: rounded here, up, and under the operator's cap (facts: Fee)."""

from coldtusk_shared.errors import Code, Refused
from coldtusk_shared.services.warthog import fee
from coldtusk_shared.services.warthog.amount import WartE8, format_wart, parse_wart
from coldtusk_shared.services.warthog.fee import FeeE8

BELOW_MINIMUM = Code("warthog.fee.below-minimum", "ask for that or more, or leave --fee out")
ABOVE_MAX = Code("warthog.fee.above-max", "look at the fee; if it is meant, give a higher --max-fee")


def fee_for(asked: str | None, minimum_e8: int, max_fee: WartE8) -> FeeE8:
    """The fee for *asked* WART, or for the least that does, *minimum_e8*: the next that 16 bits hold.

    The rounded fee is what is compared with *max_fee*.

    :raises Refused: ``warthog.fee.below-minimum``, ``warthog.fee.above-max``.
    :raises BadInput: what :func:`parse_wart` and :func:`fee.ceil` raise.
    """
    wanted = minimum_e8 if asked is None else parse_wart(asked, "--fee")
    if 0 < wanted < minimum_e8:
        what = f"{asked} WART is below the least that does, {format_wart(fee.ceil(minimum_e8))}"
        raise Refused(BELOW_MINIMUM, what, where="--fee")
    rounded = fee.ceil(wanted)
    if rounded > max_fee:
        what = f"the fee is {format_wart(rounded)} WART, the most allowed {format_wart(max_fee)}"
        raise Refused(ABOVE_MAX, what, where="--max-fee")
    return rounded
