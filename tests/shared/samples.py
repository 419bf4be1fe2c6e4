"""Fixed identities, accounts and transactions, of which vectors and tests are made. Nothing here is secret."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

import coincurve
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from coldtusk_shared.envelope import KeyId, key_id
from coldtusk_shared.services.warthog import asset, price
from coldtusk_shared.services.warthog import transaction as tx
from coldtusk_shared.services.warthog.address import Address
from coldtusk_shared.services.warthog.amount import AssetUnits, WartE8
from coldtusk_shared.services.warthog.asset import AssetFacts
from coldtusk_shared.services.warthog.content import WarthogContent
from coldtusk_shared.services.warthog.evidence import Evidence
from coldtusk_shared.services.warthog.fee import FeeE8
from coldtusk_shared.services.warthog.network import Network
from coldtusk_shared.services.warthog.preimage import preimage


@dataclass(frozen=True, slots=True)
class Identity:
    """An Ed25519 key made from one repeated byte."""

    seed_byte: int

    @property
    def public_key(self) -> bytes:
        """32 bytes."""
        return self._key().public_key().public_bytes_raw()

    @property
    def pinned(self) -> Mapping[KeyId, bytes]:
        """The only key that the other half knows."""
        return {key_id(self.public_key): self.public_key}

    def sign(self, data: bytes) -> bytes:
        """64 bytes, the same for the same *data*."""
        return self._key().sign(data)

    def _key(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(bytes([self.seed_byte]) * 32)


HOST = Identity(1)
DEVICE = Identity(2)
STRANGER = Identity(3)

ACCOUNT_KEY = bytes([7]) * 32
SENDER = Address.from_public_key(coincurve.PublicKey.from_secret(ACCOUNT_KEY).format())
PAYEE = Address.parse("3661579d61abde5837a8686dc4d65348a2fc61b1fe5f4093")
BURN = Address(bytes(20))

PIN_HASH = bytes.fromhex("bacde48081573770e45fa76c7c2a7cea78779e8475ce6ab850f5dd730ca14d86")
PIN_HEIGHT = 1198912
CHAIN_LENGTH = PIN_HEIGHT + 91
NONCE = 2_718_281_828
FEE = FeeE8(1_000_448)


def transaction(body: tx.Body, network: Network = Network.DEFI, nonce_id: int = NONCE) -> tx.Transaction:
    """*body* with the common fields that all samples share."""
    return tx.Transaction(network, PIN_HASH, PIN_HEIGHT, nonce_id, FEE, body)


CREATION = tx.AssetCreation(AssetUnits(100_000_000_000), 4, "TOK")
TOK_PREIMAGE = preimage(transaction(CREATION, nonce_id=7))
TOK: AssetFacts = asset.parse_preimage(TOK_PREIMAGE)
"""10000000.0000 TOK."""

BODIES: dict[str, tx.Body] = {
    "wartTransfer": tx.WartTransfer(PAYEE, WartE8(150_000_000)),
    "tokenTransfer": tx.TokenTransfer(TOK.hash, False, PAYEE, AssetUnits(125_000)),
    "tokenTransfer-liquidity": tx.TokenTransfer(TOK.hash, True, PAYEE, AssetUnits(125_000_000)),
    "limitSwap-buy": tx.LimitSwap(TOK.hash, True, 250_000_000, price.limit_for(True, Fraction("0.07"), 4)),
    "limitSwap-sell": tx.LimitSwap(TOK.hash, False, 125_000, price.limit_for(False, Fraction("0.5"), 4)),
    "liquidityDeposit": tx.LiquidityDeposit(TOK.hash, AssetUnits(125_000), WartE8(150_000_000)),
    "liquidityWithdrawal": tx.LiquidityWithdrawal(TOK.hash, AssetUnits(125_000_000)),
    "cancelation": tx.Cancelation(PIN_HEIGHT - 64, 3_141_592_653),
    "assetCreation": CREATION,
}
"""The seven types, those with two faces twice."""

EVIDENCE: dict[str, Evidence] = {
    "wartTransfer": Evidence(fee_asked="0.01", chain_length=CHAIN_LENGTH),
    "tokenTransfer": Evidence(preimage=TOK_PREIMAGE, asset=TOK, chain_length=CHAIN_LENGTH),
    "tokenTransfer-liquidity": Evidence(preimage=TOK_PREIMAGE, asset=TOK, chain_length=CHAIN_LENGTH),
    "limitSwap-buy": Evidence(
        preimage=TOK_PREIMAGE, fee_asked="0.01000448", limit_asked="0.07", chain_length=CHAIN_LENGTH, asset=TOK
    ),
    "limitSwap-sell": Evidence(
        preimage=TOK_PREIMAGE, fee_asked="0.01", limit_asked="0.5", chain_length=CHAIN_LENGTH, asset=TOK
    ),
    "liquidityDeposit": Evidence(preimage=TOK_PREIMAGE, asset=TOK, chain_length=CHAIN_LENGTH),
    "liquidityWithdrawal": Evidence(preimage=TOK_PREIMAGE, asset=TOK, chain_length=CHAIN_LENGTH),
    "cancelation": Evidence(fee_asked="0.01", chain_length=CHAIN_LENGTH),
    "assetCreation": Evidence(fee_asked="0.01", chain_length=CHAIN_LENGTH),
}


def content(name: str, evidence: Evidence | None = None) -> WarthogContent:
    """The sample called *name*, with its own evidence or another."""
    proof = EVIDENCE[name] if evidence is None else evidence
    return WarthogContent(SENDER, transaction(BODIES[name]), proof)


CONTENTS = {name: content(name) for name in BODIES}


def renumbered(content: WarthogContent, nonce_id: int) -> WarthogContent:
    """*content* under another nonce."""
    return replace(content, transaction=replace(content.transaction, nonce_id=nonce_id))
