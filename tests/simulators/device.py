"""A device for tests of the online half: answers requests with its own keys and journal, without vault or review.

Written apart from ``coldtusk_offline``: signatures by coincurve, seals by ``cryptography``, the chain by hashlib.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import coincurve
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from coldtusk_shared import card, envelope, request, response
from coldtusk_shared.card import CardAccount, DeviceCard
from coldtusk_shared.envelope import MessageType
from coldtusk_shared.request import Item, JournalHead, Request
from coldtusk_shared.response import Receipt, RefusedItem, Response, Result, Signed
from coldtusk_shared.services.warthog.address import Address
from coldtusk_shared.services.warthog.content import WarthogContent
from coldtusk_shared.services.warthog.network import Network
from coldtusk_shared.services.warthog.preimage import preimage


class DeviceSigner:
    """A fixed identity."""

    def __init__(self, word: str) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"device " + word.encode()).digest())

    @property
    def public_key(self) -> bytes:
        """32 bytes."""
        return self._key.public_key().public_bytes_raw()

    def sign(self, data: bytes) -> bytes:
        """64 bytes."""
        return self._key.sign(data)


def account_key(word: str) -> coincurve.PrivateKey:
    """The private key of the account that *word* names."""
    return coincurve.PrivateKey(hashlib.sha256(b"account " + word.encode()).digest())


def address_of(word: str) -> Address:
    """Its address."""
    return Address.from_public_key(account_key(word).public_key.format())


def signed(content: WarthogContent, word: str) -> bytes:
    """The 65 bytes r | s | recid of *content* by the key of *word*."""
    digest = hashlib.sha256(preimage(content.transaction)).digest()
    return account_key(word).sign_recoverable(digest, hasher=None)


@dataclass
class Device:
    """*accounts* are words and networks; the journal is a list of entry hashes after the genesis head."""

    label: str = "cold-1"
    accounts: tuple[tuple[str, Network], ...] = (("treasury", Network.DEFI), ("savings", Network.MAIN))
    entries: list[bytes] = field(default_factory=list)

    @property
    def signer(self) -> DeviceSigner:
        """Its identity follows from its name."""
        return DeviceSigner(self.label)

    @property
    def head(self) -> JournalHead:
        """Where the journal stands."""
        return JournalHead(len(self.entries), self.head_at(len(self.entries)))

    def head_at(self, sequence: int) -> bytes:
        """The head after so many entries."""
        head = hashlib.sha256(b"coldtusk/journal-genesis/v1\0" + self.signer.public_key).digest()
        for entry in self.entries[:sequence]:
            head = hashlib.sha256(b"coldtusk/journal-chain/v1\0" + head + entry).digest()
        return head

    def work(self, *entries: bytes) -> None:
        """Append something to the journal that is no answer."""
        self.entries += [hashlib.sha256(entry).digest() for entry in entries]

    def card(self) -> bytes:
        """Its card."""
        held = tuple(CardAccount(network.value, address_of(word).raw, word) for word, network in self.accounts)
        return card.seal_device(DeviceCard(self.signer.public_key, self.label, self.head, held), self.signer)

    def answer(
        self,
        message: bytes,
        *,
        refuse: tuple[int, ...] = (),
        change: Callable[[Response], Response] = lambda given: given,
    ) -> bytes:
        """The response to the request *message*; *refuse* are places of items, *change* tampers before sealing."""
        payload = envelope.read(message).payload
        asked = request.parse(payload)
        results = tuple(self._result(item, place in refuse) for place, item in enumerate(asked.items))
        self.work(payload + repr(results).encode())
        return self.seal(change(self._response(asked, payload, results)))

    def seal(self, given: Response) -> bytes:
        """*given* as a message."""
        return envelope.seal(MessageType.RESPONSE, response.encode(given), self.signer)

    def _response(self, asked: Request, payload: bytes, results: tuple[Result, ...]) -> Response:
        since = asked.host_head.sequence if asked.host_head else 0
        receipt = Receipt(
            device=envelope.key_id(self.signer.public_key),
            software=bytes(32),
            head=self.head,
            entries=tuple(self.entries[since:]),
        )
        return Response(asked.id, request.digest(payload), results, receipt)

    def _result(self, item: Item, refused: bool) -> Result:
        if refused:
            return RefusedItem(item.payment_id, "review.refused", "the operator said no")
        content = item.content
        assert isinstance(content, WarthogContent)
        word = next(word for word, _ in self.accounts if address_of(word) == content.sender)
        return Signed(item.payment_id, signed(content, word))


def with_output(output: bytes, place: int = 0) -> Callable[[Response], Response]:
    """A change that puts *output* into the result at *place*."""

    def change(given: Response) -> Response:
        results = list(given.results)
        results[place] = Signed(results[place].payment_id, output)
        return replace(given, results=tuple(results))

    return change
