"""What a Warthog transaction moves out of the account, in the model of every system (:mod:`coldtusk_shared.value`)."""

from fractions import Fraction

from coldtusk_shared.services.warthog import transaction as tx
from coldtusk_shared.services.warthog.amount import LIQUIDITY_DECIMALS
from coldtusk_shared.services.warthog.evidence import Evidence
from coldtusk_shared.value import Currency, Value

_WART = "WART"
_WART_DECIMALS = 8
_SHARES = "/liquidity"


def values(transaction: tx.Transaction, proof: Evidence, scope: str) -> tuple[Value, ...]:
    """The amounts of the body, then the fee, which has no payee. An asset's code is its hash in hex."""
    return (*_moved(transaction.body, proof, scope), _wart(scope, transaction.fee_e8, None))


def _moved(body: tx.Body, proof: Evidence, scope: str) -> tuple[Value, ...]:
    match body:
        case tx.WartTransfer():
            return (_wart(scope, body.wart_e8, body.to_addr.text),)
        case tx.TokenTransfer():
            return (_transferred(body, proof, scope),)
        case tx.LimitSwap(is_buy=True):
            return (_wart(scope, body.amount_u64, None),)
        case tx.LimitSwap():
            return (_asset(scope, body.asset_hash, body.amount_u64, proof, None),)
        case tx.LiquidityDeposit():
            units = _asset(scope, body.asset_hash, body.amount_u64, proof, None)
            return (units, _wart(scope, body.wart_e8, None))
        case tx.LiquidityWithdrawal():
            return (_shares(scope, body.asset_hash, body.amount_e8, None),)
        case tx.Cancelation() | tx.AssetCreation():
            return ()


def _transferred(body: tx.TokenTransfer, proof: Evidence, scope: str) -> Value:
    payee = body.to_addr.text
    if body.is_liquidity:
        return _shares(scope, body.asset_hash, body.amount_u64, payee)
    return _asset(scope, body.asset_hash, body.amount_u64, proof, payee)


def _wart(scope: str, e8: int, payee: str | None) -> Value:
    return Value(Currency(scope, _WART), Fraction(e8, 10**_WART_DECIMALS), payee)


def _shares(scope: str, asset_hash: bytes, units: int, payee: str | None) -> Value:
    return Value(Currency(scope, asset_hash.hex() + _SHARES), Fraction(units, 10**LIQUIDITY_DECIMALS), payee)


def _asset(scope: str, asset_hash: bytes, units: int, proof: Evidence, payee: str | None) -> Value:
    if proof.asset is None:
        return Value(Currency(scope, asset_hash.hex(), raw=True), Fraction(units), payee)
    return Value(Currency(scope, asset_hash.hex()), Fraction(units, 10**proof.asset.decimals), payee)
