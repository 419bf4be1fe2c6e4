"""Calls that a hostile host made up: each is refused with a code, or everything that is sent stands on the screen."""

import copy
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import parse_qsl

import cbor2
import pytest

from coldtusk_offline import home as homes
from coldtusk_offline import intake, review
from coldtusk_offline.device import Device
from coldtusk_offline.entries import Change
from coldtusk_offline.inspection import inspect
from coldtusk_offline.intake import CheckedItem
from coldtusk_offline.keyring import Keyring
from coldtusk_offline.service_accounts import ServiceAccount
from coldtusk_offline.services import signer
from coldtusk_offline.services.coinpayments import settings as coinpayments
from coldtusk_offline.services.coinrpc import settings as coinrpc
from coldtusk_offline.session import Session
from coldtusk_shared import cbor, envelope, request, typed_table
from coldtusk_shared.envelope import MessageType
from coldtusk_shared.errors import ColdtuskError
from coldtusk_shared.services.coinrpc import methods
from tests.offline.services.coinpayments.payments_desk import HELD as PAYMENTS
from tests.offline.services.coinrpc.coinrpc_desk import HELD as RPC
from tests.offline.services.coinrpc.coinrpc_desk import TABLE as METHODS
from tests.offline.services.coinsoftworks.softworks_desk import TABLE as ACTIONS
from tests.offline.services.coinsoftworks.softworks_desk import held
from tests.shared.service_samples import ACCOUNTS, CALLS, SEND_AT, UTC, Call, a_call
from tests.shared.services.coinpayments.call_samples import FULL, wire
from tests.simulators.crash_fs import CrashFs
from tests.simulators.desk import Desk, make_desk

_LEAVES: list[Any] = [
    *(0, 1, -1, 5, 30, 300, 2**32, 2**63, 2**64 - 1, SEND_AT, SEND_AT + 30, 253_402_300_799, True, False, None),
    *("", "0", "0.1", "00", "1.", "-1", "1e5", "NaN", "9" * 31, "BTC", "btc", "a b", " ", "\n", "\0", "\x7f", "\u00e9"),
    *("e\u0301", "\u202e", "\u200b", "\u6f22\u5b57", '"', "\\", "x" * 512, "\u00e9" * 256, "https://a/", "$a", "a|a"),
    *(
        "get_balance",
        "send",
        "TransferAction",
        "rename",
        "__proto__",
        "5",
        "amount",
        "to",
        "value",
        "yes",
        "sss",
        "a\nb",
    ),
    *([], {}, {1: 1}, [["amount", "1"]], [["a", "b"], ["a", "c"]], bytes(16), bytes(32), bytes(65)),
    *ACCOUNTS.values(),
    *(call.kind for call in CALLS.values()),
]
_ROUNDS = 4000


@pytest.fixture(scope="module")
def desk() -> Desk:
    """A device with an account at each service, and tables that know the golden calls."""
    made = make_desk(Path("/x"), CrashFs())
    table = ACTIONS.replace(b'name = "send"', b'name = "TransferAction"').replace(b"required = true", b"")
    rows = typed_table.parse_toml(METHODS.read_bytes(), "table", methods.SHAPE)
    rows = tuple(row for row in rows if row.name != "send")  # the golden call has another order
    accounts = (
        replace(PAYMENTS, account=ACCOUNTS["coinpayments"], settings=coinpayments.encode(1)),
        replace(RPC, account=ACCOUNTS["coinrpc"], label="rpc", settings=coinrpc.encode(rows)),
        ServiceAccount("coinspark", ACCOUNTS["coinspark"], "spark", PAYMENTS.secrets, cbor.encode({})),
        replace(held(toml=table), account=ACCOUNTS["coinsoftworks"]),
    )
    with made.open() as device:
        for account in accounts:
            homes.keep_service(device, account, Change.ENROLLED)
    return made


