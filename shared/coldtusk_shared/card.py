"""Identity cards: what each half shows the other at pairing (``messages.cddl``: card).

A card is sealed by the key that it carries, which proves that its maker holds the key and nothing
more: people compare the key's words on both screens before it is pinned.
"""

from dataclasses import dataclass

from coldtusk_shared import cbor, envelope, limits
from coldtusk_shared.cbor import Encodable
from coldtusk_shared.envelope import MessageType, Signer
from coldtusk_shared.errors import BadInput, Code
from coldtusk_shared.mapreader import WRONG_LENGTH, MapReader
from coldtusk_shared.request import VERSION, JournalHead, check_version, encode_head, parse_head
from coldtusk_shared.services.warthog import network

NOT_OWN_KEY = Code("card.not-its-own-key", "have the card made again on the machine that it names")

WEAK_KEY = Code("card.weak-key", "do not pair: with this key anybody can sign as the machine that it names")

_KEY_BYTES = 32
_ADDRESS_BYTES = 20
_FIELD = 2**255 - 19
_SMALL_ORDER_Y = frozenset(
    {
        0,
        1,
        _FIELD - 1,
        0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7,
        0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826,
    }
)
"""The y of the eight points of small order (RFC 8032 5.1): under such a key one signature fits many messages."""


@dataclass(frozen=True, slots=True)
class CardAccount:
    """An account that a device signs for: public things only."""

    network: str
    address: bytes
    label: str


@dataclass(frozen=True, slots=True)
class CardService:
    """An account at a payment service whose secret a device holds: *account* is what an item names."""

    system: str
    account: bytes
    label: str


@dataclass(frozen=True, slots=True)
class HostCard:
    """An online half: its identity key and the name that its operator gave it."""

    public_key: bytes
    label: str


@dataclass(frozen=True, slots=True)
class DeviceCard:
    """An offline half: its identity key, its name, where its journal stands, its accounts."""

    public_key: bytes
    label: str
    head: JournalHead
    accounts: tuple[CardAccount, ...]
    services: tuple[CardService, ...] = ()


def seal_host(card: HostCard, signer: Signer) -> bytes:
    """*card* in an envelope of its own key."""
    return envelope.seal(MessageType.HOST_CARD, cbor.encode(_identity(card)), signer)


def seal_device(card: DeviceCard, signer: Signer) -> bytes:
    """*card* in an envelope of its own key."""
    payload = _identity(card)
    payload[4] = encode_head(card.head)
    payload[5] = [{1: one.network, 2: one.address, 3: one.label} for one in card.accounts]
    if card.services:
        payload[6] = [{1: one.system, 2: one.account, 3: one.label} for one in card.services]
    return envelope.seal(MessageType.DEVICE_CARD, cbor.encode(payload), signer)


def open_host(message: bytes) -> HostCard:
    """The host card in *message*; whether the key is to be pinned is for people to say."""
    reader, key = _open(message, MessageType.HOST_CARD)
    card = HostCard(key, reader.text(3, "label", limits.LABEL_BYTES))
    reader.done()
    return card


def open_device(message: bytes) -> DeviceCard:
    """The device card in *message*; whether the key is to be pinned is for people to say."""
    reader, key = _open(message, MessageType.DEVICE_CARD)
    card = DeviceCard(
        public_key=key,
        label=reader.text(3, "label", limits.LABEL_BYTES),
        head=parse_head(reader.inner(4, "head")),
        accounts=tuple(
            _parse_account(MapReader(value, f"card.accounts[{place}]"))
            for place, value in enumerate(reader.array(5, "accounts", limits.ACCOUNTS))
        ),
        services=_parse_services(reader) if reader.has(6) else (),
    )
    reader.done()
    return card


def _identity(card: HostCard | DeviceCard) -> dict[int, Encodable]:
    return {1: VERSION, 2: card.public_key, 3: card.label}


def _open(message: bytes, type_: MessageType) -> tuple[MapReader, bytes]:
    sealed = envelope.read(message)
    envelope.require_type(sealed, type_)
    reader = MapReader(cbor.decode(sealed.payload), "card")
    check_version(reader)
    key = reader.octets(2, "public_key", _KEY_BYTES)
    if (int.from_bytes(key, "little") & (1 << 255) - 1) % _FIELD in _SMALL_ORDER_Y:
        raise BadInput(WEAK_KEY, "the key has no secret half that somebody could hold", where="card.public_key")
    if envelope.key_id(key) != sealed.kid:
        raise BadInput(
            NOT_OWN_KEY, "the card is signed by another key than the one it carries", where="card.public_key"
        )
    envelope.verify(sealed, key)
    return reader, key


def _parse_services(reader: MapReader) -> tuple[CardService, ...]:
    values = reader.array(6, "services", limits.SERVICE_ACCOUNTS, 1)
    return tuple(_parse_service(MapReader(value, f"card.services[{place}]")) for place, value in enumerate(values))


def _parse_service(reader: MapReader) -> CardService:
    account = reader.value(2, "account")
    if type(account) is not bytes or not 1 <= len(account) <= limits.ACCOUNT_BYTES:
        what = f"not 1 to {limits.ACCOUNT_BYTES} bytes"
        raise BadInput(WRONG_LENGTH, what, where=reader.path("account"))
    service = CardService(
        system=reader.text(1, "system", limits.LABEL_BYTES),
        account=account,
        label=reader.text(3, "label", limits.LABEL_BYTES),
    )
    reader.done()
    return service


def _parse_account(reader: MapReader) -> CardAccount:
    account = CardAccount(
        network=reader.choice(1, "network", network.NAMES),
        address=reader.octets(2, "address", _ADDRESS_BYTES),
        label=reader.text(3, "label", limits.LABEL_BYTES),
    )
    reader.done()
    return account
