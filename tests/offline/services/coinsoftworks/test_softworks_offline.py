"""coinsoftworks on the device: the review word for word, what is released and to whom, what is refused before it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from wcwidth import wcswidth

from coldtusk_offline import contents as vault_contents
from coldtusk_offline import selfcheck as selfchecks
from coldtusk_offline import services
from coldtusk_offline.keyring import Keyring
from coldtusk_offline.services.coinsoftworks import describe, enrol, enrolled, selfcheck, sign
from coldtusk_offline.session import Session
from coldtusk_shared import limits
from coldtusk_shared.response import RefusedItem
from coldtusk_shared.screen import COLUMNS
from coldtusk_shared.services.coinsoftworks import output
from coldtusk_shared.services.coinsoftworks.content import CoinsoftworksContent
from coldtusk_shared.services.coinsoftworks.output import Call
from coldtusk_shared.services.coinsoftworks.poll import Poll
from tests.offline.payments import code_of, transfer
from tests.offline.services.coinsoftworks.softworks_desk import (
    HELD,
    TABLE,
    Enrolling,
    asked,
    give,
    held,
    item,
    opened,
    works_desk,
)
from tests.offline.services.coinsoftworks.softworks_screens import FOLDER, FULL, SCENES
from tests.shared.services.coinsoftworks.softworks_samples import KEY, SEND, TOKEN, call, send
from tests.simulators.crash_fs import CrashFs
from tests.simulators.desk import TREASURY, Desk

_ANSWERS: list[dict[str, Any]] = json.loads(Path(selfcheck.__file__).with_name("selfcheck.json").read_text())["checks"]
_TO, _AMOUNT, _CURRENCY = SEND
_POLL = Poll("/actions/{key}/33/{id}", "action_status", ("Completed", "Done"), ("Failed",), "action_id")


@pytest.mark.parametrize("name", SCENES)
def test_screens(name: str) -> None:
    """Every screen, word for word, inside 80 columns, and without a secret."""
    shown = f"{SCENES[name]()}\n"
    assert (FOLDER / f"{name}.txt").read_text(encoding="utf-8") == shown
    reviewed = shown[max(shown.find("REVIEW"), 0) :]
    assert all(wcswidth(row) <= COLUMNS for row in reviewed.splitlines())
    assert "CANARY" not in shown


def test_no_screen_is_left_over() -> None:
    """Every file has its scene."""
    assert sorted(SCENES) == sorted(path.stem for path in FOLDER.iterdir())


def test_the_screen_says_what_the_gap_gives() -> None:
    """Approval, not secrecy: above the review and above the prompt."""
    shown = " ".join(SCENES["authenticate"]().split())
    assert 2 == shown.count("The gap gives approval here, not secrecy")


@pytest.mark.parametrize(
    "changed",
    [
        ("to", "bc1qxy2kgdygjrsqtzq2n0yrf2493p83kkfjhx0wlh"),
        ("amount", "0.1"),
        ("currency", "LTC"),
        ("urgent", "0"),
        ("note", "x"),
        ("speed", "slow"),
        ("blocks", "7"),
    ],
    ids=lambda pair: pair[0],
)
def test_every_field_changes_screen_and_body(changed: tuple[str, str]) -> None:
    """Nothing reaches the service unseen."""
    contents = vault_contents.VaultContents(HELD.secrets[0], services=(HELD,))
    desk = works_desk()
    one, other = item(desk, send(*FULL)), item(desk, send(*({**dict(FULL), changed[0]: changed[1]}.items())))
    assert describe.lines(one, contents) != describe.lines(other, contents)
    session = Session(Keyring(), {})
    assert sign.sign(one, HELD, session) != sign.sign(other, HELD, session)


def _released(*contents: CoinsoftworksContent, account: Any = HELD) -> list[Call]:
    """What the host opens of one request."""
    desk = works_desk(account)
    asked_for = asked(desk, *(item(desk, content) for content in contents))
    with desk.open() as device:
        answer, _ = give(device, desk.host.seal(asked_for))
    return [output.parse(opened(answer, asked_for, place)) for place in range(len(contents))]


def test_the_exact_calls_are_released() -> None:
    """The token with ``authenticate`` alone, the API key where a path needs it, the body in the table's order."""
    body = b'{"currency":"BTC","amount":"0.10","to":"bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq"}'
    assert [
        Call("POST", "/authentication/{key}", b"", TOKEN, KEY),
        Call("GET", "/settings/{key}", b"", key=KEY),
        Call("GET", "/actions/{key}", b"", key=KEY),
        Call("GET", "/user/{key}", b"", key=KEY),
        Call("POST", "/actions/{key}/33", body, key=KEY, poll=_POLL),
    ] == _released(call("authenticate"), call("settings"), call("actions"), call("user"), send())


