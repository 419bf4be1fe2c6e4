"""The review: every screen word for word, every signed field on it, a confirmation that nobody types by accident."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wcwidth import wcswidth

from coldtusk_offline import intake, review, services
from coldtusk_offline.approval import Approved
from coldtusk_offline.device import Device
from coldtusk_offline.intake import CheckedRequest
from coldtusk_shared import limits
from coldtusk_shared.errors import BadInput
from coldtusk_shared.request import Item, Request
from coldtusk_shared.screen import COLUMNS, LABEL_COLUMNS
from coldtusk_shared.services.warthog import transaction as tx
from coldtusk_shared.services.warthog.address import Address
from coldtusk_shared.services.warthog.amount import AssetUnits, WartE8
from coldtusk_shared.services.warthog.content import WarthogContent
from coldtusk_shared.services.warthog.evidence import Evidence
from coldtusk_shared.services.warthog.fee import FeeE8
from coldtusk_shared.services.warthog.layout import ADDRESS, BY_BODY, FLAG, HASH, LIMIT, NAME, U8, U32, U64
from coldtusk_shared.services.warthog.network import Network
from coldtusk_shared.services.warthog.preimage import preimage
from coldtusk_shared.services.warthog.price import LimitPrice
from coldtusk_shared.text import check_text
from tests.offline.payments import NAMES, body_of, code_of, give, item, saving, sealed, transfer, under
from tests.offline.review_screens import FOLDER, SCENES, play
from tests.shared.samples import BODIES, EVIDENCE, TOK, TOK_PREIMAGE
from tests.simulators.crash_fs import CrashFs
from tests.simulators.desk import PAYEE, SAVINGS, TREASURY, Desk, make_desk
from tests.simulators.operator import ScriptedOperator

_HALF = 10_000_000
OTHER_VALUE: dict[int, Callable[[Any], Any]] = {
    id(U64): lambda value: value + 1,
    id(U32): lambda value: value - 32,
    id(U8): lambda value: value + 1,
    id(FLAG): lambda value: not value,
    id(HASH): lambda value: bytes([value[0] ^ 1]) + value[1:],
    id(ADDRESS): lambda value: Address(bytes([value.raw[0] ^ 1]) + value.raw[1:]),
    id(LIMIT): lambda value: LimitPrice(value.mantissa + 1, value.exponent),
    id(NAME): lambda value: value[:-1] + "X",
}
"""Another value of each form."""
FIELDS = [(name, field) for name in NAMES for field in BY_BODY[type(BODIES[name])].fields]


@pytest.fixture(scope="module")
def desk() -> Desk:
    """One device for all of this module: nothing is signed with it but where a test says so."""
    return make_desk(Path("/x"), CrashFs())


@pytest.fixture(scope="module")
def device(desk: Desk) -> Iterator[Device]:
    """The device, opened."""
    with desk.open() as opened:
        yield opened


def checked(desk: Desk, device: Device, *items: Item, **changes: str) -> CheckedRequest:
    """A request of *items* as the review gets it; *changes* are its texts."""
    asked: Request = replace(desk.host.request(*items), **changes)  # type: ignore[arg-type] # texts only
    return intake.check(intake.open_request(desk.host.seal(asked), device), device)


def fields_of(screen: str) -> dict[str, list[str]]:
    """The rows of each label of a screen with one item, without what follows from all the others."""
    found: dict[str, list[str]] = {}
    label = ""
    for row in screen.splitlines():
        label = row[:LABEL_COLUMNS].strip().rstrip(".") or label
        found.setdefault(label, []).append(row[LABEL_COLUMNS:])
    return {label: rows for label, rows in found.items() if label not in {"Txid", "Words", "Request", "To sign"}}


class TestGoldenScreens:
    """Word for word."""

    @pytest.mark.parametrize("name", SCENES)
    def test_screen_is_as_recorded(self, name: str) -> None:
        """To record it anew: ``python tests/offline/review_screens.py``, never by a test."""
        assert (FOLDER / f"{name}.txt").read_text(encoding="utf-8") == play(SCENES[name])

    def test_no_recording_is_left_over(self) -> None:
        """A file for each scene."""
        assert sorted(SCENES) == sorted(path.stem for path in FOLDER.glob("*.txt"))

    @pytest.mark.parametrize("name", SCENES)
    def test_screen_is_not_wider_than_a_terminal(self, name: str) -> None:
        """80 columns, by another library's count; an error line may fold."""
        rows = play(SCENES[name]).splitlines()
        assert [] == [row for row in rows if wcswidth(row) > COLUMNS and not row.startswith("error [")]