def seeds() -> list[Any]:
    """The golden calls, each CoinPayments command with every field, and two of one request; as they are decoded."""
    calls = [(one,) for one in CALLS.values()]
    calls += [(Call(f"coinpayments/{name}", wire(name, given)),) for name, given in FULL.items()]
    pair = (CALLS["coinsoftworks-authenticate"], CALLS["coinsoftworks-execute"])
    return [cbor2.loads(request.encode(replace(a_call(*one), host_head=None))) for one in (*calls, pair)]


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every container of *value* with each of its keys."""
    keys = value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in list(keys):
        yield value, key
        yield from places(value[key])


def mutated(seed: Any, random: Random) -> bytes:
    """*seed* with one to three changes, still one strict CBOR value."""
    value = copy.deepcopy(seed)
    for _ in range(random.choice((1, 1, 2, 3))):
        inside, key = random.choice(list(places(value)))
        leaf = copy.deepcopy(random.choice(_LEAVES))
        change = random.randrange(5)
        if change == 0:
            del inside[key]
        elif change == 1 and isinstance(inside, dict):
            inside[random.randrange(1, 26)] = leaf
        elif change == 1:
            inside.append(copy.deepcopy(inside[key]))
        elif change == 2 and isinstance(inside[key], str) and isinstance(leaf, str):
            inside[key] = leaf + inside[key]
        else:
            inside[key] = leaf
    return cbor2.dumps(value, canonical=True)


def sent(one: CheckedItem, output: bytes) -> list[str]:
    """The texts that reach the service, those of flags left out."""
    found, system = cbor2.loads(output), one.item.content.kind.partition("/")[0]
    if system == "coinpayments":
        values = [value for _, value in parse_qsl(found[2].decode())[5:]]
    elif system == "coinspark":
        values = [text for text in json.loads(found[1])["params"].values() if isinstance(text, str)][1:]
    elif system == "coinrpc":
        values = list(json.loads(found[2]).get("params", {}).values())
    else:
        values = list(json.loads(found[3] or b"{}").values())
    return [part for value in values if value not in {"0", "1"} for part in value.split("\n")]


def told(screen: str) -> str:
    """*screen* with what was folded and grouped put together again, without blanks; then once more without quoting."""
    whole = "".join(re.sub(r"\n\.\.\. {9}", "", screen).split())
    return whole + re.sub(r"\\(.)", r"\1", whole)


def _look(device: Device, message: bytes) -> str:
    """Intake, review and signing of one message; "" if it is refused."""
    try:
        opened = intake.open_request(message, device)
        checked = intake.check(opened, device, UTC if intake.needs_time(opened) else None)
    except ColdtuskError as refused:
        assert refused.line().isprintable()
        return ""
    screen, phrase = review.screen(checked, device), review.phrase_of(checked)
    assert all(row.isprintable() for row in screen.split("\n"))
    assert phrase == " ".join(phrase.split()) != review.REFUSE
    session = Session(Keyring(), device.history.marks)
    for one in checked.items:
        output = signer(one.item.content.kind).sign(one.item, one.account, session)
        missing = [text for text in sent(one, output) if "".join(text.split()) not in told(screen)]
        assert [] == missing
    return screen


def test_what_is_changed_is_shown_unchanged(desk: Desk) -> None:
    """Each call before its changes: otherwise nothing but refusals would be tested."""
    with desk.open() as device:
        for seed in seeds():
            payload = cbor2.dumps(seed, canonical=True)
            assert _look(device, envelope.seal(MessageType.REQUEST, payload, desk.host.signer)), seed


def test_nothing_but_refusals_and_screens(desk: Desk) -> None:
    """Of some thousand mutants of every call; ``inspect`` says what it can of each, or refuses it too."""
    random, starts, shown = Random(1207), seeds(), 0
    with desk.open() as device:
        for _ in range(_ROUNDS):
            message = envelope.seal(MessageType.REQUEST, mutated(random.choice(starts), random), desk.host.signer)
            shown += bool(_look(device, message))
            try:
                assert inspect(message)
            except ColdtuskError as refused:
                assert refused.line().isprintable()
    assert _ROUNDS // 40 < shown < _ROUNDS