def test_no_key_where_no_path_needs_it() -> None:
    """An account without one, and an action whose paths have no place for it."""
    without = held(key=None, toml=None, lines={"method": "GET"})
    assert [Call("GET", "/authentication", b"", TOKEN), Call("GET", "/settings", b"")] == _released(
        call("authenticate"), call("settings"), account=without
    )
    (renamed,) = _released(send(("alias", "x"), action="rename"))
    assert ("", "", b'{"alias":"x"}') == (renamed.key, renamed.token, renamed.body)


def test_a_get_has_no_body() -> None:
    """An action that reads."""
    content = CoinsoftworksContent(call("user").account, send().command, "balance")
    assert [Call("GET", "/balance/{key}", b"", key=KEY)] == _released(content)


def test_the_secrets_are_nowhere_else() -> None:
    """Not in the answer, the journal, any file, or on the screen; they are in what the host opens, and in the vault."""
    medium = CrashFs()
    desk = works_desk(medium=medium)
    asked_for = asked(desk, item(desk, call("authenticate")), item(desk, send()))
    with desk.open() as device:
        answer, shown = give(device, desk.host.seal(asked_for))
        journal = b"".join(entry.body for entry in device.journal.entries())
        kept = vault_contents.encode(device.vault.contents)
    stored = b"".join(data or b"" for data in medium.tree().values())
    leaked = answer.message + journal + stored + shown.encode() + repr((answer, HELD)).encode()
    for canary in (TOKEN.encode(), KEY.encode()):
        assert canary not in leaked
        assert canary in opened(answer, asked_for)
        assert canary in kept


def test_the_same_request_again() -> None:
    """It gets the very same answer; nothing is released anew."""
    desk = works_desk()
    message = desk.host.seal(asked(desk, item(desk, call("authenticate"))))
    with desk.open() as device:
        first, _ = give(device, message)
        second, _ = give(device, message)
    assert second.again
    assert first.message == second.message


def test_a_refusal_releases_nothing() -> None:
    """The operator said no, to all of it."""
    desk = works_desk()
    with desk.open() as device:
        asked_for = asked(desk, item(desk, call("authenticate")), item(desk, call("user")))
        answer, _ = give(device, desk.host.seal(asked_for), "refuse", "")
    assert all(isinstance(result, RefusedItem) for result in answer.response.results)


def _asked_of(*contents: CoinsoftworksContent, account: Any = HELD, **changes: Any) -> Callable[[], str]:
    def act() -> str:
        desk = works_desk(account)
        items = [item(desk, content) for content in contents]
        with desk.open() as device:
            return code_of(give, device, desk.host.seal(asked(desk, *items, **changes)))

    return act


def _of_unknown_account() -> str:
    desk = works_desk()
    with desk.open() as device:
        return code_of(give, device, desk.host.seal(asked(desk, item(desk, call("user"), bytes(16)))))


def _released_twice() -> str:
    desk = works_desk()
    one = item(desk, send())
    with desk.open() as device:
        give(device, desk.host.seal(asked(desk, one)))
        return code_of(give, device, desk.host.seal(asked(desk, one)))


def _other_content() -> str:
    desk = works_desk()
    one, other = item(desk, send()), item(desk, send(_TO, ("amount", "9"), _CURRENCY))
    with desk.open() as device:
        give(device, desk.host.seal(asked(desk, one)))
        again = type(one)(one.payment_id, other.account, other.content)
        return code_of(give, device, desk.host.seal(asked(desk, again)))


