"""What a command of a system can do: the operator sees it first, and a policy can speak of it."""

from enum import Enum


class Risk(Enum):
    """From harmless to what cannot be taken back."""

    READS = "reads"
    """It tells something and changes nothing."""
    CHANGES = "changes"
    """It changes something at the service, and moves nothing."""
    MOVES_MONEY = "moves money"
    """It pays, converts, buys, or says where others pay to."""
    RELEASES_SECRET = "releases a secret"  # noqa: S105 - the name of a risk
    """The result holds a secret, encrypted for the online half that asked."""
