"""What is enrolled with a key of CoinPayments: ``{1: first nonce}``."""

from coldtusk_offline.service_accounts import ServiceAccount
from coldtusk_shared import cbor, limits
from coldtusk_shared.mapreader import MapReader


def encode(first_nonce: int) -> bytes:
    """The settings of a key whose next nonce is *first_nonce*, unless the journal knows a higher one."""
    return cbor.encode({1: first_nonce})


def first_nonce(account: ServiceAccount) -> int:
    """The least nonce that *account* may give."""
    reader = MapReader(cbor.decode(account.settings), "settings")
    found = reader.uint(1, "first_nonce", limits.COINPAYMENTS_FIRST_NONCE)
    reader.done()
    return found