def _too_long() -> str:
    toml = b'[[action]]\nname = "tell"\nrisk = "reads"\nmethod = "POST"\npath = "/tell"\n' + b"".join(
        b'[[action.field]]\nname = "n%d"\nform = "text"\n' % at for at in range(limits.TABLE_FIELDS)
    )
    texts = tuple((f"n{at}", "\u00e4" * (limits.TEXT_BYTES // 2)) for at in range(limits.TABLE_FIELDS))
    return _asked_of(send(*texts, action="tell"), account=held(toml=toml))()


@pytest.mark.parametrize(
    ("act", "code"),
    [
        (_asked_of(send(action="swap")), "coinsoftworks.action-not-enrolled"),
        (_asked_of(send(), account=held(toml=None)), "coinsoftworks.action-not-enrolled"),
        (_asked_of(send(_TO, _AMOUNT)), "field.required"),
        (_asked_of(send(*SEND, ("extra", "1"))), "field.not-of-command"),
        (_asked_of(send(_TO, ("amount", "0"), _CURRENCY)), "amount.zero"),
        (_asked_of(send(_TO, ("amount", "1e3"), _CURRENCY)), "decimal.form"),
        (_asked_of(send(_TO, ("amount", "NaN"), _CURRENCY)), "decimal.form"),
        (_asked_of(send(_TO, ("amount", "-1"), _CURRENCY)), "decimal.form"),
        (_asked_of(send(_TO, _AMOUNT, ("currency", "btc"))), "field.characters"),
        (_asked_of(send(("to", "a b"), _AMOUNT, _CURRENCY)), "field.characters"),
        (_asked_of(send(*SEND, ("urgent", "yes"))), "table.wire"),
        (_asked_of(send(*SEND, ("urgent", "2"))), "field.yes-no"),
        (_asked_of(send(*SEND, ("speed", "warp"))), "field.out-of-range"),
        (_asked_of(send(*SEND, ("blocks", "145"))), "field.out-of-range"),
        (_asked_of(send(*SEND, ("blocks", "07"))), "field.number"),
        (_asked_of(send(("name", "a"), ("alias", "b"), action="rename")), "field.one-of"),
        (_too_long, "coinsoftworks.body-size"),
        (_asked_of(call("user"), reply_key=None), "request.reply-key"),
        (_asked_of(call("user"), call("user")), "request.slot-twice"),
        (_asked_of(send(), send(*reversed(SEND))), "request.slot-twice"),
        (_of_unknown_account, "secret.unknown"),
        (_released_twice, "payment.released-before"),
        (_other_content, "payment.signed-otherwise"),
    ],
)
def test_refused_before_anybody_is_asked(act: Callable[[], str], code: str) -> None:
    """The operator is never shown what could not be released."""
    assert code == act()


def test_the_phrase_follows_the_content() -> None:
    """Of an action its name and the ends of its fields; texts that cannot be typed safely are left out."""
    desk = works_desk()
    assert "execute send 0.10 BTC 5mdq" == describe.phrase(item(desk, send()))
    assert "execute send 0.10 BTC" == describe.phrase(item(desk, send(("to", "\u7d66\u4e0e"), *SEND[1:])))
    assert "ask user" == describe.phrase(item(desk, call("user")))
    assert "execute send 0.10 BTC Ltd" == describe.phrase(item(desk, send(("to", "Acme & Sons \u7d66 Ltd"), *SEND[1:])))


def test_the_host_does_not_choose_what_is_typed() -> None:
    """Neither by the order of the fields, nor by a payee in whose address there is more than letters and digits."""
    desk = works_desk()
    cash = ("to", "bitcoincash:qpm2qsznhks23z7629mms6s0cwef74vcwvy22gdx6a")
    fillers = (("blocks", "6"), ("speed", "fast"), ("urgent", "1"), ("note", "x"))
    first, turned = send(*fillers, cash, *SEND[1:]), send(*SEND[1:], cash, *fillers)
    assert describe.phrase(item(desk, first)) == describe.phrase(item(desk, turned))
    assert "execute send 0.10 6 BTC x fast dx6a 1" == describe.phrase(item(desk, first))


def test_the_labels_of_a_table_are_shown_when_it_is_enrolled() -> None:
    """A review shows the label, not the name: whoever brings the table could let one stand for the other."""
    odd = TABLE.replace(b'label = "Recipient"', b'label = "reference"').replace(
        b'done = "ok"', b"""done = 'ok", failed if "no'"""
    )
    ask = Enrolling(toml=odd)
    enrol.enrol("mining", ask)
    shown = " ".join("\n".join(ask.shown).split())
    assert 'to: address, required, shown as "reference"' in shown
    assert 'done if "ok\\", failed if \\"no", failed if "error"' in shown


def test_identity_and_intent() -> None:
    """The order of parameters is another message for the same want; another text is another want."""
    desk = works_desk()
    one, same, turned = item(desk, send()), item(desk, send()), item(desk, send(*reversed(SEND)))
    assert sign.identity(one) == sign.identity(same) != sign.identity(turned)
    assert sign.intent(one) == sign.intent(turned) != sign.intent(item(desk, call("user")))
    assert sign.identity(one) != sign.identity(item(desk, send(), bytes(16)))
    assert sign.mark(one, b"") is None


def test_misuse() -> None:
    """What only a mistake of our own can do."""
    desk = works_desk()
    with pytest.raises(RuntimeError):
        sign.check(item(desk, send()), TREASURY, None)
    with pytest.raises(RuntimeError):
        sign.content_of(transfer(Desk(desk.home, desk.means, desk.host)))


def test_leaves() -> None:
    """They are what the device loads for the kind."""
    assert sign is services.signer("coinsoftworks/execute")
    assert describe is services.describer("coinsoftworks/execute")


def test_self_check() -> None:
    """All pass, and they are part of the device's."""
    found = selfcheck.run()
    assert all(one.passed for one in found)
    assert {one.name for one in found} <= {one.name for one in selfchecks.run()}


@pytest.mark.parametrize("check", _ANSWERS, ids=lambda check: str(check["check"]))
def test_another_answer_is_noticed(check: dict[str, Any]) -> None:
    """Each check fails when the known answer is another."""
    assert selfcheck._CHECKS[check["check"]](check)
    assert not selfcheck._CHECKS[check["check"]]({**check, "expect": "00"})


def test_a_table_is_read_once() -> None:
    """A large table is not read anew for each of a thousand items, several times each."""
    assert enrolled.of(HELD) is enrolled.of(held())