class TestEveryField:
    """What is signed is shown."""

    @pytest.mark.parametrize(("name", "field"), FIELDS, ids=lambda value: getattr(value, "attribute", value))
    def test_a_changed_field_changes_its_rows(self, desk: Desk, device: Device, name: str, field: Any) -> None:
        """And the signed bytes: by the tables, so a new field cannot be forgotten."""
        body = BODIES[name]
        changed = body_of(name, **{field.attribute: OTHER_VALUE[id(field.form)](getattr(body, field.attribute))})
        plain, other = desk.host.transaction(body), desk.host.transaction(changed)
        before, after = (
            fields_of(review.screen(checked(desk, device, desk.host.item(desk.treasury, one)), device))
            for one in (plain, other)
        )
        assert preimage(plain) != preimage(other)
        assert before[field.label] != after[field.label]

    @pytest.mark.parametrize(
        ("label", "change"),
        [
            ("Pin", {"pin_height": 1_198_944}),
            ("Pin", {"pin_hash": bytes(range(31)) + b"\0"}),
            ("Nonce", {"nonce_id": 8}),
            ("Fee", {"fee_e8": FeeE8(1_001_472)}),
        ],
    )
    def test_a_changed_common_field_changes_its_rows(
        self, desk: Desk, device: Device, label: str, change: dict[str, object]
    ) -> None:
        """One bit of the pin's hash too."""
        before, after = (
            fields_of(review.screen(checked(desk, device, transfer(desk, **one)), device))  # type: ignore[arg-type] # fields of a transaction
            for one in ({}, change)
        )
        assert before[label] != after[label]
        assert {name for name in before if before[name] != after[name]} <= {label, "Total", "Fee"}

    def test_account_and_network_are_shown(self, desk: Desk, device: Device) -> None:
        """They are not in the signed bytes, but they decide what these do."""
        before, after = (
            fields_of(review.screen(checked(desk, device, one), device)) for one in (transfer(desk), saving(desk))
        )
        assert before["Network"] != after["Network"]
        assert f'own account "{TREASURY.label}"' in before["From"]
        assert f'own account "{SAVINGS.label}"' in after["From"]

    def test_own_recipient_is_named(self, desk: Desk, device: Device) -> None:
        """By this device's label."""
        to_savings = desk.host.transaction(tx.WartTransfer(desk.savings, WartE8(5)))
        screen = review.screen(checked(desk, device, desk.host.item(desk.treasury, to_savings)), device)
        assert 'own account "savings"' in fields_of(screen)["To"]

    def test_every_item_of_a_batch_is_shown(self, desk: Desk, device: Device) -> None:
        """Each with its number."""
        items = [transfer(desk, 1_000_000_000 + number, nonce_id=number) for number in range(limits.ITEMS)]
        screen = review.screen(checked(desk, device, *items), device)
        for number in (1, 500, 1000):
            assert f"---- item {number} of 1000 " in screen
            assert f"Amount      10.{number - 1:08d} WART" in screen
        assert "All items   1000 x wartTransfer\n" in screen
        assert "All WART    10000.00499500 WART, and 10.00448000 WART of fees" in screen


