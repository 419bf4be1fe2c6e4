"""One Warthog item: a transaction of one account and its evidence, on the wire and back.

This leaf of a system's folder is what :mod:`coldtusk_shared.services` loads.
"""

from dataclasses import dataclass, field

from coldtusk_shared import limits
from coldtusk_shared import value as moved
from coldtusk_shared.cbor import Encodable, Value
from coldtusk_shared.deadline import Deadline, NotAfter
from coldtusk_shared.errors import BadInput
from coldtusk_shared.mapreader import WRONG_LENGTH, MapReader
from coldtusk_shared.risk import Risk
from coldtusk_shared.services import UNKNOWN_KIND
from coldtusk_shared.services.warthog import evidence as evidences
from coldtusk_shared.services.warthog import rules
from coldtusk_shared.services.warthog import values as moves
from coldtusk_shared.services.warthog.address import Address
from coldtusk_shared.services.warthog.evidence import Evidence
from coldtusk_shared.services.warthog.fee import FeeE8
from coldtusk_shared.services.warthog.layout import BY_BODY, BY_KIND, FIRST_KEY, Layout
from coldtusk_shared.services.warthog.network import NAMES, Network
from coldtusk_shared.services.warthog.preimage import Txid, txid
from coldtusk_shared.services.warthog.transaction import Transaction
from coldtusk_shared.text import quoted

ADDRESS_BYTES = 20
_HASH_BYTES = 32


@dataclass(frozen=True, slots=True)
class WarthogContent:
    """A transaction, its sender, and what was sent along to check or show.

    *txid* is the SHA-256 of the bytes that are signed, rebuilt here from the typed fields and nowhere else.
    """

    sender: Address
    transaction: Transaction
    proof: Evidence
    txid: Txid = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "txid", txid(self.transaction))

    @property
    def layout(self) -> Layout:
        """The table of the transaction's type."""
        return BY_BODY[type(self.transaction.body)]

    @property
    def kind(self) -> str:
        """``warthog/`` and the type's name."""
        return self.layout.kind

    @property
    def scope(self) -> str:
        """``warthog/`` and the network."""
        return f"warthog/{self.transaction.network.value}"

    @property
    def not_after(self) -> NotAfter:
        """The last block that can include the transaction."""
        return NotAfter(Deadline.HEIGHT, rules.last_block(self.transaction.pin_height))

    @property
    def slot(self) -> tuple[bytes, int, int]:
        """Unique in the chain: account, pin height and nonceId (facts: Pins)."""
        return (self.sender.raw, self.transaction.pin_height, self.transaction.nonce_id)

    @property
    def risk(self) -> Risk:
        """Every type pays a fee at least."""
        return Risk.MOVES_MONEY

    @property
    def releases(self) -> bool:
        """A signature is no secret."""
        return False

    def values(self) -> tuple[moved.Value, ...]:
        """The amounts, and the fee."""
        return moves.values(self.transaction, self.proof, self.scope)

    def intent(self) -> list[Encodable]:
        """Who pays what to whom, without pin, nonce and fee."""
        return [self.transaction.network.value, self.sender.raw, self.layout.kind, self._own_fields()]

    def fields(self) -> dict[int, Encodable]:
        """The common fields, then the type's, keys counting from 1 in the order of the preimage."""
        transaction = self.transaction
        encoded: dict[int, Encodable] = {
            1: transaction.network.value,
            2: transaction.pin_hash,
            3: transaction.pin_height,
            4: transaction.nonce_id,
            5: transaction.fee_e8,
        }
        encoded.update(self._own_fields())
        return encoded

    def evidence(self) -> dict[int, Encodable]:
        """As the CDDL has it."""
        return self.proof.wire()

    def _own_fields(self) -> dict[int, Encodable]:
        layout = self.layout
        pairs = zip(layout.fields, layout.values(self.transaction.body), strict=True)
        return {key: one.form.wire(value) for key, (one, value) in enumerate(pairs, FIRST_KEY)}


def parse(kind: str, account: bytes, fields: Value, evidence: Value, where: str) -> WarthogContent:
    """One item's content: every field read strictly, every rule applied, every proof checked."""
    layout = BY_KIND.get(kind)
    if layout is None:
        raise BadInput(UNKNOWN_KIND, f"{quoted(kind)} is no Warthog transaction", where=f"{where}.kind")
    if len(account) != ADDRESS_BYTES:
        raise BadInput(WRONG_LENGTH, f"{len(account)} bytes, not {ADDRESS_BYTES}", where=f"{where}.account")
    sender = Address(account)
    transaction = _parse_fields(layout, MapReader(fields, f"{where}.fields"))
    rules.check(transaction, sender, f"{where}.fields")
    return WarthogContent(sender, transaction, evidences.parse(evidence, transaction, f"{where}.evidence"))


def _parse_fields(layout: Layout, reader: MapReader) -> Transaction:
    network = Network(reader.choice(1, "network", NAMES))
    pin_hash = reader.octets(2, "pin_hash", _HASH_BYTES)
    pin_height = reader.uint(3, "pin_height", limits.U32)
    nonce_id = reader.uint(4, "nonce_id", limits.U32)
    fee_e8 = FeeE8(reader.uint(5, "fee_e8"))
    values = [one.form.read(reader, key, one.attribute) for key, one in enumerate(layout.fields, FIRST_KEY)]
    reader.done()
    return Transaction(network, pin_hash, pin_height, nonce_id, fee_e8, layout.body(*values))
