"""From what is asked to the items of a request: pinned, with fee and evidence, only a nonceId short of whole."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from coldtusk_online.services.warthog import balances, heads
from coldtusk_online.services.warthog.answers import Head
from coldtusk_online.services.warthog.bodies import Ask
from coldtusk_online.services.warthog.fees import fee_for
from coldtusk_online.services.warthog.node import Node
from coldtusk_shared import cbor
from coldtusk_shared.cbor import Encodable
from coldtusk_shared.deadline import Deadline, NotAfter
from coldtusk_shared.services.warthog import rules
from coldtusk_shared.services.warthog.address import Address
from coldtusk_shared.services.warthog.amount import WartE8
from coldtusk_shared.services.warthog.content import WarthogContent
from coldtusk_shared.services.warthog.evidence import Evidence
from coldtusk_shared.services.warthog.fee import FeeE8
from coldtusk_shared.services.warthog.layout import BY_BODY, FIRST_KEY
from coldtusk_shared.services.warthog.network import Network
from coldtusk_shared.services.warthog.transaction import Body, Transaction

_INTENT = b"coldtusk/intent/v1\0"


@dataclass(frozen=True, slots=True)
class Plan:
    """All of a request's payments but their nonceIds. The chain's *head* and the *fee_e8* are the same for each."""

    network: Network
    sender: Address
    asks: tuple[Ask, ...]
    head: Head
    fee_e8: FeeE8
    fee_asked: str | None

    @property
    def not_after(self) -> NotAfter:
        """The last block that can include all of it."""
        return NotAfter(Deadline.HEIGHT, rules.last_block(self.head.pin_height))

    def content(self, place: int, nonce_id: int) -> WarthogContent:
        """Payment *place* with *nonce_id*; every rule of the shared half holds for it.

        :raises BadInput: what :func:`rules.check` raises.
        """
        ask = self.asks[place]
        transaction = Transaction(
            self.network, self.head.pin_hash, self.head.pin_height, nonce_id, self.fee_e8, ask.body
        )
        rules.check(transaction, self.sender, "payment")
        return WarthogContent(self.sender, transaction, self._evidence(ask))

    def _evidence(self, ask: Ask) -> Evidence:
        return Evidence(
            preimage=None if ask.asset is None else ask.asset.preimage,
            fee_asked=self.fee_asked,
            limit_asked=ask.limit_asked,
            chain_length=self.head.length,
            asset=None if ask.asset is None else ask.asset.facts,
        )


def plan(nodes: Sequence[Node], sender: Address, asks: Sequence[Ask], fee_asked: str | None, max_fee: WartE8) -> Plan:
    """Ask *nodes* for what a request of *sender* needs, and refuse what could not be paid or mined.

    :raises Refused: by fee and balance, :mod:`.fees` and :mod:`.balances`; what the nodes raise.
    :raises BadInput: what :func:`rules.check` raises.
    """
    head = heads.agreed_head(nodes)
    least = max(heads.minimum_fee(nodes), *(ask.outbid_e8 + 1 for ask in asks))
    fee_e8 = fee_for(fee_asked, least, max_fee)
    made = Plan(nodes[0].network, sender, tuple(asks), head, fee_e8, fee_asked)
    for place in range(len(asks)):
        made.content(place, nonce_id=0)
    balances.check(nodes, sender, asks, fee_e8)
    return made


def intent(network: Network, sender: Address, body: Body) -> bytes:
    """A digest of who pays what to whom, without pin, nonce and fee: equal for a repeated intent."""
    layout = BY_BODY[type(body)]
    wire: dict[int, Encodable] = {
        key: field.form.wire(value)
        for key, (field, value) in enumerate(zip(layout.fields, layout.values(body), strict=True), FIRST_KEY)
    }
    return hashlib.sha256(_INTENT + cbor.encode([network.value, sender.raw, layout.kind, wire])).digest()