class TestWarnings:
    """First, and again above the prompt."""

    def warned(self, desk: Desk, device: Device, *items: Item) -> list[str]:
        """The warnings at the top."""
        top = review.screen(checked(desk, device, *items), device).partition("Asked by")[0]
        return re.findall(r"^! WARNING   (.*(?:\n {12}.*)*)", top, re.MULTILINE)

    @pytest.mark.parametrize(
        ("e8", "fee_e8", "expected"),
        [
            (100_044_800, 1_000_448, []),
            (100_044_799, 1_000_448, ["the fee is 1.01 % of the amount"]),
            (10_100_000_000, 100_007_936, []),
            (100_000_000_000, 100_073_472, ["the fee is 100 times the usual minimum"]),
            (100_000_000_000, 999_936, ["the fee is below the usual minimum: nodes may never take it"]),
        ],
    )
    def test_of_the_fee_begin_exactly(
        self, desk: Desk, device: Device, e8: int, fee_e8: int, expected: list[str]
    ) -> None:
        """Above one percent, above a hundred times the minimum, below it."""
        assert expected == self.warned(desk, device, transfer(desk, e8, fee_e8=FeeE8(fee_e8)))

    @pytest.mark.parametrize(("left", "expected"), [(540, 0), (539, 1), (1, 1)])
    def test_of_time_begin_exactly(self, desk: Desk, device: Device, left: int, expected: int) -> None:
        """Three hours."""
        evidence = Evidence(chain_length=1_198_912 + 8191 - left)
        assert expected == len(self.warned(desk, device, transfer(desk, evidence=evidence)))

    def test_of_pins_begin_exactly(self) -> None:
        """Two weeks above, or so far below that it must have expired."""
        desk = make_desk(Path("/x"), CrashFs())
        with desk.open() as device:
            give(device, sealed(desk, transfer(desk, 150_000_001)))
            for change, expected in ((60_480, 0), (60_512, 1), (-8160, 0), (-8192, 1)):
                payment = transfer(desk, pin_height=1_198_912 + change)
                assert expected == len(self.warned(desk, device, payment)), change

    def test_of_a_second_time(self) -> None:
        """Same account, payee and amount, while the one that can be mined longest still can."""
        desk = make_desk(Path("/x"), CrashFs())
        with desk.open() as device:
            first = transfer(desk)
            give(device, sealed(desk, first))
            give(device, sealed(desk, transfer(desk, pin_height=1_198_912 - 8192)))
            again = "journal entry 1 signed the same already: this would pay a SECOND time"
            later = self.warned(desk, device, transfer(desk, pin_height=1_198_912 + 64))
            assert [again] == [" ".join(one.split()) for one in later]
            assert [] == self.warned(desk, device, transfer(desk, pin_height=1_198_912 + 8192))
            assert [] == self.warned(desk, device, first)
            assert [] == self.warned(desk, device, saving(desk))
            assert [] == self.warned(desk, device, transfer(desk, 150_000_001))

    def test_of_a_second_time_need_the_same_network(self) -> None:
        """An account is of one network for life; a journal that says otherwise is not taken for a second time."""
        desk = make_desk(Path("/x"), CrashFs())
        with desk.open() as device:
            give(device, sealed(desk, transfer(desk)))
            leaf = services.describer("warthog/wartTransfer")
            main = desk.host.transaction(BODIES["wartTransfer"], network=Network.MAIN)
            same = desk.host.transaction(tx.WartTransfer(PAYEE, WartE8(150_000_000)), network=Network.MAIN)
            for one in (main, same):
                assert [] == leaf.warnings(desk.host.item(desk.treasury, one), device.history, device.vault.contents)

    def test_of_a_second_time_within_a_batch(self, desk: Desk, device: Device) -> None:
        """The item that asks the same is named."""
        batch = [transfer(desk), transfer(desk, 250_000_000, nonce_id=8), transfer(desk, nonce_id=9)]
        assert ["item 3: it asks the same as item 1: this would pay a SECOND time"] == self.warned(desk, device, *batch)

    def test_stand_again_above_the_prompt(self, desk: Desk, device: Device) -> None:
        """A screen of 1000 payments scrolls its top away; the last rows say how many warnings are up there."""
        items = [transfer(desk, number + 1, nonce_id=number) for number in range(limits.ITEMS)]
        shown = review.screen(checked(desk, device, *items), device).splitlines()
        assert "! WARNING   and 990 more: look at the top of this screen" == shown[-1]
        assert "! WARNING   item 10: " == shown[-2][:21]

    def test_of_what_the_burn_address_gets(self, desk: Desk, device: Device) -> None:
        """WART and tokens."""
        for body in (
            tx.WartTransfer(Address(bytes(20)), WartE8(_HALF * 100)),
            tx.TokenTransfer(TOK.hash, False, Address(bytes(20)), AssetUnits(5)),
        ):
            burned = desk.host.item(desk.treasury, desk.host.transaction(body))
            assert "the recipient is the all-zero address: what is sent there is BURNED" in self.warned(
                desk, device, burned
            )

    def test_of_types_without_an_asset_say_nothing_of_proofs(self, desk: Desk, device: Device) -> None:
        """A cancelation names none."""
        assert [] == self.warned(desk, device, item(desk, "cancelation", Evidence()))


