"""An online half for tests of the device: an Ed25519 identity that seals requests of given items."""

from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from coldtusk_shared import envelope, request
from coldtusk_shared.deadline import Deadline, NotAfter
from coldtusk_shared.envelope import MessageType
from coldtusk_shared.request import Item, JournalHead, PaymentId, Request, RequestId
from coldtusk_shared.services.warthog.address import Address
from coldtusk_shared.services.warthog.content import WarthogContent
from coldtusk_shared.services.warthog.evidence import Evidence
from coldtusk_shared.services.warthog.fee import FeeE8
from coldtusk_shared.services.warthog.network import Network
from coldtusk_shared.services.warthog.rules import last_block
from coldtusk_shared.services.warthog.transaction import Body, Transaction

PIN_HEIGHT = 1_198_912
MINIMUM_FEE = FeeE8(1_000_448)


class HostSigner:
    """A fixed identity."""

    def __init__(self, seed: bytes = b"h" * 32) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(seed)

    @property
    def public_key(self) -> bytes:
        """32 bytes."""
        return self._key.public_key().public_bytes_raw()

    def sign(self, data: bytes) -> bytes:
        """64 bytes."""
        return self._key.sign(data)


@dataclass
class TestHost:
    """Makes items and sealed requests; ids count up, so that every run gives the same bytes."""

    __test__ = False

    signer: HostSigner = field(default_factory=HostSigner)
    made: int = 0

    def transaction(self, body: Body, **changes: object) -> Transaction:
        """A transaction of *body* on the defi network with the usual pin and fee."""
        common: dict[str, object] = {
            "network": Network.DEFI,
            "pin_hash": bytes(range(32)),
            "pin_height": PIN_HEIGHT,
            "nonce_id": 7,
            "fee_e8": MINIMUM_FEE,
        }
        return Transaction(**{**common, **changes, "body": body})  # type: ignore[arg-type] # typed by the callers

    def item(self, sender: Address, transaction: Transaction, evidence: Evidence | None = None) -> Item:
        """An item with a new payment id."""
        self.made += 1
        payment_id = PaymentId(self.made.to_bytes(16))
        return Item(payment_id, sender.raw, WarthogContent(sender, transaction, evidence or Evidence()))

    def request(self, *items: Item, head: JournalHead | None = None, purpose: str = "Pay invoice 17") -> Request:
        """A request of *items* with a new id."""
        self.made += 1
        contents = [item.content for item in items]
        pins = [content.transaction.pin_height for content in contents if isinstance(content, WarthogContent)]
        return Request(
            id=RequestId(self.made.to_bytes(16)),
            created=1_795_174_494,
            not_after=NotAfter(Deadline.HEIGHT, last_block(min(pins))),
            purpose=purpose,
            origin="ops-laptop",
            items=items,
            host_head=head,
        )

    def seal(self, asked: Request) -> bytes:
        """*asked* as a message."""
        return envelope.seal(MessageType.REQUEST, request.encode(asked), self.signer)
