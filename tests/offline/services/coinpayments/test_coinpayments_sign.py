"""What the device gives: a nonce of its own for each call, kept durably, the exact body and its HMAC."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from coldtusk_offline import home as homes
from coldtusk_offline.answer import Answer
from coldtusk_offline.entries import Change
from coldtusk_offline.keyring import Keyring
from coldtusk_offline.service_accounts import ServiceAccount
from coldtusk_offline.services.coinpayments import describe, phrases, settings, sign, warn
from coldtusk_offline.session import Session
from coldtusk_shared import cbor, files, limits, request
from coldtusk_shared.deadline import Deadline, NotAfter
from coldtusk_shared.response import RefusedItem, Signed
from coldtusk_shared.services.coinpayments import output
from coldtusk_shared.services.coinpayments.content import CoinPaymentsContent
from tests.offline.payments import code_of, transfer
from tests.offline.services.coinpayments.payments_desk import (
    FIRST,
    HELD,
    NOW,
    PRIVATE,
    ask,
    asked,
    give,
    item,
    payments_desk,
)
from tests.shared.services.coinpayments.call_samples import FULL, KEY, ROWS, call, mass, parsed, wire, withdrawal
from tests.simulators.crash_fs import CrashFs
from tests.simulators.crash_points import crash_points
from tests.simulators.desk import TREASURY, Desk, fixed_means
from tests.simulators.node_hmac import Mac, node_hmacs

OTHER = ServiceAccount("coinpayments", b"other_key", "second shop", HELD.secrets, settings.encode(5))


STICK = Path("/stick")
OUT = STICK / "a.response"


def on(desk: Desk, fs: CrashFs) -> Desk:
    """The same device on another medium."""
    return replace(desk, means=fixed_means(fs))


def nonce_of(given: Answer) -> int:
    """The nonce of the only result."""
    (result,) = given.response.results
    assert isinstance(result, Signed)
    return output.parse(result.output).nonce


@pytest.fixture
def desk() -> Desk:
    """A device with one key."""
    return payments_desk()


def test_every_command_is_built_and_maced(desk: Desk) -> None:
    """The body is the one of the typed fields with the device's nonce; the HMACs are checked by Node."""
    contents = [*(call(name) for name in FULL), mass()]
    with desk.open() as device:
        given = ask(desk, device, *(item(desk, content) for content in contents))
    assert list(range(FIRST, FIRST + len(contents))) == [one.nonce for one in given]
    assert [content.body(one.nonce) for content, one in zip(contents, given, strict=True)] == [
        one.body for one in given
    ]
    macs = node_hmacs(Mac("sha512", PRIVATE.encode(), one.body) for one in given)
    assert macs == [one.mac.hex() for one in given]


def test_nonces_grow_across_restarts(desk: Desk) -> None:
    """Derived from the journal: nothing is stored beside it."""
    nonces = []
    for _ in range(3):
        with desk.open() as device:
            nonces += [one.nonce for one in ask(desk, device, item(desk, call("balances")), item(desk, withdrawal()))]
    assert list(range(FIRST, FIRST + 6)) == nonces


def test_the_same_payment_again_is_the_same_call(desk: Desk) -> None:
    """In another request, after a restart: recorded bytes, no new nonce; the next payment gets the next one."""
    one = item(desk, withdrawal())
    with desk.open() as device:
        (first,) = ask(desk, device, one)
    with desk.open() as device:
        (again,) = ask(desk, device, one)
        both = ask(desk, device, one, item(desk, withdrawal(amount="0.2")))
    assert first == again == both[0]
    assert first.nonce + 1 == both[1].nonce


def test_the_same_request_again_is_the_same_answer(desk: Desk) -> None:
    """Byte for byte, and nobody is asked."""
    message = desk.host.seal(asked(desk, item(desk, withdrawal())))
    with desk.open() as device:
        assert give(device, message)[0].message == give(device, message, "never typed")[0].message


def test_one_payment_id_with_other_fields_is_refused(desk: Desk) -> None:
    """Even where only the note differs: other bytes are another call."""
    one = item(desk, withdrawal())
    with desk.open() as device:
        ask(desk, device, one)
        other = desk.host.seal(asked(desk, item(desk, withdrawal(note="x"), one.payment_id)))
        assert code_of(give, device, other) == "payment.signed-otherwise"


def test_marks_survive_removal_and_enrolment(desk: Desk) -> None:
    """Whoever enrols the key again with a low first nonce does not get an old one."""
    with desk.open() as device:
        (before,) = ask(desk, device, item(desk, withdrawal()))
        homes.keep_service(device, HELD, Change.REMOVED)
        low = ServiceAccount("coinpayments", HELD.account, "again", HELD.secrets, settings.encode(0))
        homes.keep_service(device, low, Change.ENROLLED)
    with desk.open() as device:
        (after,) = ask(desk, device, item(desk, withdrawal()))
    assert before.nonce + 1 == after.nonce


