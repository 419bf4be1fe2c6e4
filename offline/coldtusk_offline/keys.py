"""Private keys of accounts: from words by any known scheme, from a path, or raw; and their addresses."""

import re
from dataclasses import dataclass
from typing import Final

from coincurve import PrivateKey as CurveKey

from coldtusk_offline import derivation, legacy_wallet
from coldtusk_offline.contents import Account, Derived, Raw
from coldtusk_offline.derivation import DerivationPath
from coldtusk_offline.secret import Secret
from coldtusk_shared.errors import BadInput, Code
from coldtusk_shared.services.warthog.address import Address
from coldtusk_shared.services.warthog.network import Network
from coldtusk_shared.text import check_label

FORM = Code("key.form", "a raw key is 64 lower-case hex digits, without 0x")
RANGE = Code("key.range", "this number is no private key of secp256k1: export it again")

_RAW = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class PrivateKey:
    """A private key of an account, 1 to n-1, with its compressed public key (33 bytes)."""

    secret: Secret
    public_key: bytes

    @classmethod
    def of(cls, secret: Secret) -> "PrivateKey":
        """The key of 32 bytes. Raises :class:`BadInput` outside 1 to n-1."""
        try:
            return cls(secret, CurveKey(secret.reveal()).public_key.format(compressed=True))
        except ValueError:
            # Without the cause, so that no part of the key is kept with the error.
            raise BadInput(RANGE, "it is zero, or not below the group's order") from None

    @classmethod
    def parse(cls, text: str) -> "PrivateKey":
        """The key that *text* writes in 64 lower-case hex digits; blanks and a newline around it are left out."""
        if not _RAW.fullmatch(text.strip()):
            raise BadInput(FORM, "it is not 64 lower-case hex digits")
        return cls.of(Secret(bytes.fromhex(text.strip())))

    @property
    def address(self) -> Address:
        """The address of the key, on either network."""
        return Address.from_public_key(self.public_key)


@dataclass(frozen=True, slots=True)
class Scheme:
    """A way in which wallets make a key of words; *template* is its path, with ``{index}``."""

    label: str
    template: str


DOCUMENTED: Final = Scheme("Warthog documents", "m/44'/2070'/0'/0/{index}")
LEGACY_PATH: Final = "legacy-python"
"""Stands for the path of a key by :mod:`coldtusk_offline.legacy_wallet`."""
SCHEMES: Final = (
    DOCUMENTED,
    Scheme("TypeScript library, one extension", "m/44'/2070'/0/0/{index}"),
    Scheme("third-party wallet, not hardened", "m/44/2070/0/0/{index}"),
    Scheme("third-party wallet, all hardened", "m/44'/2070'/0'/0'/{index}'"),
)
"""Every BIP32 scheme that has been seen for the same words (facts: Keys)."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A key that the operator's words may mean; *path* is canonical, or :data:`LEGACY_PATH`."""

    label: str
    path: str
    key: PrivateKey


def candidates(seed: Secret, index: int = 0) -> tuple[Candidate, ...]:
    """What the BIP39 *seed* gives by each scheme at *index*; the old Python wallets have one key, at 0."""
    paths = [(scheme.label, scheme.template.format(index=index)) for scheme in SCHEMES]
    if index == 0:
        paths.append(("old Python wallet", LEGACY_PATH))
    return tuple(Candidate(label, path, key_at(seed, path)) for label, path in paths)


def key_at(seed: Secret, path: str) -> PrivateKey:
    """The key of *path*: any canonical BIP32 path, or :data:`LEGACY_PATH`. Raises :class:`BadInput`."""
    if path == LEGACY_PATH:
        return PrivateKey.of(legacy_wallet.derive(seed))
    return PrivateKey.of(derivation.derive(seed, DerivationPath.parse(path)))


def account_of(key: PrivateKey, network: Network, label: str, origin: Derived | Raw) -> Account:
    """The account of *key*, bound to *network* from now on."""
    return Account(
        network=network,
        address=key.address.raw,
        label=check_label(label, "label"),
        private_key=key.secret,
        public_key=key.public_key,
        origin=origin,
    )
