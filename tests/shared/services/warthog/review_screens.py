"""The golden screens of ``tests/golden/review``: what an operator sees of one Warthog item.

``python tests/shared/services/warthog/review_screens.py`` writes the files anew. Before you commit a difference read it
aloud, as an operator would: no test can do that.
"""

import sys
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

if __package__ in {None, ""}:  # started as a script
    sys.path.insert(0, str(Path(__file__).resolve().parents[4]))

from coldtusk_shared import limits
from coldtusk_shared.screen import render
from coldtusk_shared.services.warthog import asset, rules
from coldtusk_shared.services.warthog import transaction as tx
from coldtusk_shared.services.warthog.address import Address
from coldtusk_shared.services.warthog.amount import AssetUnits, WartE8
from coldtusk_shared.services.warthog.content import WarthogContent
from coldtusk_shared.services.warthog.describe import describe
from coldtusk_shared.services.warthog.evidence import Evidence
from coldtusk_shared.services.warthog.fee import FeeE8
from coldtusk_shared.services.warthog.network import Network
from coldtusk_shared.services.warthog.preimage import preimage
from coldtusk_shared.services.warthog.price import LimitPrice, limit_for
from tests.shared.samples import (
    BODIES,
    BURN,
    CHAIN_LENGTH,
    CONTENTS,
    FEE,
    PAYEE,
    PIN_HEIGHT,
    SENDER,
    TOK,
    TOK_PREIMAGE,
    content,
    transaction,
)

FOLDER = Path(__file__).parents[3] / "golden" / "review"
LABELS = {SENDER.raw: "treasury"}
_HIGHEST_PIN = limits.U32 // 32 * 32
_PROOF = Evidence(preimage=TOK_PREIMAGE, asset=TOK, chain_length=CHAIN_LENGTH)
_WIDE_PREIMAGE = preimage(transaction(tx.AssetCreation(AssetUnits(limits.ASSET_SUPPLY_U64), 18, "WWWWW"), nonce_id=8))
_WIDE = asset.parse_preimage(_WIDE_PREIMAGE)
"""The asset whose facts take the most columns."""


def screen(one: WarthogContent, labels: dict[bytes, str] | None = None) -> str:
    """The whole screen of *one*, as a file."""
    return render(describe(one, LABELS if labels is None else labels)) + "\n"


def of(body: tx.Body, proof: Evidence, network: Network = Network.DEFI) -> WarthogContent:
    """*body* with the samples' common fields."""
    return WarthogContent(SENDER, transaction(body, network), proof)


def _at_the_extremes(body: tx.Body, proof: Evidence) -> WarthogContent:
    """*body* with the longest common fields and claims."""
    whole = tx.Transaction(Network.DEFI, b"\xff" * 32, _HIGHEST_PIN, limits.U32, FeeE8(limits.FEE_MAX_E8), body)
    return WarthogContent(SENDER, whole, replace(proof, chain_length=min(limits.U32, _HIGHEST_PIN + 31)))


def _order(is_buy: bool, price: str, amount: int) -> tx.LimitSwap:
    return tx.LimitSwap(TOK.hash, is_buy, amount, limit_for(is_buy, Fraction(price), TOK.decimals))


def _unproved() -> dict[str, WarthogContent]:
    claim = Evidence(limit_asked="0.07", chain_length=CHAIN_LENGTH)
    bare = Evidence(chain_length=CHAIN_LENGTH)
    names = ("tokenTransfer", "tokenTransfer-liquidity", "limitSwap-sell", "liquidityDeposit", "liquidityWithdrawal")
    screens = {f"{name}-unproved": content(name, bare) for name in names}
    return screens | {"limitSwap-buy-unproved": content("limitSwap-buy", claim)}


def _fees_and_times() -> dict[str, WarthogContent]:
    asked = replace(CONTENTS["wartTransfer"].proof, fee_asked="0.01000448")
    unasked = Evidence(chain_length=CHAIN_LENGTH)
    last = Evidence(chain_length=rules.last_block(PIN_HEIGHT) - 1)
    first = Evidence(chain_length=PIN_HEIGHT)
    body = BODIES["wartTransfer"]
    return {
        "wartTransfer-fee-exact": of(body, asked),
        "wartTransfer-fee-not-asked": of(body, unasked),
        "wartTransfer-fee-above-amount": of(tx.WartTransfer(PAYEE, WartE8(1)), unasked),
        "wartTransfer-no-time": of(body, Evidence()),
        "wartTransfer-last-block": of(body, last),
        "wartTransfer-first-block": of(body, first),
        "wartTransfer-main": of(body, asked, Network.MAIN),
    }


