"""CoinSpark on the device: the review word for word, what is released and to whom, what is refused before it."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from wcwidth import wcswidth

from coldtusk_offline import contents as vault_contents
from coldtusk_offline import intake, services
from coldtusk_offline import selfcheck as selfchecks
from coldtusk_offline.answer import Answer, answer
from coldtusk_offline.keyring import Keyring
from coldtusk_offline.secret import Secret
from coldtusk_offline.service_accounts import ServiceAccount
from coldtusk_offline.services.coinspark import describe, enrol, selfcheck, sign
from coldtusk_offline.session import Session
from coldtusk_offline.utc import Watch
from coldtusk_shared import cbor, released, request
from coldtusk_shared.errors import BadInput
from coldtusk_shared.request import Item
from coldtusk_shared.response import RefusedItem, Released
from coldtusk_shared.screen import COLUMNS
from coldtusk_shared.services.coinspark import output
from coldtusk_shared.services.coinspark.body import body
from coldtusk_shared.services.coinspark.commands import DEFAULTS
from tests.offline.payments import code_of, transfer
from tests.offline.services.coinspark.coinspark_desk import (
    HELD,
    NOW,
    REPLY_KEY,
    TYPED,
    asked,
    creation,
    give,
    spark_desk,
)
from tests.offline.services.coinspark.coinspark_screens import (
    FOLDER,
    FUTURE,
    REFERENCED,
    SCENES,
    TESTNET,
    play,
)
from tests.shared.services.coinspark.asset_samples import ADDRESS, BITCOIN, KEY, OPTIONAL, REQUIRED
from tests.simulators.crash_fs import CrashFs
from tests.simulators.desk import TREASURY, Desk
from tests.simulators.operator import ScriptedOperator

_CANARY = KEY.encode()
_ANSWERS: list[dict[str, Any]] = json.loads(Path(selfcheck.__file__).with_name("selfcheck.json").read_text())["checks"]


def opened(answer: Answer, asked_for: request.Request, place: int = 0, key: X25519PrivateKey = REPLY_KEY) -> bytes:
    """What the host finds in a released result."""
    result = answer.response.results[place]
    assert isinstance(result, Released)
    digest = request.digest(request.encode(asked_for))
    return released.open_(key.private_bytes_raw(), result.enc, result.ciphertext, digest, result.payment_id)


@pytest.mark.parametrize("name", SCENES)
def test_screens(name: str) -> None:
    """Every screen, word for word, inside 80 columns."""
    shown = play(SCENES[name])
    assert (FOLDER / f"{name}.txt").read_text(encoding="utf-8") == shown
    reviewed = shown[shown.index("REVIEW") :]
    assert all(wcswidth(row) <= COLUMNS for row in reviewed.splitlines())


def test_no_screen_is_left_over() -> None:
    """Every file has its scene."""
    assert sorted(SCENES) == sorted(path.stem for path in FOLDER.iterdir())


def test_everything_is_on_the_screen() -> None:
    """Each parameter that is sent, and each default that is not; the gap's limits; never the key."""
    shown = play(SCENES["everything"])
    flat = re.sub(r"\n\.\.\. +", "", shown)
    texts = {**REQUIRED, **OPTIONAL, "expiry_timestamp": FUTURE, "charge_basis_points": "1.25 %"}
    grouped = {"send_to_address", "issuer_address", "testnet"}
    assert [] == [name for name, value in texts.items() if name not in grouped and str(value) not in flat]
    assert all(one in shown for one in REQUIRED["issuer_address"].split("\n"))
    together = re.sub(r"\s", "", shown)
    assert ADDRESS in together
    assert BITCOIN in together
    assert "the key\n            does not stay secret from the host" in shown
    assert KEY not in shown
    short = play(SCENES["required"])
    assert all(default in short for default in DEFAULTS.values())


@pytest.mark.parametrize("name", [*REQUIRED, *OPTIONAL])
def test_every_parameter_changes_the_screen(name: str) -> None:
    """Another value is another screen, so nothing reaches the service unseen."""
    other: dict[str, Any] = {
        "testnet": True,
        "asset_url": "http://www.example.com/voucher/",
        "contract_url": "http://www.example.com/voucher.pdf",
        "contract_template": "uk",
        "display_multiple": "0.1",
        "rounding": "-1",
        "send_btc": "0.0006",
        "fee_btc": "0.0006",
        "send_to_address": REFERENCED,
    }
    base = {**REQUIRED, **OPTIONAL, "expiry_timestamp": FUTURE}
    value = other.get(name, f"{base[name]}x" if isinstance(base[name], str) else 0)
    value = base[name] + 1 if type(base[name]) is int else value
    changes = {**base, name: value}
    if name == "testnet":
        changes["send_to_address"] = TESTNET
    desk = spark_desk()
    before = describe.lines(creation(desk, **base), vault_contents.VaultContents(Secret(bytes(32))))
    assert before != describe.lines(creation(desk, **changes), vault_contents.VaultContents(Secret(bytes(32))))


