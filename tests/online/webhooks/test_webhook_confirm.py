"""A notice of CoinRPC is confirmed by the reply to a signed call, and by nothing less."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from coldtusk_online.ledger import calls
from coldtusk_online.ledger.states import State
from coldtusk_online.services.coinrpc import agreement
from coldtusk_online.webhooks import confirming
from coldtusk_online.webhooks.notice import State as Standing
from coldtusk_shared.errors import BadInput, Refused
from tests.online.webhooks.ledger_calls import a_call, add_calls
from tests.online.webhooks.receiver import RECEIVE, Receiver, ipn, receiving, webhook

_FIELDS = {**RECEIVE, "status": "SUCCESS"}
_TOLD = {"guid": RECEIVE["guid"], "amount": "0.10", "status": "SUCCESS", "currency": "BTC", "further": [1, None]}


def _reply(result: object) -> bytes:
    return json.dumps({"id": "1", "jsonrpc": "2.0", "result": result}).encode()


def _refused(result: object, fields: Mapping[str, str] = _FIELDS) -> str:
    with pytest.raises(Refused) as caught:
        agreement.check(fields, _reply(result))
    return caught.value.code.name


@pytest.mark.parametrize(
    "result",
    [
        _TOLD,
        [_TOLD],
        {"transactions": [{"guid": "other"}, {"inner": _TOLD}]},
        {**_TOLD, "guid": "another name", "tx_hash": RECEIVE["tx_hash"], "amount": 0.1} | {"guid": RECEIVE["guid"]},
        {"tx_hash": RECEIVE["tx_hash"], "amount": "0.1", "status": "SUCCESS"},
        [{**_TOLD, "amount": "7"}, _TOLD],
    ],
)
def test_agrees(result: object) -> None:
    """Wherever in the result it stands, in whatever number of digits."""
    agreement.check(_FIELDS, _reply(result))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("amount", "0.11"),
        ("amount", "-0.1"),
        ("status", "FAILED"),
        ("status", "success"),
        ("currency", "LTC"),
        ("recipient", "1Other"),
        ("tx_hash", "cd" * 32),
    ],
)
def test_disagrees(name: str, value: str) -> None:
    """webhooks.disagrees: one thing that both tell differs."""
    assert "webhooks.disagrees" == _refused({**_TOLD, name: value})


@pytest.mark.parametrize(
    "result",
    [
        None,
        "0.1",
        [],
        {"guid": RECEIVE["guid"]},
        {"guid": RECEIVE["guid"], "amount": "0.1"},
        {**_TOLD, "guid": "other"},
        {**_TOLD, "amount": None},
        {**_TOLD, "status": True},
    ],
)
def test_not_told(result: object) -> None:
    """webhooks.not-told: nothing in it is about this, or says how much and how it stands."""
    assert "webhooks.not-told" == _refused(result)


def test_an_empty_hash_names_nothing() -> None:
    """A pending payment has no transaction yet: two empty texts are not the same one."""
    pending = {**RECEIVE, "tx_hash": ""}
    assert "webhooks.not-told" == _refused({"tx_hash": "", "amount": "0.1", "status": "PENDING"}, pending)


def test_no_json() -> None:
    """The reply is read strictly."""
    with pytest.raises(BadInput) as caught:
        agreement.check(_FIELDS, b'{"result": {"guid": "a", "guid": "b"}}')
    assert "json.duplicate" == caught.value.code.name
    with pytest.raises(Refused):
        agreement.check(_FIELDS, b"[]")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Receiver]:
    """A server that got a webhook and an IPN, and whose ledger has calls: one that agrees, and others."""
    with receiving(tmp_path) as made:
        assert 200 == made.webhook(webhook(status="SUCCESS")).status
        assert 200 == made.ipn(ipn()).status
        add_calls(
            made.ledger,
            a_call(1, system="coinrpc", state=State.CONFIRMED, reply=_reply(_TOLD)),
            a_call(2, system="coinrpc", state=State.UNKNOWN, reply=_reply(_TOLD)),
            a_call(3, system="coinpayments", state=State.CONFIRMED, reply=_reply(_TOLD)),
            a_call(4, system="coinrpc", state=State.CONFIRMED),
        )
        yield made


def _confirm(server: Receiver, notice: str, call: str) -> None:
    with server.ledger.writing() as db:
        confirming.confirm(db, notice, call)


def _ids(server: Receiver) -> dict[str, str]:
    return {one.notice.service.value: one.id.hex() for one in server.stored()}


def test_confirmed_once(server: Receiver) -> None:
    """By an answered call that a device signed; the call does not change. Twice is webhooks.not-open."""
    id_ = _ids(server)["coinrpc"]
    _confirm(server, id_[:8], "01" * 16)
    assert Standing.CONFIRMED in {one.notice.state for one in server.stored()}
    with server.ledger.reading() as db:
        assert State.CONFIRMED is calls.all_of(db)[0].state
    with pytest.raises(Refused) as caught:
        _confirm(server, id_, "01" * 16)
    assert "webhooks.not-open" == caught.value.code.name


@pytest.mark.parametrize("call", ["02" * 16, "03" * 16, "04" * 16, "05" * 16, "", "01", "0"])
def test_not_by_another_call(server: Receiver, call: str) -> None:
    """webhooks.call: not answered, of another service, without a reply, unknown, or too few digits."""
    with pytest.raises(BadInput) as caught:
        _confirm(server, _ids(server)["coinrpc"], call)
    assert "webhooks.call" == caught.value.code.name
    assert Standing.UNCONFIRMED in {one.notice.state for one in server.stored()}


def test_not_another_service(server: Receiver) -> None:
    """webhooks.not-coinrpc."""
    with pytest.raises(Refused) as caught:
        _confirm(server, _ids(server)["coinpayments"], "01" * 16)
    assert "webhooks.not-coinrpc" == caught.value.code.name


def test_disagreeing_changes_nothing(server: Receiver) -> None:
    """A refusal leaves the notice as it was."""
    assert 200 == server.webhook(webhook(guid="other", status="SUCCESS", tx_hash="cd" * 32)).status
    other: Any = next(one for one in server.stored() if one.notice.subject == "other")
    with pytest.raises(Refused) as caught:
        _confirm(server, other.id.hex(), "01" * 16)
    assert "webhooks.not-told" == caught.value.code.name
    assert [Standing.UNCONFIRMED] == [one.notice.state for one in server.stored() if one.id == other.id]
