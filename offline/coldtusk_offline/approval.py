"""The operator's decision. Only :mod:`coldtusk_offline.review` makes an :class:`Approved`; only it is signed."""

from dataclasses import dataclass

from coldtusk_offline.intake import CheckedRequest

BY_OPERATOR = "operator.refused"
"""The code of a refusal by the operator, in the response."""


@dataclass(frozen=True, slots=True)
class Approved:
    """A request that was shown whole, and what the operator said to it.

    *refusal* is None where all of it is to be signed; else the operator's words, and nothing is signed.
    """

    checked: CheckedRequest
    refusal: str | None