def test_the_exact_body_is_released() -> None:
    """The host opens it with the request's one-time key, and finds the body of the fields with the key in it."""
    desk = spark_desk()
    items = creation(desk), creation(desk, asset_url="https://example.com/b/")
    asked_for = asked(desk, *items)
    with desk.open() as device:
        answer, _ = give(device, desk.host.seal(asked_for))
    for place, item in enumerate(items):
        expected = body(item.payment_id, KEY, sign.content_of(item).given)
        assert expected == output.parse(opened(answer, asked_for, place))


def test_for_nobody_else() -> None:
    """Another key, or another request, opens nothing."""
    desk = spark_desk()
    asked_for = asked(desk, creation(desk))
    with desk.open() as device:
        answer, _ = give(device, desk.host.seal(asked_for))
    other = X25519PrivateKey.from_private_bytes(bytes(32))
    assert "released.not-opened" == code_of(opened, answer, asked_for, 0, other)
    assert "released.not-opened" == code_of(opened, answer, asked(desk, *asked_for.items))


def test_the_key_is_nowhere_else() -> None:
    """Not in the answer, the journal, the vault's file or what was shown; it is in what the host opens."""
    medium = CrashFs()
    desk = spark_desk(medium)
    asked_for = asked(desk, creation(desk))
    with desk.open() as device:
        answer, shown = give(device, desk.host.seal(asked_for))
        journal = b"".join(entry.body for entry in device.journal.entries())
        kept = vault_contents.encode(device.vault.contents)
    stored = b"".join(data or b"" for data in medium.tree().values())
    assert _CANARY not in answer.message + journal + stored + shown.encode()
    assert _CANARY in opened(answer, asked_for)
    assert _CANARY in kept
    assert KEY not in repr(answer) + repr(HELD)


def test_the_same_request_again() -> None:
    """It gets the very same answer; nothing is released anew."""
    desk = spark_desk()
    message = desk.host.seal(asked(desk, creation(desk)))
    with desk.open() as device:
        first, _ = give(device, message)
        second, _ = give(device, message)
    assert second.again
    assert first.message == second.message


def test_a_refusal_releases_nothing() -> None:
    """The operator said no."""
    desk = spark_desk()
    with desk.open() as device:
        answer, _ = give(device, desk.host.seal(asked(desk, creation(desk))), "refuse", "")
    (result,) = answer.response.results
    assert isinstance(result, RefusedItem)


def _released_twice(desk: Desk) -> str:
    item = creation(desk)
    with desk.open() as device:
        give(device, desk.host.seal(asked(desk, item)))
        return code_of(give, device, desk.host.seal(asked(desk, item)))


def _other_content(desk: Desk) -> str:
    item = creation(desk)
    with desk.open() as device:
        give(device, desk.host.seal(asked(desk, item)))
        other = Item(item.payment_id, item.account, creation(desk, name="Other").content)
        return code_of(give, device, desk.host.seal(asked(desk, other)))


def _refused(**changes: Any) -> Callable[[Desk], str]:
    def refused(desk: Desk) -> str:
        with desk.open() as device:
            return code_of(give, device, desk.host.seal(asked(desk, creation(desk, **changes))))

    return refused


def _without_key(desk: Desk) -> str:
    with desk.open() as device:
        return code_of(give, device, desk.host.seal(asked(desk, creation(desk), reply_key=None)))


def _same_page_twice(desk: Desk) -> str:
    with desk.open() as device:
        items = creation(desk), creation(desk, name="Other")
        return code_of(give, device, desk.host.seal(asked(desk, *items)))


def _both_networks(desk: Desk) -> str:
    other = creation(desk, testnet=True, send_to_address=TESTNET)
    with desk.open() as device:
        return code_of(give, device, desk.host.seal(asked(desk, creation(desk), other)))


@pytest.mark.parametrize(
    ("act", "code"),
    [
        (_refused(account=bytes(16)), "secret.unknown"),
        (_refused(expiry_timestamp=NOW), "coinspark.expiry-past"),
        (_refused(expiry_timestamp=1_731_847_656), "coinspark.expiry-past"),
        (_released_twice, "payment.released-before"),
        (_other_content, "payment.signed-otherwise"),
        (_without_key, "request.reply-key"),
        (_same_page_twice, "request.slot-twice"),
        (_both_networks, "request.mixed-scopes"),
    ],
)
def test_refused_before_anybody_is_asked(act: Callable[[Desk], str], code: str) -> None:
    """The operator is never shown what could not be released."""
    assert code == act(spark_desk())


def test_the_phrase_follows_the_content() -> None:
    """What is really created, and for whom."""
    desk = spark_desk()
    assert "create 12400 units for eqvh" == describe.phrase(creation(desk, raw_quantity=12_345))


