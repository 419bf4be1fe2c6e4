"""What the vault keeps: the device's identity, seeds, accounts and pinned hosts, as strict CBOR."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NewType, TypeVar

from coldtusk_offline import service_accounts
from coldtusk_offline.secret import Secret
from coldtusk_offline.service_accounts import ServiceAccount
from coldtusk_shared import cbor, limits
from coldtusk_shared.cbor import Encodable
from coldtusk_shared.errors import BadInput, Code, Refused
from coldtusk_shared.mapreader import RESERVED, MapReader
from coldtusk_shared.services.warthog.network import Network
from coldtusk_shared.text import check_label

MALFORMED = Code(
    "vault.contents", "the vault was written by another version or a faulty one: use that version or a backup"
)
TWICE = Code("vault.twice", "it is in the vault already: use what is there, or choose another name")

FULL = Code("vault.full", "make another device for more")

SeedId = NewType("SeedId", bytes)
"""16 random bytes."""

_ENTROPY_BYTES = (16, 20, 24, 28, 32)
_RESERVED = {6: "a policy"}
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Seed:
    """The entropy of BIP39 words: 16 to 32 bytes, a multiple of 4."""

    seed_id: SeedId
    label: str
    entropy: Secret


@dataclass(frozen=True, slots=True)
class Derived:
    """The key comes from a seed of this vault, by a canonical path (``m/44'/2070'/0'/0/0``)."""

    seed_id: SeedId
    path: str


@dataclass(frozen=True, slots=True)
class Raw:
    """The key was imported by itself; no words bring it back."""


@dataclass(frozen=True, slots=True)
class Account:
    """A key that signs transactions of one network, and nothing else."""

    network: Network
    address: bytes
    """20 bytes."""
    label: str
    private_key: Secret
    """32 bytes."""
    public_key: bytes
    """33 bytes, compressed."""
    origin: Derived | Raw


@dataclass(frozen=True, slots=True)
class Host:
    """An online half that may ask: its pinned Ed25519 key."""

    public_key: bytes
    """32 bytes."""
    label: str
    paired: int
    """Seconds since 1970 in UTC when it was paired, by the operator's word."""


@dataclass(frozen=True, slots=True)
class VaultContents:
    """Everything secret or trusted that the device keeps. Addresses, labels, seeds and hosts are unique."""

    device_seed: Secret
    """32 bytes: the seed of the device's Ed25519 identity."""
    seeds: tuple[Seed, ...] = ()
    accounts: tuple[Account, ...] = ()
    hosts: tuple[Host, ...] = ()
    training: bool = False
    """Reserved: true is refused in this version."""
    label: str = "device"
    """The device's own name, on its card."""
    services: tuple[ServiceAccount, ...] = ()


def check(contents: VaultContents) -> None:
    """Refuse what stands twice, and more than a vault is read with.

    An address stands once over both networks: the signed bytes of a transfer are the same on both, so a
    key on both would sign for both (DESIGN, Keys).
    """
    for what, held, most in (
        ("accounts", contents.accounts, limits.ACCOUNTS),
        ("seeds", contents.seeds, limits.VAULT_SEEDS),
        ("hosts", contents.hosts, limits.VAULT_HOSTS),
        ("service accounts", contents.services, limits.SERVICE_ACCOUNTS),
    ):
        if len(held) > most:
            raise Refused(FULL, f"a vault holds at most {most} {what}")
    _once("address", [account.address for account in contents.accounts])
    _once("account label", [account.label for account in contents.accounts])
    _once("seed", [seed.seed_id for seed in contents.seeds])
    _once("seed label", [seed.label for seed in contents.seeds])
    _once("host", [host.public_key for host in contents.hosts])
    _once("host label", [host.label for host in contents.hosts])
    service_accounts.check(contents.services)


def encode(contents: VaultContents) -> bytes:
    """*contents* as canonical CBOR; :func:`decode` gives the same again."""
    encoded: dict[int, Encodable] = {
        1: contents.device_seed.reveal(),
        2: [{1: seed.seed_id, 2: seed.label, 3: seed.entropy.reveal()} for seed in contents.seeds],
        3: [_encode_account(account) for account in contents.accounts],
        4: [{1: host.public_key, 2: host.label, 3: host.paired} for host in contents.hosts],
        5: contents.training,
        8: contents.label,
    }
    if contents.services:
        encoded[7] = [service_accounts.encode(account) for account in contents.services]
    return cbor.encode(encoded)


def decode(data: bytes) -> VaultContents:
    """The contents of authenticated *data*. Raises :class:`BadInput` for all that :func:`encode` would not write."""
    try:
        return _decode(data)
    except BadInput as error:
        if error.code is RESERVED:
            raise
        # Without the cause: it may quote what it found.
        raise BadInput(MALFORMED, "the contents are not as this version writes them", where=error.where) from None


def _decode(data: bytes) -> VaultContents:
    reader = MapReader(cbor.decode(data, limits.VAULT_BYTES), "contents")
    contents = VaultContents(
        device_seed=Secret(reader.octets(1, "device_seed", 32)),
        seeds=_list(reader, 2, "seeds", limits.VAULT_SEEDS, _decode_seed),
        accounts=_list(reader, 3, "accounts", limits.ACCOUNTS, _decode_account),
        hosts=_list(reader, 4, "hosts", limits.VAULT_HOSTS, _decode_host),
        training=reader.flag(5, "training"),
        label=_label(reader, 8),
        services=_services(reader) if reader.has(7) else (),
    )
    reader.done(_RESERVED)
    if contents.training:
        raise BadInput(RESERVED, "a training vault is not supported in this version", where="contents.training")
    _check_origins(contents)
    return contents


def _services(reader: MapReader) -> tuple[ServiceAccount, ...]:
    found = _list(reader, 7, "services", limits.SERVICE_ACCOUNTS, service_accounts.decode)
    if not found:
        raise BadInput(MALFORMED, "an empty table", where=reader.path("services"))
    return found


def _encode_account(account: Account) -> dict[int, Encodable]:
    fields: dict[int, Encodable] = {
        1: account.network.value,
        2: account.address,
        3: account.label,
        4: account.private_key.reveal(),
        5: account.public_key,
    }
    if isinstance(account.origin, Derived):
        fields[6] = {1: account.origin.seed_id, 2: account.origin.path}
    return fields


def _decode_seed(reader: MapReader) -> Seed:
    entropy = reader.value(3, "entropy")
    if not isinstance(entropy, bytes) or len(entropy) not in _ENTROPY_BYTES:
        raise BadInput(MALFORMED, "not the entropy of BIP39 words", where=reader.path("entropy"))
    return Seed(SeedId(reader.octets(1, "seed_id", 16)), _label(reader, 2), Secret(entropy))


def _decode_account(reader: MapReader) -> Account:
    return Account(
        network=_network(reader),
        address=reader.octets(2, "address", 20),
        label=_label(reader, 3),
        private_key=Secret(reader.octets(4, "private_key", 32)),
        public_key=reader.octets(5, "public_key", 33),
        origin=_origin(reader),
    )


def _decode_host(reader: MapReader) -> Host:
    return Host(reader.octets(1, "public_key", 32), _label(reader, 2), reader.uint(3, "paired"))


def _network(reader: MapReader) -> Network:
    name = reader.text(1, "network")
    for network in Network:
        if network.value == name:
            return network
    raise BadInput(MALFORMED, "not a network", where=reader.path("network"))


def _origin(reader: MapReader) -> Derived | Raw:
    if not reader.has(6):
        return Raw()
    inner = reader.inner(6, "origin")
    origin = Derived(SeedId(inner.octets(1, "seed_id", 16)), inner.text(2, "path"))
    inner.done()
    return origin


def _label(reader: MapReader, key: int) -> str:
    return check_label(reader.value(key, "label"), reader.path("label"))


def _list(reader: MapReader, key: int, name: str, most: int, decode_one: Callable[[MapReader], _T]) -> tuple[_T, ...]:
    found = []
    for index, value in enumerate(reader.array(key, name, most)):
        inner = MapReader(value, f"{reader.path(name)}[{index}]")
        found.append(decode_one(inner))
        inner.done()
    return tuple(found)


def _check_origins(contents: VaultContents) -> None:
    known = {seed.seed_id for seed in contents.seeds}
    for account in contents.accounts:
        if isinstance(account.origin, Derived) and account.origin.seed_id not in known:
            raise BadInput(MALFORMED, "the seed of an account is missing", where=f"account {account.label!r}")


def _once(what: str, values: list[bytes] | list[str] | list[SeedId]) -> None:
    if len(set(values)) != len(values):
        raise Refused(TWICE, f"the same {what} stands twice")