def _people() -> dict[str, WarthogContent]:
    return {
        "wartTransfer-burn": of(tx.WartTransfer(BURN, WartE8(1)), Evidence(chain_length=CHAIN_LENGTH)),
        "wartTransfer-to-own-account": of(tx.WartTransfer(OWN, WartE8(limits.WART_SUPPLY_E8 - FEE)), Evidence()),
    }


OWN = Address(b"\x0b" * 20)


def _defi() -> dict[str, WarthogContent]:
    only_asset = tx.LiquidityDeposit(TOK.hash, AssetUnits(1), WartE8(0))
    only_wart = tx.LiquidityDeposit(TOK.hash, AssetUnits(0), WartE8(1))
    down, up = _order(True, "0.0700001", 250_000_000), _order(False, "0.0700001", 125_000)
    asked = replace(_PROOF, limit_asked="0.0700001")
    return {
        "liquidityDeposit-asset-only": of(only_asset, _PROOF),
        "liquidityDeposit-wart-only": of(only_wart, _PROOF),
        "limitSwap-buy-rounded": of(down, asked),
        "limitSwap-sell-rounded": of(up, asked),
        "limitSwap-price-not-asked": of(down, _PROOF),
        "assetCreation-called-WART": of(tx.AssetCreation(AssetUnits(1), 18, "WART"), Evidence()),
        "cancelation-first-pin": of(tx.Cancelation(0, 0), Evidence()),
    }


def _extremes() -> dict[str, WarthogContent]:
    wide = Evidence(preimage=_WIDE_PREIMAGE, asset=_WIDE)
    units, supply = AssetUnits(limits.ASSET_SUPPLY_U64), WartE8(limits.WART_SUPPLY_E8)
    highest, lowest = LimitPrice(0xFFFF, 127), LimitPrice(0x8001, 0)
    bodies: dict[str, tuple[tx.Body, Evidence]] = {
        "wartTransfer": (tx.WartTransfer(PAYEE, supply), Evidence()),
        "tokenTransfer": (tx.TokenTransfer(_WIDE.hash, False, PAYEE, units), wide),
        "tokenTransfer-liquidity": (tx.TokenTransfer(_WIDE.hash, True, PAYEE, units), wide),
        "limitSwap-buy": (tx.LimitSwap(_WIDE.hash, True, supply, highest), wide),
        "limitSwap-sell": (tx.LimitSwap(_WIDE.hash, False, units, lowest), wide),
        "limitSwap-unproved": (
            tx.LimitSwap(TOK.hash, False, units, lowest),
            Evidence(limit_asked="0." + "0" * 38 + "1"),
        ),
        "liquidityDeposit": (tx.LiquidityDeposit(_WIDE.hash, units, supply), wide),
        "liquidityWithdrawal": (tx.LiquidityWithdrawal(_WIDE.hash, units), wide),
        "cancelation": (tx.Cancelation(_HIGHEST_PIN, limits.U32 - 1), Evidence()),
        "assetCreation": (tx.AssetCreation(units, 18, "WWWWW"), Evidence()),
    }
    return {f"extreme-{name}": _at_the_extremes(body, proof) for name, (body, proof) in bodies.items()}


def contents() -> dict[str, WarthogContent]:
    """Every golden screen's content, by the name of its file."""
    return {**CONTENTS, **_unproved(), **_fees_and_times(), **_people(), **_defi(), **_extremes()}


def screens() -> dict[str, str]:
    """Every golden screen, by the name of its file."""
    labels = {**LABELS, OWN.raw: "payroll \u7d66\u4e0e"}
    return {name: screen(one, labels) for name, one in contents().items()}


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, shown in screens().items():
        (FOLDER / f"{name}.txt").write_text(shown, encoding="utf-8")
    print(f"{len(screens())} screens")