class TestConfirmation:
    """What is typed."""

    def decide(self, desk: Desk, device: Device, payment: Item, *typed: str) -> Approved:
        """The review's result."""
        return review.confirm(checked(desk, device, payment), device, ScriptedOperator(list(typed)))

    @pytest.mark.parametrize(
        "typed",
        [
            *("", " ", "y", "yes", "Y", "ok", "sign", "send", "send 1.5 WART", "send 1.5 WART to", "Refuse", "refuse!"),
            *("send 1.5 WART to 6f94", "send 1.50 WART to 6f93", "send 15 WART to 6f93", "Send 1.5 WART to 6f93"),
            *("send 1.5 wart to 6f93", "send 1.5 WART to 6F93", "type  send 1.5 WART to 6f93", "send 1.5WART to 6f93"),
            *("send 1.5 WART to 6f93 refuse", "send 1.5 WART to 6f93.", "send 1,5 WART to 6f93", "\x1b[A"),
        ],
    )
    def test_anything_else_confirms_nothing(self, desk: Desk, device: Device, typed: str) -> None:
        """Three times, and the request must be reviewed anew."""
        with pytest.raises(Exception, match="not confirmed in 3 tries"):
            self.decide(desk, device, transfer(desk), typed, typed, typed)
        assert code_of(self.decide, desk, device, transfer(desk), typed, typed, typed) == "review.not-confirmed"

    def test_the_phrase_confirms(self, desk: Desk, device: Device) -> None:
        """Blanks around and between do not count; the second and third try are as good as the first."""
        phrase = "send 1.5 WART to 6f93"
        for typed in ((phrase,), ("y", "  send  1.5 WART to\t6f93 "), ("", "n", phrase)):
            assert self.decide(desk, device, transfer(desk), *typed).refusal is None

    def test_what_was_shown_is_what_is_approved(self, desk: Desk, device: Device) -> None:
        """The very object, not a copy."""
        asked = checked(desk, device, transfer(desk))
        assert review.confirm(asked, device, ScriptedOperator()).checked is asked

    def test_phrase_depends_on_the_content(self, desk: Desk, device: Device) -> None:
        """Amount, recipient, side, triple, name: no two of these have the same."""
        bodies: list[tx.Body] = [
            *BODIES.values(),
            tx.WartTransfer(PAYEE, WartE8(150_000_000)),
            tx.WartTransfer(PAYEE, WartE8(150_000_001)),
            tx.TokenTransfer(TOK.hash, False, PAYEE, AssetUnits(125_001)),
            tx.LiquidityDeposit(TOK.hash, AssetUnits(125_000), WartE8(1)),
            tx.LiquidityDeposit(TOK.hash, AssetUnits(1), WartE8(150_000_000)),
            tx.Cancelation(1_198_848, 1),
            tx.Cancelation(32, 3_141_592_653),
            tx.AssetCreation(AssetUnits(100_000_000_000), 5, "TOK"),
            tx.AssetCreation(AssetUnits(100_000_000_000), 4, "TOX"),
        ]
        phrases = []
        for body in bodies:
            payment = desk.host.item(desk.treasury, desk.host.transaction(body))
            phrases.append(review.phrase_of(checked(desk, device, payment)))
        assert len(set(phrases)) == len(bodies)
        assert all(len(phrase.split()) > 1 for phrase in phrases)

    def test_phrase_shows_units_only_as_proved(self, desk: Desk, device: Device) -> None:
        """Without the proof the decimals are unknown."""
        body = BODIES["tokenTransfer"]
        proved = desk.host.item(desk.treasury, desk.host.transaction(body), Evidence(preimage=TOK_PREIMAGE, asset=TOK))
        bare = desk.host.item(desk.treasury, desk.host.transaction(body))
        found = [review.phrase_of(checked(desk, device, one)) for one in (proved, bare)]
        assert ["send 12.5 TOK to 4093", "send 125000 units to 4093"] == found

    def test_phrase_of_a_batch_depends_on_its_digest(self, desk: Desk, device: Device) -> None:
        """The number of payments, and a word of the words that both halves show."""
        asked = checked(desk, device, transfer(desk, 1), transfer(desk, 2, nonce_id=8))
        words = fields_of(review.screen(asked, device).replace("Words  ", "Spoken "))["Spoken"]
        assert f"sign 2 payments {words[0].split()[0]}" == review.phrase_of(asked)

    @given(
        supply=st.integers(1, limits.ASSET_SUPPLY_U64),
        e8=st.integers(1, limits.WART_SUPPLY_E8),
        proved=st.booleans(),
        name=st.sampled_from(["tokenTransfer", "tokenTransfer-liquidity", "limitSwap-sell", "liquidityWithdrawal"]),
    )
    def test_phrase_is_never_folded(
        self, desk: Desk, device: Device, supply: int, e8: int, proved: bool, name: str
    ) -> None:
        """It stands on one row, whole."""
        held = {"amount_e8": supply} if name == "liquidityWithdrawal" else {"amount_u64": supply}
        evidence = Evidence(preimage=TOK_PREIMAGE, asset=TOK) if proved else Evidence()
        body = body_of(name, **held)
        deposit = tx.LiquidityDeposit(TOK.hash, AssetUnits(supply), WartE8(e8))
        for one in (body, deposit):
            payment = desk.host.item(desk.treasury, desk.host.transaction(one), evidence)
            phrase = review.phrase_of(checked(desk, device, payment))
            assert len(f"To sign     type  {phrase}") <= COLUMNS