def test_a_higher_first_nonce_counts_from_the_next_call(desk: Desk) -> None:
    """The mend for a key whose past was forgotten at enrolment."""
    with desk.open() as device:
        ask(desk, device, item(desk, withdrawal()))
        homes.keep_service(device, HELD, Change.REMOVED)
        high = ServiceAccount("coinpayments", HELD.account, "again", HELD.secrets, settings.encode(FIRST + 10**6))
        homes.keep_service(device, high, Change.ENROLLED)
        (after,) = ask(desk, device, item(desk, withdrawal()))
    assert FIRST + 10**6 == after.nonce


def test_keys_count_apart(desk: Desk) -> None:
    """Each has its own nonces, in one request too."""
    other = parsed("balances", {}, OTHER.account)
    with desk.open() as device:
        homes.keep_service(device, OTHER, Change.ENROLLED)
        contents = (call("balances"), other, withdrawal(), parsed("rates", {}, OTHER.account))
        given = ask(desk, device, *(item(desk, content) for content in contents))
    assert [FIRST, 5, FIRST + 1, 6] == [one.nonce for one in given]


def test_a_refusal_uses_no_nonce(desk: Desk) -> None:
    """Nothing was made, so nothing has to be burned."""
    with desk.open() as device:
        refused, _ = give(device, desk.host.seal(asked(desk, item(desk, withdrawal()))), "refuse", "no")
        assert isinstance(refused.response.results[0], RefusedItem)
        (after,) = ask(desk, device, item(desk, withdrawal()))
    assert FIRST == after.nonce


def test_a_crash_never_gives_one_nonce_twice() -> None:
    """Power fails at any step while a call is answered: what left the device stays, and the next call is above it."""
    medium = CrashFs()
    medium.put(STICK / "other", b"x")
    desk = payments_desk(medium)
    message = desk.host.seal(asked(desk, item(desk, withdrawal())))
    other = desk.host.seal(asked(desk, item(desk, call("balances"))))

    def sign_it(fs: CrashFs) -> None:
        with on(desk, fs).open() as device:
            files.write_new(OUT, give(device, message)[0].message, fs)

    seen = set()
    for point in crash_points(sign_it, medium):
        released = point.fs.tree().get(str(OUT))
        with on(desk, point.fs).open() as device:
            known = device.journal.seq
            first = give(device, other if released is None else message)[0]
            second = give(device, message if released is None else other)[0]
        assert released in (None, first.message)
        assert {FIRST, FIRST + 1} == {nonce_of(first), nonce_of(second)}
        seen.add((known, released is None))
    assert len(seen) > 1


def test_the_account_has_to_be_here(desk: Desk) -> None:
    """Another device's key."""
    stranger = item(desk, parsed("balances", {}, b"another_key"))
    with desk.open() as device:
        assert code_of(give, device, desk.host.seal(asked(desk, stranger))) == "secret.unknown"


def test_an_expired_request_is_refused(desk: Desk) -> None:
    """Before anybody is asked for more than the time."""
    late = asked(desk, item(desk, withdrawal()), not_after=NotAfter(Deadline.UTC, NOW))
    with desk.open() as device:
        assert code_of(give, device, desk.host.seal(late)) == "request.expired"


def test_a_block_height_is_no_deadline_of_a_call(desk: Desk) -> None:
    """The service knows no blocks."""
    odd = asked(desk, item(desk, withdrawal()), not_after=NotAfter(Deadline.HEIGHT, 7))
    with desk.open() as device:
        assert code_of(give, device, desk.host.seal(odd)) == "request.not-after"


def test_a_double_is_refused(desk: Desk) -> None:
    """Two equal calls in one request."""
    twice = desk.host.seal(asked(desk, item(desk, withdrawal()), item(desk, withdrawal())))
    with desk.open() as device:
        assert code_of(give, device, twice) == "request.slot-twice"


def test_a_float_in_a_request_is_refused(desk: Desk) -> None:
    """Whatever field it is in: the message is not read at all."""
    made = request.encode(asked(desk, item(desk, withdrawal())))
    odd = made.replace(cbor.encode("0.10"), b"\xf9\x2e\x66")  # 0.1 as a half
    assert odd != made
    assert code_of(request.parse, odd) == "cbor.float"


def test_no_other_account_signs(desk: Desk) -> None:
    """Our own mistake, not the host's."""
    with pytest.raises(RuntimeError, match="Warthog account"):
        sign.sign(item(desk, withdrawal()), TREASURY, Session(Keyring(), {}))
    with pytest.raises(RuntimeError, match="not CoinPayments"):
        sign.content_of(transfer(desk))


