"""An asset against its genesis transaction, as an explorer or a node of the operator's own shows it.

Only this closes the circle: the service's reply tells what should be on the chain, the chain tells what is.
"""

import hashlib

from coldtusk_shared.errors import BadInput, Code, Refused
from coldtusk_shared.services.coinspark.reply import Made

FORM = Code("coinspark.genesis.form", "give hex: the transaction as a node has it, or its OP_RETURN output's script")
OTHER = Code("coinspark.genesis.other", "give the transaction that the service named: this one has another txid")
DIFFERS = Code(
    "coinspark.genesis.differs", "publish nothing: the chain holds another asset than was approved; ask the service"
)

_MOST_CHARACTERS = 200_000


def check(made: Made, txid: str, text: str) -> None:
    """Refuse unless *text* (hex), the transaction *txid* or the script of its OP_RETURN, holds the metadata of *made*.

    Of a transaction the txid is computed, so it is given without witnesses, as most explorers give it.

    :raises BadInput: ``coinspark.genesis.form``, ``coinspark.genesis.other``.
    :raises Refused: ``coinspark.genesis.differs``.
    """
    data, script = _octets(text), made.script
    if len(data) <= len(script):
        holds = data in (script, made.metadata)
    else:
        if _txid(data) != txid:
            raise BadInput(OTHER, f"its txid is {_txid(data)}, not {txid}", where="--genesis")
        holds = bytes((len(script),)) + script in data  # an output's script stands behind its length
    if not holds:
        raise Refused(DIFFERS, f"its OP_RETURN is not {script.hex()}", where="--genesis")


def _octets(text: str) -> bytes:
    if len(text) > _MOST_CHARACTERS or not text.isalnum():
        raise BadInput(FORM, "not hex digits", where="--genesis")
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise BadInput(FORM, "not whole bytes of hex digits", where="--genesis") from None


def _txid(transaction: bytes) -> str:
    return hashlib.sha256(hashlib.sha256(transaction).digest()).digest()[::-1].hex()
