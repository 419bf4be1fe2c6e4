"""The review of an item: golden screens, every signed field shown, nothing too wide, no claim that looks proved."""

from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from coldtusk_shared import screen, text
from coldtusk_shared.errors import BadInput
from coldtusk_shared.services.warthog import describe, rules
from coldtusk_shared.services.warthog import transaction as tx
from coldtusk_shared.services.warthog.amount import WartE8
from coldtusk_shared.services.warthog.content import WarthogContent
from coldtusk_shared.services.warthog.evidence import Evidence
from coldtusk_shared.services.warthog.fee import FeeE8
from coldtusk_shared.services.warthog.network import Network
from coldtusk_shared.services.warthog.preimage import preimage
from tests.shared.samples import CONTENTS, PAYEE, SENDER
from tests.shared.services.warthog import review_screens
from tests.shared.services.warthog import strategies as some

_SCREENS = review_screens.screens()
_CONTENTS = review_screens.contents()


def _label(value: str) -> bool:
    try:
        return bool(text.check_label(value, "label"))
    except BadInput:
        return False


_labels = st.text(max_size=64).filter(_label)


def _shown(content: WarthogContent) -> str:
    """The screen without the transaction hash, which changes with everything."""
    return "\n".join(row for row in review_screens.screen(content).splitlines() if not row.startswith("Txid"))


@pytest.mark.parametrize("name", _SCREENS)
def test_golden_screens(name: str) -> None:
    """To the last character what stands in the file."""
    assert (review_screens.FOLDER / f"{name}.txt").read_text(encoding="utf-8") == _SCREENS[name]


def test_no_screen_is_left_over() -> None:
    """Each file has its content."""
    assert set(_SCREENS) == {path.stem for path in review_screens.FOLDER.iterdir()}


@pytest.mark.parametrize("name", _CONTENTS)
def test_golden_contents_may_be_built(name: str) -> None:
    """The screens show what a device could be asked to sign."""
    rules.check(_CONTENTS[name].transaction, SENDER)


@given(some.contents(), _labels)
def test_never_wider_than_the_screen(content: WarthogContent, label: str) -> None:
    """80 columns at most, whatever is signed and whatever the accounts are called."""
    names = {content.sender.raw: label, getattr(content.transaction.body, "to_addr", SENDER).raw: label}
    rows = review_screens.screen(content, names).splitlines()
    assert screen.COLUMNS >= max(map(text.columns, rows))
    assert all(row.isprintable() for row in rows)


@given(some.contents())
def test_each_claim_is_marked(content: WarthogContent) -> None:
    """What the host says stands behind these words; numbers that are not its claims are recomputed."""
    shown, proof = _shown(content), content.proof
    assert ("the host says that the chain has" in shown) == (proof.chain_length is not None)
    assert ("WART was asked" in shown) == (proof.fee_asked is not None or proof.limit_asked is not None)
    for row in shown.splitlines():
        assert "WART was asked" not in row or "the host says" in row
    if hasattr(content.transaction.body, "asset_hash"):
        assert ("NOT PROVED" in shown) == (proof.asset is None)


_CHANGES: dict[str, Any] = {
    "network": Network.MAIN,
    "pin_hash": bytes(32),
    "pin_height": 32,
    "nonce_id": 1,
    "fee_e8": 2_000_896,
}


@pytest.mark.parametrize("name", CONTENTS)
@pytest.mark.parametrize("field", _CHANGES)
def test_each_common_field_changes_the_screen(name: str, field: str) -> None:
    """Network, pin hash, pin height, nonce, fee: seen on the screen, not only in the hash."""
    content = CONTENTS[name]
    changed = replace(content.transaction, **{field: _CHANGES[field]})
    proof = replace(content.proof, fee_asked=None, chain_length=None)
    before, after = replace(content, proof=proof), replace(content, transaction=changed, proof=proof)
    assert _shown(before) != _shown(after)


def test_the_common_fields_are_all() -> None:
    """No field of a transaction is missing in the test above; the body's have the test below."""
    assert {one.name for one in fields(tx.Transaction)} == {*_CHANGES, "body"}


_BODIES: dict[str, st.SearchStrategy[tx.Body]] = {
    "wartTransfer": some.wart_transfers,
    "tokenTransfer": some.token_transfers,
    "limitSwap": some.purchases | some.sales,
    "liquidityDeposit": some.deposits,
    "liquidityWithdrawal": some.withdrawals,
    "cancelation": some.cancelations,
    "assetCreation": some.creations,
}


@pytest.mark.parametrize("name", _BODIES)
@given(st.data())
def test_each_field_changes_the_screen(name: str, data: st.DataObject) -> None:
    """One field of the type, any values: other signed bytes are another screen, the hash aside."""
    one, other = data.draw(_BODIES[name], "one"), data.draw(_BODIES[name], "other")
    field = data.draw(st.sampled_from([field.name for field in fields(one)]), "field")
    changed: tx.Body = replace(one, **{field: getattr(other, field)})
    assume(changed != one)
    before = review_screens.of(one, Evidence())
    after = review_screens.of(changed, Evidence())
    assert preimage(before.transaction) != preimage(after.transaction)
    assert _shown(before) != _shown(after)


@given(some.contents(), st.data())
def test_with_a_proof_too(content: WarthogContent, data: st.DataObject) -> None:
    """The amount in whole units, to the last digit: another amount of a proved asset is another screen."""
    body = content.transaction.body
    name = next((name for name in ("amount_u64", "amount_e8", "wart_e8", "supply_u64") if hasattr(body, name)), None)
    assume(name is not None and content.proof.asset is not None)
    changed = some.replaced(content.transaction, **{str(name): data.draw(some.units)})
    assume(changed != content.transaction)
    after = replace(content, transaction=changed)
    assert _shown(content) != _shown(after)


def test_the_money_of_a_transaction() -> None:
    """WART that leaves beside the fee, the fee in percent of it, and the blocks that are left."""
    spent = {name: describe.wart_spent(content) for name, content in CONTENTS.items() if describe.wart_spent(content)}
    assert {"wartTransfer": 150_000_000, "limitSwap-buy": 250_000_000, "liquidityDeposit": 150_000_000} == spent
    assert set(spent) == {name for name, content in CONTENTS.items() if describe.fee_share(content) is not None}
    assert 8100 == describe.blocks_left(CONTENTS["wartTransfer"])
    assert describe.blocks_left(replace(CONTENTS["wartTransfer"], proof=Evidence())) is None


@pytest.mark.parametrize(
    ("fee_e8", "spent", "shown"),
    [
        (FeeE8(1), WartE8(100), "1.00 %"),
        (FeeE8(1), WartE8(10_000), "0.01 %"),
        (FeeE8(1), WartE8(9_999), "0.02 %"),
        (FeeE8(1), WartE8(10**12), "0.01 %"),
        (FeeE8(3), WartE8(2), "150.00 %"),
    ],
)
def test_the_share_is_rounded_up(fee_e8: FeeE8, spent: WartE8, shown: str) -> None:
    """A fee is never shown as less than it is."""
    content = review_screens.of(tx.WartTransfer(PAYEE, spent), Evidence())
    content = replace(content, transaction=replace(content.transaction, fee_e8=fee_e8))
    hundredths = describe.fee_share(content)
    assert hundredths is not None
    assert shown == describe.share_text(hundredths)
    assert f"WART, {shown} of the amount" in _shown(content)
