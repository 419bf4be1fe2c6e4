"""Why the node says no: its error numbers and texts, by network.

Source: recorded replies (``add_replies.json``, ``node_replies.json``, ``node_replies_main.json``) and
the error table of the node's sources. On the main network most numbers are one higher and the
texts start with a small letter.
"""

from enum import Enum
from typing import NamedTuple

from coldtusk_shared.services.warthog.network import Network


class Row(NamedTuple):
    """One error of the node: number on main, number on defi, text on defi, text on main where it is another one."""

    main: int
    defi: int
    text: str
    main_text: str = ""


NEVER = -1
"""Stands for a number on a network where the error cannot happen."""


class Reason(Enum):
    """An error of the node, by what it means."""

    INSUFFICIENT_WART = Row(22, 22, "Insufficient balance")
    CORRUPTED_SIGNATURE = Row(23, 23, "Corrupted signature")
    NONCE_TAKEN = Row(27, 26, "Duplicate transaction nonce")
    BAD_PIN = Row(30, 29, "Invalid transaction pin")
    NOT_FOUND = Row(57, 56, "Not found")
    BAD_ADDRESS = Row(72, 71, "Invalid address")
    BAD_HEIGHT = Row(73, 72, "Invalid height")
    SELF_SEND = Row(83, 82, "Self send transaction not allowed")
    ZERO_AMOUNT = Row(85, 84, "Transactions cannot send 0 tokens", "transactions cannot send 0 WART")
    BAD_FUNDS = Row(89, 88, "Malformed funds data")
    BAD_ARGUMENTS = Row(95, 94, "Invalid API arguments")
    UNKNOWN_ADDRESS = Row(101, 122, "Address not found")
    BAD_PRICE = Row(NEVER, 129, "Invalid price")
    BAD_FEE = Row(202, 130, "Invalid fee")
    BAD_SUPPLY = Row(NEVER, 180, "Invalid asset supply")
    BAD_NAME = Row(NEVER, 182, "Invalid asset name")
    INSUFFICIENT_TOKEN = Row(NEVER, 184, "Insufficient token balance")
    UNKNOWN_ASSET = Row(NEVER, 185, "Asset hash not found")
    UNKNOWN_ASSET_ID = Row(NEVER, 186, "Asset id not found")
    CANCELS_ITSELF = Row(NEVER, 187, "Cannot cancel future transactions")
    CANCELS_FUTURE = Row(NEVER, 188, "Cannot cancel future transactions")
    BAD_TYPE = Row(NEVER, 189, "Invalid transaction message type")
    ZERO_WART = Row(85, 193, "WART amount cannot be 0", "transactions cannot send 0 WART")
    FEE_TOO_LOW = Row(209, 217, "Transaction fee below threshold")
    BAD_HEX = Row(200, 300, "Cannot parse hexadecimal input")
    BAD_NONCE = Row(201, 301, "Cannot parse nonce")
    INEXACT_FEE = Row(203, 302, "Inexact fee not allowed")
    BAD_AMOUNT = Row(204, 303, "Invalid amount")
    BAD_SIGNATURE = Row(205, 304, "Cannot parse signature")
    BAD_TOKEN_SPEC = Row(NEVER, 307, "Malformed token specification")
    UNKNOWN_TOKEN = Row(NEVER, 308, "Token not found")
    BAD_HASH = Row(NEVER, 309, "Cannot parse hash")
    BAD_LIQUIDITY_FLAG = Row(NEVER, 310, "Cannot parse liquidity flag")
    BAD_BUY_FLAG = Row(NEVER, 311, "Cannot parse buy flag")
    BAD_CANCEL_HEIGHT = Row(NEVER, 312, "Cannot parse cancel height")
    BAD_CANCEL_NONCE = Row(NEVER, 314, "Cannot parse cancel nonce")
    BAD_UNITS = Row(NEVER, 315, "Cannot parse asset units")
    BAD_DECIMALS = Row(NEVER, 316, "Cannot parse asset decimals")

    def number(self, network: Network) -> int:
        """The error's number on *network*; ``RuntimeError`` where it cannot happen."""
        found = self.value.main if network is Network.MAIN else self.value.defi
        if found == NEVER:
            raise RuntimeError(f"{self.name} does not exist on {network.value}")
        return found

    def text(self, network: Network) -> str:
        """The error's text as *network* spells it."""
        if network is Network.DEFI:
            return self.value.text
        return self.value.main_text or self.value.text[0].lower() + self.value.text[1:]


class Rejection(Exception):
    """The node answers with an error. An answer, not a fault of Coldtusk: it becomes a reply."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.name)
        self.reason = reason