_CHARACTERS = st.text(
    st.characters(codec="utf-8", exclude_categories=["C", "Z"]) | st.sampled_from(' "\\.!=-'), max_size=200
)


def _fits(text: str) -> bool:
    try:
        check_text(text, "text", limits.LABEL_BYTES)
    except BadInput:
        return False
    return True


_LABELS = _CHARACTERS.filter(_fits)


class TestHostText:
    """What a host may write, and what it cannot make of it."""

    @given(purpose=_LABELS, origin=_LABELS, repeat=st.integers(1, 6))
    def test_stays_in_its_quotation_and_its_rows(
        self, desk: Desk, device: Device, purpose: str, origin: str, repeat: int
    ) -> None:
        """No row beside its own is changed, none is wider than the screen, and no row of ours begins with it."""
        long = " ".join([purpose] * repeat).strip()
        payment = transfer(desk)
        plain = fields_of(review.screen(checked(desk, device, payment), device))
        screen = review.screen(checked(desk, device, payment, purpose=long, origin=origin), device)
        found = fields_of(screen)
        assert {name for name in plain if plain[name] != found[name]} <= {"Purpose", "Made by"}
        assert plain.keys() == found.keys()
        assert all(wcswidth(row) <= COLUMNS for row in screen.splitlines())
        said = "".join(found["Purpose"])
        assert re.fullmatch(r'the host says: "(?:[^"\\]|\\.)*"', said)

    def test_label_of_a_host_is_quoted_and_folded(self) -> None:
        """It came from the host's card: 64 bytes that would end a quotation, or pass the edge."""
        for label in ('boss" -- approved by the CFO, just type', "x" * limits.LABEL_BYTES, "\u7d66" * 21):
            desk = make_desk(Path("/x"), CrashFs())
            with desk.open() as device:
                held = device.vault.contents
                device.vault.update(replace(held, hosts=(replace(held.hosts[0], label=label),)))
                screen = review.screen(checked(desk, device, transfer(desk)), device)
                assert all(wcswidth(row) <= COLUMNS for row in screen.splitlines())
                said = "".join(fields_of(screen)["Asked by"])
                assert re.fullmatch(r'the paired host "(?:[^"\\]|\\.)*"', said)

    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("line\nTo sign     type  y", "text.character"),
            ("\x1b[2J", "text.character"),
            ("\u202e001", "text.character"),
            ("a\u0301" + "\u0301" * 5, "text.marks"),
            ("e\u0301", "text.not-nfc"),
        ],
    )
    def test_what_steers_a_terminal_is_refused(self, desk: Desk, device: Device, text: str, code: str) -> None:
        """In purpose and origin."""
        for field in ("purpose", "origin"):
            assert code == code_of(checked, desk, device, transfer(desk), **{field: text})

    def test_time_of_any_size_is_shown(self, desk: Desk, device: Device) -> None:
        """The host's clock is a claim, also where no calendar has the year."""
        for created, expected in ((0, "1970-01-01 00:00 UTC"), (limits.U64, "18446744073709551615 s after 1970")):
            asked = checked(desk, device, transfer(desk), created=created)  # type: ignore[arg-type] # an integer
            assert [f"the host says: {expected}"] == fields_of(review.screen(asked, device))["Made at"]

    def test_evidence_cannot_make_another_phrase(self, desk: Desk, device: Device) -> None:
        """What the host claims changes no word that is typed for WART."""
        plain = transfer(desk)
        told = under(plain.payment_id, transfer(desk, evidence=EVIDENCE["wartTransfer"]))
        assert isinstance(plain.content, WarthogContent)
        first, second = (review.phrase_of(checked(desk, device, one)) for one in (plain, told))
        assert first == second