def test_identity_and_intent() -> None:
    """The same parameters are the same; another way to write a number is another body for the same want."""
    desk = spark_desk()
    one, same, written = creation(desk), creation(desk), creation(desk, display_multiple="0.010")
    assert sign.identity(one) == sign.identity(same) != sign.identity(written)
    assert sign.intent(one) == sign.intent(written) != sign.intent(creation(desk, name="Other"))
    assert sign.mark(one, b"") is None


def test_misuse() -> None:
    """What only a mistake of our own can do."""
    desk = spark_desk()
    item = creation(desk)
    with pytest.raises(RuntimeError):
        sign.check(item, HELD, None)
    with pytest.raises(RuntimeError):
        sign.sign(item, TREASURY, Session(Keyring(), {}))
    with pytest.raises(RuntimeError):
        sign.content_of(transfer(desk))


def test_self_check() -> None:
    """All pass, and they are part of the device's."""
    found = selfcheck.run()
    assert all(one.passed for one in found)
    assert 5 == len(found)
    assert {one.name for one in found} <= {one.name for one in selfchecks.run()}


@pytest.mark.parametrize("check", _ANSWERS, ids=lambda check: str(check["check"]))
def test_another_answer_is_noticed(check: dict[str, Any]) -> None:
    """Each check fails when the known answer is another."""
    wrong = {"bitcoin": BITCOIN[::-1], "expect": "0", "charges": [[1, "0", 2]]}
    assert selfcheck._CHECKS[check["check"]](check)
    assert not selfcheck._CHECKS[check["check"]]({**check, **wrong})


@dataclass
class Terminal:
    """An operator who enrols a key."""

    key: Secret | None = field(default_factory=lambda: HELD.secrets[0])
    shown: list[str] = field(default_factory=list)

    def secret(self, name: str, *, optional: bool = False) -> Secret | None:
        """The key."""
        self.shown.append(f"{name} {optional}")
        return self.key

    def line(self, prompt: str, default: str = "") -> str:
        """Nothing is asked for in lines."""
        raise AssertionError(prompt + default)

    def show(self, text: str) -> None:
        """Keep *text*."""
        self.shown.append(text)

    def utc(self) -> int:
        """Nothing depends on time."""
        raise AssertionError

    def random(self, size: int) -> bytes:
        """The same each time."""
        return bytes(range(size))

    def table(self) -> bytes | None:
        """None."""
        return None


def test_enrolling() -> None:
    """The operator is told what the gap gives; the account's name is random, not the key's."""
    terminal = Terminal()
    account = enrol.enrol("vouchers", terminal)
    assert HELD == account
    assert ["API key False"] == terminal.shown[1:]
    assert "approval, not secrecy" in terminal.shown[0]
    assert cbor.encode({}) == account.settings
    with pytest.raises(RuntimeError):
        enrol.enrol("vouchers", Terminal(key=None))


def test_there_is_no_table() -> None:
    """One command, nothing to configure."""
    assert "secret.no-table" == code_of(enrol.change, HELD, Terminal())


def test_another_systems_account() -> None:
    """An account of the same name at another service is not this one."""
    desk = spark_desk()
    other = ServiceAccount("coinpayments", HELD.account, "x", HELD.secrets, HELD.settings)
    held = vault_contents.VaultContents(Secret(bytes(32)), services=(other,))
    with pytest.raises(BadInput) as caught:
        sign.account(creation(desk), held)
    assert "secret.unknown" == caught.value.code.name
    assert '"' not in describe.lines(creation(desk), held)[1].texts[0]


def test_leaves() -> None:
    """They are what the device loads for the kind."""
    item = creation(spark_desk())
    assert sign is services.signer(item.content.kind)
    assert describe is services.describer(item.content.kind)
    assert intake.ID_REUSED.name == "request.id-reused"


@pytest.mark.parametrize("key", [bytes(32), b"\1" + bytes(31)], ids=["zero", "one"])
def test_a_reply_key_that_is_none(key: bytes) -> None:
    """Refused before anybody looks at a review: nothing could be encrypted to it."""
    desk = spark_desk()
    operator = ScriptedOperator([TYPED])
    message = desk.host.seal(asked(desk, creation(desk), reply_key=key))
    with desk.open() as device:
        assert code_of(answer, message, device, operator, watch=Watch(lambda: float(NOW), lambda: 0.0)) == (
            "released.weak-key"
        )
    assert "REVIEW" not in operator.screen


def test_a_page_is_remembered_by_what_was_released() -> None:
    """A refused asset takes no page; a later session knows the released one (one look-up, however long the journal)."""
    desk = spark_desk()
    with desk.open() as device:
        give(device, desk.host.seal(asked(desk, creation(desk, name="Refused"))), "refuse", "no")
        assert {} == device.history.released
        give(device, desk.host.seal(asked(desk, creation(desk))))
    with desk.open() as device:
        again = give(device, desk.host.seal(asked(desk, creation(desk, name="Another"))))[1]
        assert "released the key for another asset with this page" in " ".join(again.split())
        assert 1 == len(device.history.released)
