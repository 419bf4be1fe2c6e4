"""Warthog items that must be refused: for their form, by a rule, or because their evidence contradicts them."""

from typing import Any

from coldtusk_shared.envelope import MessageType
from tests.shared.rejecting import GONE, Rejected, payload_with, resealed
from tests.shared.samples import PIN_HEIGHT, SENDER, TOK_PREIMAGE


def rejected() -> list[Rejected]:
    """All of them."""
    return [*_fields(), *_rules(), *_evidence()]


def _warthog(kind: str, part: str, change: Any) -> bytes:
    base = f"request-{kind}"
    return resealed(base, payload_with(base, {7: {0: {4 if part == "fields" else 5: change}}}))


def _fields() -> list[Rejected]:
    def form(name: str, kind: str, change: Any, code: str, where: str) -> Rejected:
        message = _warthog(kind, "fields", change)
        return Rejected(name, MessageType.REQUEST, message, "parse", code, f"request.items[0].fields{where}")

    transfer = "wartTransfer"
    return [
        form("a network of nobody", transfer, {1: "test"}, "field.out-of-range", ".network"),
        form("a pin hash of 31 bytes", transfer, {2: bytes(31)}, "field.wrong-length", ".pin_hash"),
        form("a pin height of 33 bits", transfer, {3: 1 << 32}, "field.out-of-range", ".pin_height"),
        form("a nonce of 33 bits", transfer, {4: 1 << 32}, "field.out-of-range", ".nonce_id"),
        form("a fee that is a text", transfer, {5: "0.01"}, "field.wrong-type", ".fee_e8"),
        form("a fee below zero", transfer, {5: -1}, "field.out-of-range", ".fee_e8"),
        form("a recipient with its checksum", transfer, {6: bytes(24)}, "field.wrong-length", ".to_addr"),
        form("an amount that is true", transfer, {7: True}, "field.wrong-type", ".wart_e8"),
        form("a field of another type", transfer, {8: 1}, "field.unknown", ""),
        form("a field too few", "tokenTransfer", {9: GONE}, "field.missing", ".amount_u64"),
        form("a side that is 1", "limitSwap-buy", {7: 1}, "field.wrong-type", ".is_buy"),
        form("a limit of 2 bytes", "limitSwap-buy", {9: b"\x80\0"}, "field.wrong-length", ".limit"),
        form("a mantissa that crashes the node", "limitSwap-buy", {9: b"\x7f\xff\x40"}, "warthog.price.form", ".limit"),
        form("an exponent that crashes the node", "limitSwap-buy", {9: b"\x80\0\x80"}, "warthog.price.form", ".limit"),
        form("a name of six letters", "assetCreation", {8: "TOKENS"}, "text.too-long", ".name"),
    ]


def _rules() -> list[Rejected]:
    def rule(name: str, kind: str, change: Any, code: str, where: str) -> Rejected:
        message = _warthog(kind, "fields", change)
        return Rejected(name, MessageType.REQUEST, message, "rules", code, f"request.items[0].fields.{where}")

    amount, above = "warthog.amount-range", 1 << 63
    return [
        rule("an asset on the main network", "tokenTransfer", {1: "main"}, "warthog.type-not-on-network", "network"),
        rule(
            "a pin that is no multiple of 32", "wartTransfer", {3: PIN_HEIGHT + 1}, "warthog.pin-height", "pin_height"
        ),
        rule("a fee of zero", "wartTransfer", {5: 0}, "warthog.fee.range", "fee_e8"),
        rule("a fee above the supply", "wartTransfer", {5: 1 << 51}, "warthog.fee.range", "fee_e8"),
        rule("a fee that 16 bits do not hold", "wartTransfer", {5: 1_000_449}, "warthog.fee.inexact", "fee_e8"),
        rule("a transfer of nothing", "wartTransfer", {7: 0}, amount, "wart_e8"),
        rule("more WART than there is", "wartTransfer", {7: 1_892_160_000_000_001}, amount, "wart_e8"),
        rule("a transfer to the sender", "wartTransfer", {6: SENDER.raw}, "warthog.self-transfer", "to_addr"),
        rule("an asset to the sender", "tokenTransfer", {8: SENDER.raw}, "warthog.self-transfer", "to_addr"),
        rule("the all-zero asset", "tokenTransfer", {6: bytes(32)}, "warthog.zero-asset", "asset_hash"),
        rule("a transfer of no asset", "tokenTransfer", {9: 0}, amount, "amount_u64"),
        rule("more of an asset than one can have", "tokenTransfer", {9: above}, amount, "amount_u64"),
        rule("a purchase for nothing", "limitSwap-buy", {8: 0}, amount, "amount_u64"),
        rule(
            "a purchase for more WART than there is", "limitSwap-buy", {8: 1_892_160_000_000_001}, amount, "amount_u64"
        ),
        rule("a deposit of nothing", "liquidityDeposit", {7: 0, 8: 0}, "warthog.nothing-deposited", "amount_u64"),
        rule("a withdrawal of nothing", "liquidityWithdrawal", {7: 0}, amount, "amount_e8"),
        rule("a cancelation of no pin height", "cancelation", {6: 33}, "warthog.cancel-height", "cancel_height"),
        rule(
            "a cancelation above its pin", "cancelation", {6: PIN_HEIGHT + 32}, "warthog.cancel-future", "cancel_height"
        ),
        rule(
            "a cancelation of itself",
            "cancelation",
            {4: 3_141_592_653, 6: PIN_HEIGHT},
            "warthog.cancel-itself",
            "cancel_nonce_id",
        ),
        rule("a cancelled nonce of 33 bits", "cancelation", {7: 1 << 32}, amount, "cancel_nonce_id"),
        rule("a supply of zero", "assetCreation", {6: 0}, "warthog.asset.supply", "supply_u64"),
        rule("a supply that crashes the node", "assetCreation", {6: above}, "warthog.asset.supply", "supply_u64"),
        rule("19 decimals", "assetCreation", {7: 19}, "warthog.decimals", "decimals"),
        rule("an empty name", "assetCreation", {8: ""}, "warthog.asset.name", "name"),
        rule("a name with a hyphen", "assetCreation", {8: "A-B"}, "warthog.asset.name", "name"),
        rule("a name beyond ASCII", "assetCreation", {8: "\u00c4"}, "warthog.asset.name", "name"),
    ]