@pytest.mark.parametrize("bad", [{}, {1: limits.COINPAYMENTS_FIRST_NONCE + 1}, {1: "7"}, {1: 7, 2: 7}])
def test_settings_of_another_kind_are_refused(bad: dict[int, object], desk: Desk) -> None:
    """What a vault holds is read as strictly as what comes in."""
    odd = ServiceAccount("coinpayments", KEY.encode(), "odd", HELD.secrets, cbor.encode(bad))  # type: ignore[arg-type] # that is what is bad
    assert code_of(sign.check, item(desk, withdrawal()), odd, None).startswith("field.")


def test_a_phrase_for_every_command() -> None:
    """Short, in one line, and typed as it is shown."""
    contents: list[CoinPaymentsContent] = [*(call(name) for name in FULL), mass()]
    typed = [phrases.of_call(content) for content in contents]
    assert len(typed) == len(set(typed))
    assert all(text == " ".join(text.split()) and len(text) < 60 for text in typed)
    assert describe.phrase(item(payments_desk(), withdrawal())) == "withdraw 0.1 BTC to tpyT"


def test_twin_rows_of_a_mass_withdrawal() -> None:
    """An amount written otherwise, a fee paid otherwise or a currency said twice is the same payment."""
    row = {"amount": "0.10", "currency": "BTC", "address": "1LBXAvwFtvJni74suNHKX1apMMoR8zQbgT"}
    twin = "wd2: it pays the same as wd1: this would pay a SECOND time"
    for change in ({"amount": "0.1"}, {"add_tx_fee": True}, {"currency2": "BTC"}, {"note": "again"}):
        assert twin in warn.of_rows(mass(row, {**row, **change}))
    for change in ({"amount": "0.2"}, {"dest_tag": "7"}, {"currency2": "USD"}):
        assert twin not in warn.of_rows(mass(row, {**row, **change}))


def test_warnings_quote_the_host() -> None:
    """What the host wrote stands in a sentence of ours between quotation marks, and cannot end them."""
    said = warn.of_call(withdrawal(dest_tag='7":checked'))
    assert ['who gets it is told apart by dest_tag "7\\":checked": check it as well'] == said


def _alone(row: dict[str, Any]) -> CoinPaymentsContent:
    """A row of a mass withdrawal as a withdrawal."""
    return parsed("create_withdrawal", {**wire("create_withdrawal", row), 10: False})


@pytest.mark.parametrize(
    ("earlier", "later", "names"),
    [
        (mass(), mass(*ROWS, {**ROWS[0], "amount": "9"}), "wd1, wd2"),
        (mass(), mass(ROWS[1]), "wd1"),
        (_alone(ROWS[0]), mass(ROWS[1], ROWS[0]), "wd2"),
    ],
    ids=["one row more", "one row less", "alone before"],
)
def test_rows_that_were_paid_before(
    desk: Desk, earlier: CoinPaymentsContent, later: CoinPaymentsContent, names: str
) -> None:
    """A list that is not the same pays the same people twice all the same; a later session knows it too."""
    with desk.open() as device:
        ask(desk, device, item(desk, earlier))
        entry = device.journal.seq
    with desk.open() as device:
        said = describe.warnings(item(desk, later), device.history, device.vault.contents)
    assert f"journal entry {entry} signed the same as {names} already: this would pay a SECOND time" in said


def test_a_withdrawal_that_was_a_row_before(desk: Desk) -> None:
    """And the same mass again gets one warning, not one a row."""
    with desk.open() as device:
        ask(desk, device, item(desk, mass()))
        alone = describe.warnings(item(desk, _alone(ROWS[0])), device.history, device.vault.contents)
        again = describe.warnings(item(desk, mass()), device.history, device.vault.contents)
    for said in (alone, again):
        assert [f"journal entry {device.journal.seq} signed the same already: this would pay a SECOND time"] == [
            one for one in said if "journal entry" in one
        ]


@pytest.mark.parametrize("turned", [False, True])
def test_a_row_and_a_withdrawal_of_one_request(desk: Desk, turned: bool) -> None:
    """Whichever comes first."""
    items = [item(desk, mass()), item(desk, _alone(ROWS[0]))]
    with desk.open() as device:
        shown = " ".join(give(device, desk.host.seal(asked(desk, *(items[::-1] if turned else items))))[1].split())
    said = "pays some of the same as item 1" if turned else "asks the same as item 1"
    assert f"item 2: it {said}: this would pay a SECOND time" in shown


def test_a_second_payment_is_never_pushed_away(desk: Desk) -> None:
    """However many warnings the host's rows make: it stands first, so again above the prompt."""
    rows = [{**ROWS[0], "amount": str(one), "ipn_url": "https://shop.example/ipn"} for one in range(1, 15)]
    with desk.open() as device:
        ask(desk, device, item(desk, mass(*rows)))
        shown = give(device, desk.host.seal(asked(desk, item(desk, mass(*rows)))))[1]
    assert 2 == " ".join(shown.split()).count("signed the same already: this would pay a SECOND time")
