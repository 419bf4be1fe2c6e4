"""Hypothesis strategies: every Warthog transaction that may be built, over the whole range of each field."""

from fractions import Fraction

from hypothesis import strategies as st

from coldtusk_shared import limits
from coldtusk_shared.services.warthog import asset, fee, rules
from coldtusk_shared.services.warthog import transaction as tx
from coldtusk_shared.services.warthog.address import Address
from coldtusk_shared.services.warthog.amount import AssetUnits, WartE8, format_wart
from coldtusk_shared.services.warthog.asset import AssetHash
from coldtusk_shared.services.warthog.content import WarthogContent
from coldtusk_shared.services.warthog.evidence import Evidence
from coldtusk_shared.services.warthog.fee import FeeE8
from coldtusk_shared.services.warthog.network import Network
from coldtusk_shared.services.warthog.preimage import preimage
from coldtusk_shared.services.warthog.price import LimitPrice, limit_for

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
_SENDER = b"\x0a" * 20


def _up_to(most: int, least: int = 0) -> st.SearchStrategy[int]:
    return st.integers(least, most) | st.sampled_from([least, least + 1, most - 1, most])


hashes = st.binary(min_size=32, max_size=32)
assets = hashes.filter(any).map(AssetHash)
addresses = st.binary(min_size=20, max_size=20).map(Address)
recipients = addresses.filter(lambda address: address.raw != _SENDER)
pins = _up_to(limits.U32 // 32).map(lambda value: value * 32)
nonces = _up_to(limits.U32)
fees = _up_to(limits.WART_SUPPLY_E8, 1).map(fee.ceil) | st.just(FeeE8(limits.FEE_MAX_E8))
wart = _up_to(limits.WART_SUPPLY_E8, 1).map(WartE8)
units = _up_to(limits.ASSET_SUPPLY_U64, 1).map(AssetUnits)
prices = st.builds(LimitPrice, _up_to(0xFFFF, 0x8000), _up_to(127))
decimals = st.integers(0, limits.ASSET_DECIMALS)
names = st.text(_LETTERS, min_size=1, max_size=5)

wart_transfers = st.builds(tx.WartTransfer, recipients, wart)
token_transfers = st.builds(tx.TokenTransfer, assets, st.booleans(), recipients, units)
purchases = st.builds(tx.LimitSwap, assets, st.just(True), wart, prices)
sales = st.builds(tx.LimitSwap, assets, st.just(False), units, prices)
deposits = (
    st.builds(tx.LiquidityDeposit, assets, units, wart)
    | st.builds(tx.LiquidityDeposit, assets, st.just(AssetUnits(0)), wart)
    | st.builds(tx.LiquidityDeposit, assets, units, st.just(WartE8(0)))
)
withdrawals = st.builds(tx.LiquidityWithdrawal, assets, units)
creations = st.builds(tx.AssetCreation, units, decimals, names)


@st.composite
def transactions(draw: st.DrawFn, bodies: st.SearchStrategy[tx.Body] | None = None) -> tx.Transaction:
    """A transaction of one of *bodies*, or of any type; transfers of WART on either network."""
    pin, nonce = draw(pins), draw(nonces)
    body = draw(any_body if bodies is None else bodies)
    if isinstance(body, tx.Cancelation):
        height = min(body.cancel_height, pin)
        clash = (height, body.cancel_nonce_id) == (pin, nonce)
        body = tx.Cancelation(height, body.cancel_nonce_id ^ 1 if clash else body.cancel_nonce_id)
    network = draw(st.sampled_from(Network)) if isinstance(body, tx.WartTransfer) else Network.DEFI
    return tx.Transaction(network, draw(hashes), pin, nonce, draw(fees), body)


cancelations = st.builds(tx.Cancelation, pins, nonces)
any_body: st.SearchStrategy[tx.Body] = st.one_of(
    wart_transfers, token_transfers, purchases, sales, deposits, withdrawals, cancelations, creations
)
_creation_transactions = transactions(creations)


@st.composite
def contents(draw: st.DrawFn) -> WarthogContent:
    """A transaction with any evidence that agrees with it."""
    transaction = draw(transactions())
    transaction, creation = _with_proof(draw, transaction)
    facts = None if creation is None else asset.parse_preimage(creation)
    length = draw(st.none() | st.integers(0, rules.LIFETIME_BLOCKS - 1).map(lambda age: transaction.pin_height + age))
    asked = None
    if transaction.fee_e8 <= limits.WART_SUPPLY_E8 and draw(st.booleans()):
        lowest = transaction.fee_e8 - draw(st.integers(0, 9))
        asked = format_wart(lowest if lowest > 0 and fee.ceil(lowest) == transaction.fee_e8 else transaction.fee_e8)
    transaction, limit = _with_limit(draw, transaction, None if facts is None else facts.decimals)
    if length is not None and length > limits.U32:
        length = None
    proof = Evidence(preimage=creation, fee_asked=asked, limit_asked=limit, chain_length=length, asset=facts)
    return WarthogContent(Address(_SENDER), transaction, proof)


def _with_proof(draw: st.DrawFn, transaction: tx.Transaction) -> tuple[tx.Transaction, bytes | None]:
    """Now and then the transaction's asset is one whose creation is at hand."""
    if not hasattr(transaction.body, "asset_hash") or draw(st.booleans()):
        return transaction, None
    creation = preimage(draw(_creation_transactions))
    return replaced(transaction, asset_hash=asset.parse_preimage(creation).hash), creation


def _with_limit(draw: st.DrawFn, transaction: tx.Transaction, places: int | None) -> tuple[tx.Transaction, str | None]:
    """Now and then the limit of an order is the one that a price gives, and the price stands in the evidence."""
    body = transaction.body
    if not isinstance(body, tx.LimitSwap) or draw(st.booleans()):
        return transaction, None
    text = f"{draw(st.integers(0, 9999))}.{draw(st.integers(1, 10**8)):08d}"
    if places is None:
        return transaction, text
    return replaced(transaction, limit=limit_for(body.is_buy, Fraction(text), places)), text


def replaced(transaction: tx.Transaction, **changes: object) -> tx.Transaction:
    """*transaction* with other values in its body."""
    values = {name: getattr(transaction.body, name) for name in transaction.body.__slots__} | changes
    body = type(transaction.body)(**values)
    common = (transaction.network, transaction.pin_hash, transaction.pin_height, transaction.nonce_id)
    return tx.Transaction(*common, transaction.fee_e8, body)
