"""What a node's error numbers mean: the two networks number them differently (facts: Error numbers)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType

from coldtusk_shared.services.warthog.network import Network
from coldtusk_shared.text import quoted


class Meaning(Enum):
    """One kind of refusal by a node, whatever its number there; the value is how we say it."""

    INSUFFICIENT_BALANCE = "insufficient balance"
    CORRUPTED_SIGNATURE = "corrupted signature"
    DUPLICATE_NONCE = "duplicate nonce"
    INVALID_PIN = "invalid pin"
    NOT_FOUND = "not found"
    NOT_PIN_HEIGHT = "not a pin height"
    INVALID_ADDRESS = "invalid address"
    INVALID_HEIGHT = "invalid height"
    SELF_SEND = "transfer to oneself"
    ZERO_AMOUNT = "zero amount"
    MALFORMED_FUNDS = "malformed amount or fee"
    INVALID_ARGUMENTS = "invalid arguments"
    ADDRESS_NOT_FOUND = "address not found"
    INVALID_FEE = "invalid fee"
    INEXACT_FEE = "inexact fee"
    INVALID_AMOUNT = "invalid amount"
    CANNOT_PARSE_SIGNATURE = "signature cannot be read"
    FEE_BELOW_MINIMUM = "fee below the minimum"
    INVALID_PRICE = "invalid price"
    INVALID_ASSET_NAME = "invalid asset name"
    INSUFFICIENT_TOKEN_BALANCE = "insufficient token balance"  # noqa: S105 - tokens of the chain
    ASSET_NOT_FOUND = "asset not found"
    ASSET_ID_NOT_FOUND = "asset number not found"
    CANCEL_SELF = "cancelation of itself"
    CANCEL_FUTURE = "cancelation of a future transaction"
    INVALID_TYPE = "invalid transaction type"
    CANNOT_PARSE_HEX = "hex digits cannot be read"
    CANNOT_PARSE_NONCE = "nonce cannot be read"
    MALFORMED_TOKEN = "malformed token specification"  # noqa: S105 - the same
    TOKEN_NOT_FOUND = "token not found"  # noqa: S105 - the same
    CANNOT_PARSE_HASH = "hash cannot be read"
    CANNOT_PARSE_LIQUIDITY_FLAG = "liquidity flag cannot be read"
    CANNOT_PARSE_BUY_FLAG = "buy flag cannot be read"
    CANNOT_PARSE_CANCEL_HEIGHT = "cancel height cannot be read"
    CANNOT_PARSE_CANCEL_NONCE = "cancel nonce cannot be read"
    CANNOT_PARSE_SUPPLY = "supply cannot be read"
    CANNOT_PARSE_DECIMALS = "decimals cannot be read"


NUMBERS: Mapping[Network, Mapping[int, Meaning]] = MappingProxyType(
    {
        Network.MAIN: MappingProxyType(
            {
                22: Meaning.INSUFFICIENT_BALANCE,
                23: Meaning.CORRUPTED_SIGNATURE,
                27: Meaning.DUPLICATE_NONCE,
                30: Meaning.INVALID_PIN,
                57: Meaning.NOT_FOUND,
                66: Meaning.NOT_PIN_HEIGHT,
                72: Meaning.INVALID_ADDRESS,
                73: Meaning.INVALID_HEIGHT,
                83: Meaning.SELF_SEND,
                85: Meaning.ZERO_AMOUNT,
                95: Meaning.INVALID_ARGUMENTS,
                101: Meaning.ADDRESS_NOT_FOUND,
                202: Meaning.INVALID_FEE,
                203: Meaning.INEXACT_FEE,
                204: Meaning.INVALID_AMOUNT,
                205: Meaning.CANNOT_PARSE_SIGNATURE,
                209: Meaning.FEE_BELOW_MINIMUM,
            }
        ),
        Network.DEFI: MappingProxyType(
            {
                22: Meaning.INSUFFICIENT_BALANCE,
                23: Meaning.CORRUPTED_SIGNATURE,
                26: Meaning.DUPLICATE_NONCE,
                29: Meaning.INVALID_PIN,
                56: Meaning.NOT_FOUND,
                65: Meaning.NOT_PIN_HEIGHT,
                71: Meaning.INVALID_ADDRESS,
                72: Meaning.INVALID_HEIGHT,
                82: Meaning.SELF_SEND,
                84: Meaning.ZERO_AMOUNT,
                88: Meaning.MALFORMED_FUNDS,
                94: Meaning.INVALID_ARGUMENTS,
                122: Meaning.ADDRESS_NOT_FOUND,
                129: Meaning.INVALID_PRICE,
                130: Meaning.INVALID_FEE,
                182: Meaning.INVALID_ASSET_NAME,
                184: Meaning.INSUFFICIENT_TOKEN_BALANCE,
                185: Meaning.ASSET_NOT_FOUND,
                186: Meaning.ASSET_ID_NOT_FOUND,
                187: Meaning.CANCEL_SELF,
                188: Meaning.CANCEL_FUTURE,
                189: Meaning.INVALID_TYPE,
                193: Meaning.ZERO_AMOUNT,
                217: Meaning.FEE_BELOW_MINIMUM,
                300: Meaning.CANNOT_PARSE_HEX,
                301: Meaning.CANNOT_PARSE_NONCE,
                302: Meaning.INEXACT_FEE,
                303: Meaning.INVALID_AMOUNT,
                304: Meaning.CANNOT_PARSE_SIGNATURE,
                307: Meaning.MALFORMED_TOKEN,
                308: Meaning.TOKEN_NOT_FOUND,
                309: Meaning.CANNOT_PARSE_HASH,
                310: Meaning.CANNOT_PARSE_LIQUIDITY_FLAG,
                311: Meaning.CANNOT_PARSE_BUY_FLAG,
                312: Meaning.CANNOT_PARSE_CANCEL_HEIGHT,
                314: Meaning.CANNOT_PARSE_CANCEL_NONCE,
                315: Meaning.CANNOT_PARSE_SUPPLY,
                316: Meaning.CANNOT_PARSE_DECIMALS,
            }
        ),
    }
)
"""Numbers of each network, as recorded. 70 (invalid private key) is missing: we never send one to a node."""


def meaning(network: Network, number: int) -> Meaning | None:
    """What *number* means on *network*, or None for a number that was never recorded."""
    return NUMBERS[network].get(number)


@dataclass(frozen=True, slots=True)
class NodeError:
    """A node's refusal as it came: its number and its own text, which is untrusted and kept for the operator."""

    network: Network
    number: int
    text: str

    @property
    def meaning(self) -> Meaning | None:
        """What it means, or None if the number is not known."""
        return meaning(self.network, self.number)

    def __str__(self) -> str:
        known = self.meaning
        return f"{known.value if known else 'unknown error'} (number {self.number}, the node says {quoted(self.text)})"