def _evidence() -> list[Rejected]:
    def proof(name: str, kind: str, change: Any, code: str, where: str) -> Rejected:
        message = _warthog(kind, "evidence", change)
        return Rejected(name, MessageType.REQUEST, message, "evidence", code, f"request.items[0].evidence{where}")

    def creation(at: int, new: bytes) -> bytes:
        return TOK_PREIMAGE[:at] + new + TOK_PREIMAGE[at + len(new) :]

    fee, limit, asset, chain = ".fee_asked", ".limit_asked", ".asset_preimage", ".chain_length"
    transfer, token, buy = "wartTransfer", "tokenTransfer", "limitSwap-buy"
    return [
        proof("evidence that is an array", transfer, [], "field.wrong-type", ""),
        proof("evidence of nobody", transfer, {5: 0}, "field.unknown", ""),
        proof("a proof of 64 bytes", token, {1: bytes(64)}, "field.wrong-length", asset),
        proof("a proof for a type without an asset", transfer, {1: TOK_PREIMAGE}, "warthog.evidence.no-asset", asset),
        proof("the proof of another asset", token, {1: creation(36, b"\0\0\0\1")}, "warthog.asset.other-hash", asset),
        proof(
            "a proof whose reserved bytes are not zero",
            token,
            {1: creation(40, b"\1")},
            "warthog.asset.preimage",
            asset,
        ),
        proof("a proof at no pin height", token, {1: creation(35, b"\1")}, "warthog.asset.preimage", asset),
        proof(
            "a proof of a fee that 16 bits do not hold", token, {1: creation(50, b"\1")}, "warthog.fee.inexact", asset
        ),
        proof("a proof of a name with a gap", token, {1: creation(61, b"\0")}, "warthog.asset.name", asset),
        proof("a proof of no supply", token, {1: creation(51, bytes(8))}, "warthog.asset.supply", asset),
        proof("a proof of 19 decimals", token, {1: creation(59, b"\x13")}, "warthog.decimals", asset),
        proof("another fee than was asked", transfer, {2: "0.02"}, "warthog.evidence.fee", fee),
        proof("a fee that was asked as zero", transfer, {2: "0"}, "warthog.evidence.fee", fee),
        proof("a fee that was rounded down", transfer, {2: "0.01000449"}, "warthog.evidence.fee", fee),
        proof("an asked fee of nine decimals", transfer, {2: "0.010000000"}, "warthog.amount.too-precise", fee),
        proof("an asked fee above the supply", transfer, {2: "18921600.00000001"}, "warthog.amount.above-supply", fee),
        proof("an asked fee with an exponent", transfer, {2: "1e-2"}, "decimal.form", fee),
        proof("an asked fee of 21 digits", transfer, {2: "0." + "0" * 20}, "decimal.digits", fee),
        proof("an asked fee of 42 characters", transfer, {2: "0" * 42}, "text.too-long", fee),
        proof("a limit price for a transfer", transfer, {3: "1"}, "warthog.evidence.price", limit),
        proof("another price than was asked", buy, {3: "0.08"}, "warthog.evidence.price", limit),
        proof("a price of zero", buy, {3: "0"}, "warthog.price.range", limit),
        proof("a price with a sign", buy, {3: "+1"}, "decimal.form", limit),
        proof("a chain below the pin", transfer, {4: PIN_HEIGHT - 1}, "warthog.evidence.pin-above-chain", chain),
        proof("a chain past the last block", transfer, {4: PIN_HEIGHT + 8191}, "warthog.pin-expired", chain),
        proof("a chain's length of 33 bits", transfer, {4: 1 << 32}, "field.out-of-range", chain),
    ]
