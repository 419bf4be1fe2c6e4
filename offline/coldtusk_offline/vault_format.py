"""The vault file: canonical CBOR, format version 1.

``{1: header, 2: nonce, 3: body}``, the header holding the table of sealed shares. From the start it is
a table, so that m of n operators is no other format; this version writes and opens 1 of 1.

- A share is sealed under Argon2id of its operator's passphrase. Its associated data are the domain, the
  vault's id, its index, m, n, its label, cost and salt: a share cannot be moved, or made cheaper.
- The body is sealed under a key that HKDF makes of the vault key, with the domain and the whole header as
  associated data: no share, count or generation can be changed without the vault key.
- The AEAD is ChaCha20-Poly1305, in constant time also on a Raspberry Pi 4, which has no AES instructions.
"""

from dataclasses import dataclass

from coldtusk_offline.kdf import SALT_BYTES, Cost
from coldtusk_shared import cbor, limits
from coldtusk_shared.cbor import Encodable
from coldtusk_shared.errors import BadInput, Code
from coldtusk_shared.mapreader import MapReader
from coldtusk_shared.text import check_label

NOT_A_VAULT = Code("vault.not-a-vault", "give the path of a vault that `coldtusk-offline init` made")
VERSION = Code("vault.version", "open it with the version of Coldtusk that wrote it")
NOT_SUPPORTED = Code("vault.not-supported", "this version opens vaults of one operator: use a newer one")
DAMAGED = Code("vault.damaged", "the vault was altered or the medium is failing: use a backup of it")

MAGIC = "coldtusk-vault"
FORMAT_VERSION = 1
VAULT_ID_BYTES = 16
NONCE_BYTES = 12
SEALED_SHARE_BYTES = 87
"""A map of two keys of 32 bytes, and the tag."""
_SHARE_DOMAIN = b"coldtusk/vault-share/v1\0"
_BODY_DOMAIN = b"coldtusk/vault-body/v1\0"
_OWN_CODES = (NOT_A_VAULT, VERSION, NOT_SUPPORTED)


@dataclass(frozen=True, slots=True)
class Share:
    """One operator's row: who, at what cost, and the sealed share."""

    label: str
    cost: Cost
    salt: bytes
    nonce: bytes
    sealed: bytes


@dataclass(frozen=True, slots=True)
class Header:
    """What stands in the clear: *threshold* of the *shares* open the vault; *generation* counts its writes."""

    vault_id: bytes
    threshold: int
    generation: int
    shares: tuple[Share, ...]


@dataclass(frozen=True, slots=True)
class VaultFile:
    """A vault as it lies on the medium."""

    header: Header
    nonce: bytes
    body: bytes


def encode(vault: VaultFile) -> bytes:
    """The bytes of the file."""
    return cbor.encode({1: _encode_header(vault.header), 2: vault.nonce, 3: vault.body})


def share_data(header: Header, index: int) -> bytes:
    """The associated data of share *index*; of the share itself only label, cost and salt go in."""
    share = header.shares[index]
    cost = share.cost
    fields: list[Encodable] = [header.vault_id, index, header.threshold, len(header.shares), share.label]
    return _SHARE_DOMAIN + cbor.encode([*fields, cost.memory_kib, cost.passes, cost.lanes, share.salt])


def body_data(header: Header) -> bytes:
    """The associated data of the body."""
    return _BODY_DOMAIN + cbor.encode(_encode_header(header))


def decode(data: bytes) -> VaultFile:
    """The vault of *data*, not yet authenticated. Raises :class:`BadInput` with a code of this module."""
    try:
        return _decode(data)
    except BadInput as error:
        if error.code in _OWN_CODES:
            raise
        raise BadInput(DAMAGED, error.what, where=error.where) from error


def _encode_header(header: Header) -> dict[int, Encodable]:
    return {
        1: MAGIC,
        2: FORMAT_VERSION,
        3: header.vault_id,
        4: header.threshold,
        5: len(header.shares),
        6: header.generation,
        7: [_encode_share(share) for share in header.shares],
    }


def _encode_share(share: Share) -> dict[int, Encodable]:
    cost = share.cost
    return {
        1: share.label,
        2: cost.memory_kib,
        3: cost.passes,
        4: cost.lanes,
        5: share.salt,
        6: share.nonce,
        7: share.sealed,
    }


def _decode(data: bytes) -> VaultFile:
    reader = MapReader(cbor.decode(data, limits.VAULT_BYTES), "vault")
    header = _decode_header(reader.inner(1, "header"))
    nonce = reader.octets(2, "nonce", NONCE_BYTES)
    body = reader.value(3, "body")
    if not isinstance(body, bytes):
        raise BadInput(DAMAGED, "not a byte string", where="vault.body")
    reader.done()
    return VaultFile(header, nonce, body)


def _decode_header(reader: MapReader) -> Header:
    if reader.text(1, "magic") != MAGIC:
        raise BadInput(NOT_A_VAULT, "this is not a Coldtusk vault")
    version = reader.uint(2, "version")
    if version != FORMAT_VERSION:
        raise BadInput(VERSION, f"format version {version}; this Coldtusk knows {FORMAT_VERSION}")
    vault_id = reader.octets(3, "id", VAULT_ID_BYTES)
    threshold = reader.uint(4, "threshold")
    operators = reader.uint(5, "operators")
    if (threshold, operators) != (1, 1):
        raise BadInput(
            NOT_SUPPORTED, f"a vault of {threshold} of {operators} operators is not supported in this version"
        )
    generation = reader.uint(6, "generation", least=1)
    shares = reader.array(7, "shares", most=operators, least=operators)
    reader.done()
    return Header(vault_id, threshold, generation, tuple(_decode_share(MapReader(s, "vault.share")) for s in shares))


def _decode_share(reader: MapReader) -> Share:
    share = Share(
        label=check_label(reader.value(1, "label"), reader.path("label")),
        cost=Cost(reader.uint(2, "memory_kib"), reader.uint(3, "passes"), reader.uint(4, "lanes")),
        salt=reader.octets(5, "salt", SALT_BYTES),
        nonce=reader.octets(6, "nonce", NONCE_BYTES),
        sealed=reader.octets(7, "sealed", SEALED_SHARE_BYTES),
    )
    reader.done()
    return share
