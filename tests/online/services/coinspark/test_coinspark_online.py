"""CoinSpark online: sent once over TLS, the reply read strictly, what was made fetched, checked and compared."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from coldtusk_online.base_url import BaseUrl
from coldtusk_online.http import HttpClient, tls_context
from coldtusk_online.http_reply import Reply
from coldtusk_online.json_strict import JsonNumber
from coldtusk_online.ledger.calls import Call
from coldtusk_online.ledger.service_accounts import ServiceAccount
from coldtusk_online.ledger.states import State
from coldtusk_online.rehearsal.payments import (
    REHEARSAL,
    Certificate,
    FaultKind,
    RunningPayments,
    Service,
    serve_payments,
)
from coldtusk_online.sending import Heard, Ready, Step, Way
from coldtusk_online.services import sender
from coldtusk_online.services.coinspark import build, chain, checking, record, replies, signature, submit
from coldtusk_online.services.coinspark.replies import Created, Failure
from coldtusk_online.services.coinspark.service_errors import REJECTED
from coldtusk_online.settings import Settings
from coldtusk_online.settings_services import ServiceSettings
from coldtusk_shared import command
from coldtusk_shared.errors import BadInput, OutcomeUnknown, Outside, Refused
from coldtusk_shared.request import Item, PaymentId, RequestId
from coldtusk_shared.services.coinspark import output
from coldtusk_shared.services.coinspark.body import body
from coldtusk_shared.services.coinspark.commands import CREATE_ASSET
from coldtusk_shared.services.coinspark.reply import Made
from tests.shared.services.coinspark.asset_samples import ACCOUNT, OPTIONAL, REQUIRED, asset

_NOW = 1_795_174_500
_KEY = REHEARSAL.coinspark_key
_ID = PaymentId(bytes(range(16)))
_TXID = "18" * 32
_HOST = BaseUrl.parse("https://spark.example:8443")


@dataclass
class Desk:
    """The stand-in, and the way to it; what the operator was told."""

    services: RunningPayments
    told: list[str] = field(default_factory=list)

    @property
    def way(self) -> Way:
        """A client that trusts the rehearsal's authority."""
        settings = Settings(label="ops", services={"coinspark": ServiceSettings(self.services.coinspark_url)})
        return Way(
            http=HttpClient(tls_context(self.services.ca_file), seconds=2.0),
            settings=settings,
            account=ServiceAccount("coinspark", ACCOUNT, "vouchers", _DEVICE),
            clock=lambda: _NOW,
            sleep=lambda _seconds: None,
            tell=self.told.append,
        )

    @property
    def created(self) -> int:
        """How many assets there are."""
        return len(self.services.books.of(Service.COINSPARK))

    def send(self, ready: Ready) -> Heard:
        """One call."""
        return submit.send(ready, self.way)


_DEVICE: Any = b"d" * 8


def ready(key: str = _KEY, state: State = State.ANSWERED, **changes: Any) -> Ready:
    """An answered call, its output decrypted."""
    item = Item(_ID, ACCOUNT, asset(**changes))
    call = Call(_ID, RequestId(bytes(16)), 0, state, "coinspark", "create_asset", ACCOUNT, None, bytes(32))
    return Ready(call, item, output.encode(body(_ID, key, build.content_of(item).given)))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A new rehearsal."""
    with serve_payments(tmp_path, clock=lambda: _NOW) as running:
        yield Desk(running)


@pytest.mark.parametrize("changes", [{}, {**OPTIONAL, "expiry_timestamp": 1_900_000_000}], ids=["required", "all"])
def test_created_and_checked(desk: Desk, changes: dict[str, Any]) -> None:
    """One asset; the hash that was computed is what the stand-in, by code of its own, put on its chain."""
    heard = desk.send(ready(**changes))
    assert (State.CONFIRMED, None) == (heard.state, heard.error)
    (entry,) = desk.services.books.of(Service.COINSPARK)
    assert entry.identity == heard.reference
    kept = record.read(heard.reply)
    assert (entry.fields["asset_hash"], entry.fields["metadata"]) == (kept.asset_hash, kept.metadata)
    assert any(kept.metadata in told for told in desk.told)


def test_the_service_reads_what_was_approved(desk: Desk) -> None:
    """Every parameter as the stand-in's own reader found it, and nothing but the device's bytes on the wire."""
    given = {**REQUIRED, **OPTIONAL, "expiry_timestamp": 1_900_000_000}
    sent = ready(**given)
    desk.send(sent)
    (entry,) = desk.services.books.of(Service.COINSPARK)
    assert {name: str(value) for name, value in given.items()}.items() <= dict(entry.fields).items()
    (received,) = desk.services.received_at("/coinspark")
    assert received.body == output.parse(sent.output)


def test_the_key_is_kept_nowhere(desk: Desk) -> None:
    """Neither in what is stored nor in what is said; it was in what was sent."""
    sent = ready()
    heard = desk.send(sent)
    assert _KEY.encode() in sent.output
    assert (
        _KEY
        not in f"{sent!r} {heard!r} {heard.note} {desk.told} {desk.way!r} {signature.call_of(sent.item, sent.output)!r}"
    )
    assert _KEY.encode() not in heard.reply


def test_refused_by_the_service(desk: Desk) -> None:
    """A wrong key and an empty account: nothing was created, the operator is told what to do."""
    wrong = desk.send(ready(key="another-key-than-theirs"))
    assert (State.REJECTED, "coinspark.service.key") == (wrong.state, _code(wrong))
    poor = desk.send(ready(send_btc="0.1"))
    assert (State.REJECTED, "coinspark.service.funds") == (poor.state, _code(poor))
    assert "required: 0.1001" in poor.note
    assert 0 == desk.created


def _code(heard: Heard) -> str:
    return "" if heard.error is None else heard.error.code.name


_LOST = [
    FaultKind.HANG,
    FaultKind.RESET_BEFORE_BODY,
    FaultKind.RESET_AFTER_BODY,
    FaultKind.REPLY_LOST,
    FaultKind.CUT,
    FaultKind.GARBAGE,
    FaultKind.HTML,
    FaultKind.REDIRECT,
    FaultKind.TOO_MANY,
    FaultKind.UNAVAILABLE,
    FaultKind.SERVER_ERROR,
    FaultKind.HUGE,
    FaultKind.DUPLICATE_KEYS,
    FaultKind.NO_LENGTH,
]


@pytest.mark.parametrize("kind", _LOST)
def test_replies_that_are_none(desk: Desk, kind: FaultKind) -> None:
    """Unknown, never sent again: at most one asset."""
    desk.services.faults.arm(kind, "/coinspark")
    sent = ready()
    with pytest.raises(OutcomeUnknown) as caught:
        desk.send(sent)
    assert caught.value.code.name in ("http.outcome-unknown", "coinspark.reply.unclear")
    assert _KEY not in caught.value.line()
    assert desk.created <= 1
    gate = submit.gate(replace(sent, call=replace(sent.call, state=State.UNKNOWN)), [], _NOW)
    assert Step.HELD is gate.step


@pytest.mark.parametrize("kind", [FaultKind.LATENCY, FaultKind.CHUNKED])
def test_replies_that_are_whole(desk: Desk, kind: FaultKind) -> None:
    """Late, or in chunks."""
    desk.services.faults.arm(kind, "/coinspark", seconds=0.1)
    assert State.CONFIRMED is desk.send(ready()).state


@pytest.mark.parametrize(
    "shown", [Certificate.WRONG_NAME, Certificate.EXPIRED, Certificate.UNKNOWN_AUTHORITY], ids=lambda one: one.value
)
def test_another_server(tmp_path: Path, shown: Certificate) -> None:
    """The key is not sent to whoever cannot prove who he is."""
    with serve_payments(tmp_path, certificate=shown) as running:
        with pytest.raises(Outside) as caught:
            Desk(running).send(ready())
        assert "http.certificate" == caught.value.code.name
        assert not isinstance(caught.value, OutcomeUnknown)
        assert not running.received


@pytest.mark.parametrize("kind", [FaultKind.HANG, FaultKind.CUT, FaultKind.HUGE, FaultKind.REDIRECT])
def test_a_contract_that_does_not_come(desk: Desk, kind: FaultKind) -> None:
    """The asset exists: confirmed, and said to be unchecked; it can be checked later from what is kept."""
    desk.services.faults.arm(kind, "/create-asset/")
    heard = desk.send(ready())
    assert (State.CONFIRMED, "coinspark.submit.unchecked") == (heard.state, _code(heard))
    kept = record.read(heard.reply)
    assert "" == kept.asset_hash
    base, _ = desk.way.settings.endpoint(desk.way.account)
    later = checking.check(asset(), kept.created, desk.way.http, base)
    assert later.made.metadata.hex() == desk.services.books.all()[0].fields["metadata"]


def test_fields_of_another_asset(desk: Desk) -> None:
    """The reply says another multiple: confirmed, and told."""
    desk.services.coinspark.modes = replace(desk.services.coinspark.modes, other_fields=True)
    heard = desk.send(ready())
    assert (State.CONFIRMED, "coinspark.submit.otherwise") == (heard.state, _code(heard))
    assert 'multiple is "7", not "0.01"' in str(heard.error)


def test_another_contract(desk: Desk) -> None:
    """The file is not what was hashed: the reply alone cannot show it, the genesis transaction does."""
    desk.services.coinspark.modes = replace(desk.services.coinspark.modes, other_contract=True)
    heard = desk.send(ready())
    made = _made(heard)
    base, _ = desk.way.settings.endpoint(desk.way.account)
    genesis = desk.way.http.call(base, f"/rehearsal/genesis/{heard.reference}", method="GET").body.decode()
    with pytest.raises(Refused) as caught:
        chain.check(made, heard.reference, genesis)
    assert "coinspark.genesis.differs" == caught.value.code.name


def _made(heard: Heard) -> Made:
    kept = record.read(heard.reply)
    return Made(bytes.fromhex(kept.asset_hash), bytes.fromhex(kept.metadata))


def test_on_the_chain(desk: Desk) -> None:
    """What the stand-in's chain holds is what was computed: its transaction has the right txid and output."""
    heard = desk.send(ready())
    made = _made(heard)
    base, _ = desk.way.settings.endpoint(desk.way.account)
    genesis = desk.way.http.call(base, f"/rehearsal/genesis/{heard.reference}", method="GET").body.decode()
    chain.check(made, heard.reference, genesis)
    chain.check(made, heard.reference, made.script.hex())
    chain.check(made, heard.reference, made.metadata.hex())


def _transaction(metadata: bytes) -> tuple[str, str]:
    raw = b"\1\0\0\0" + bytes(60) + b"\x2a\x6a\x28" + metadata + bytes(4)
    return hashlib.sha256(hashlib.sha256(raw).digest()).digest()[::-1].hex(), raw.hex()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "coinspark.genesis.form"),
        ("6a2", "coinspark.genesis.form"),
        ("6a 28", "coinspark.genesis.form"),
        ("zz", "coinspark.genesis.form"),
        ("00" * 100_001, "coinspark.genesis.form"),
        ("00" * 42, "coinspark.genesis.differs"),
        ("00" * 43, "coinspark.genesis.other"),
    ],
    ids=lambda text: text[:8],
)
def test_genesis_refused(text: str, code: str) -> None:
    """Neither hex nor the transaction."""
    with pytest.raises((BadInput, Refused)) as caught:
        chain.check(Made(bytes(32), b"SPKg" + bytes(36)), _TXID, text)
    assert code == caught.value.code.name


def test_a_whole_transaction() -> None:
    """Its txid is computed: another transaction with the same output is another asset."""
    made = Made(bytes(32), b"SPKg" + bytes(36))
    txid, raw = _transaction(made.metadata)
    chain.check(made, txid, raw)
    with pytest.raises(BadInput) as caught:
        chain.check(made, _TXID, raw)
    assert "coinspark.genesis.other" == caught.value.code.name


def _reply(member: dict[str, Any], status: int = 200, **more: Any) -> Reply:
    return Reply(status, {}, json.dumps({"id": _ID.hex(), **member, "jsonrpc": "2.0", **more}).encode())


@pytest.mark.parametrize("number", REJECTED)
@pytest.mark.parametrize("status", sorted(replies.STATUSES))
def test_the_documents_errors(number: int, status: int) -> None:
    """Each number has a code, whatever the status; the service's words are quoted."""
    error = {"code": number, "message": "No", "data": "address: 1C8X"}
    found = replies.read(_reply({"error": error}, status), _ID, _KEY)
    assert Failure(REJECTED[number], number, '"No" "address: 1C8X"') == found


def test_every_documented_code() -> None:
    """By name, so that none changes unnoticed."""
    names = {number: code.name for number, code in REJECTED.items()}
    assert {
        -20000: "coinspark.service.not-https",
        -20001: "coinspark.service.key",
        -20002: "coinspark.service.funds",
        -20003: "coinspark.service.funds",
        -32700: "coinspark.service.json",
        -32600: "coinspark.service.request",
        -32601: "coinspark.service.method",
        -32602: "coinspark.service.params",
    } == names


_RESULT = {"txid": _TXID}


@pytest.mark.parametrize(
    "reply",
    [
        Reply(200, {}, b"<html>"),
        Reply(200, {}, b""),
        Reply(200, {}, b"[]"),
        Reply(200, {}, b'{"id":"00","id":"00"}'),
        Reply(404, {}, b"not found"),
        _reply({}),
        _reply({"result": None, "error": None}),
        _reply({"result": _RESULT, "error": {"code": -20001, "message": ""}}),
        _reply({"result": _RESULT}, id="another"),
        _reply({"result": _RESULT}, id=None),
        _reply({"error": {"code": -20001, "message": ""}}, id=None),
        _reply({"result": _RESULT}, status=500),
        _reply({"result": {}}),
        _reply({"result": {"txid": _TXID.upper().replace("1", "A")}}),
        _reply({"result": {"txid": _TXID[2:]}}),
        _reply({"result": []}),
        _reply({"error": {"code": -32603, "message": "Internal error"}}),
        _reply({"error": {"code": -1, "message": ""}}),
        _reply({"error": {"code": "-20001", "message": ""}}),
        _reply({"error": {"code": -20001.5, "message": ""}}),
        _reply({"error": "no"}),
        _reply({"error": {}}),
    ],
    ids=lambda reply: f"{reply.status} {reply.body[-60:]!r}",
)
def test_unclear_replies(reply: Reply) -> None:
    """Whatever is not a documented refusal may have created something; the error quotes nothing of it."""
    with pytest.raises(OutcomeUnknown) as caught:
        replies.read(reply, _ID, _KEY)
    assert "coinspark.reply.unclear" == caught.value.code.name
    assert _ID.hex() == caught.value.where


def test_a_service_that_says_the_key() -> None:
    """Its words are left out."""
    error = {"code": -20001, "message": f"key {_KEY} is unknown", "data": "ask us"}
    assert Failure(REJECTED[-20001], -20001, '"ask us"') == replies.read(_reply({"error": error}), _ID, _KEY)


def _created(**changes: Any) -> Created:
    fields = {
        "name": REQUIRED["name"],
        "issuer": REQUIRED["issuer"],
        "description": REQUIRED["description"],
        "units": "1 Euro",
        "multiple": 0.01,
        "issue_date": "2014-11-20T12:24:50+00:00",
        "expiry_date": "",
        "interest_rate": 0,
        "genesis_txid": _TXID,
        "name_short": REQUIRED["name_short"],
        "contract_url": REQUIRED["contract_url"],
    }
    link = "https://spark.example:8443/create-asset/?id=1&file=contract"
    result = {"txid": _TXID, "spent_btc": 0.0002, "contract_final": link, "web_page_fields": fields, **changes}
    found = replies.read(_reply({"result": result}), _ID, _KEY)
    assert isinstance(found, Created)
    return found


def test_records() -> None:
    """The service's words come back with their numbers; a service that says the key leaves its transaction alone."""
    kept = record.read(record.write(_created(), None, _KEY))
    assert (_TXID, "", "") == (kept.created.txid, kept.asset_hash, kept.metadata)
    assert checking.read_page(_created().page_fields) == checking.read_page(kept.created.page_fields)
    said = record.write(_created(web_page_basic=f"https://spark.example/?key={_KEY}"), None, _KEY)
    assert b'{"txid":"' + _TXID.encode() + b'"}' == said
    strange = record.read(record.write(_created(spent_btc=1e200), None, _KEY))
    assert {"txid"} == set(strange.created.result)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"contract_final": 5}, "json.field"),
        ({"contract_final": "https://other.example/contract"}, "coinspark.contract.link"),
        ({"contract_final": "https://spark.example@other.example/"}, "coinspark.contract.link"),
        ({"contract_final": "//[/"}, "coinspark.contract.link"),
        ({"contract_final": "https://spark.example/a b"}, "coinspark.contract.link"),
        ({"contract_final": "https://spark.example/\r\nHost: x"}, "coinspark.contract.link"),
        ({"contract_final": "/contract"}, "coinspark.contract.link"),
        ({"contract_final": "https://spark.example/" + "a" * 300}, "coinspark.contract.link"),
        ({"web_page_fields": []}, "json.field"),
        ({"web_page_fields": {}}, "json.field"),
        ({"web_page_fields": {**_created().page_fields, "multiple": "0.01"}}, "json.field"),
        ({"web_page_fields": {**_created().page_fields, "multiple": True}}, "json.field"),
        ({"web_page_fields": {**_created().page_fields, "multiple": 1e200}}, "coinspark.json.number"),
    ],
)
def test_what_cannot_be_checked(changes: dict[str, Any], code: str) -> None:
    """Fields that are missing or none; a contract elsewhere is never fetched."""

    def nowhere(_host: str, _port: int) -> Any:
        raise RuntimeError("nothing is fetched")

    with pytest.raises(BadInput) as caught:
        checking.check(asset(), _created(**changes), HttpClient(resolve=nowhere), _HOST)
    assert code == caught.value.code.name


def test_another_price(desk: Desk) -> None:
    """The service says that it spent more than was approved: a difference like any other."""
    heard = desk.send(ready())
    kept = record.read(heard.reply)
    dear = replace(kept.created, result={**kept.created.result, "spent_btc": JsonNumber("0.0003")})
    base, _ = desk.way.settings.endpoint(desk.way.account)
    (found,) = checking.check(asset(), dear, desk.way.http, base).differences
    assert ("spent_btc", "0.0002", "0.0003") == (found.name, found.asked, found.answered)


@pytest.mark.parametrize(
    ("link", "path"),
    [
        ("http://spark.example/create-asset/?id=1&file=contract", "/create-asset/?id=1&file=contract"),
        ("https://spark.example:8443/c#x", "/c"),
        ("https://SPARK.example", "/"),
    ],
)
def test_links(link: str, path: str) -> None:
    """Fetched from the service itself, over https, whatever scheme and port the link has."""
    assert path == checking.path_of(link, _HOST)


def test_a_device_that_releases_another_call() -> None:
    """Other parameters beside the key, another id, another form: refused; the error shows none of it."""
    right = ready()
    others = [
        ready(name="Other").output,
        output.encode(body(PaymentId(bytes(16)), _KEY, asset().given)),
        output.encode(output.parse(right.output) + b" "),
        output.encode(b'{"params":{"key":5}}'),
        output.encode(_KEY.encode()),
        b"\xa0",
        b"",
    ]
    assert signature.number(right.item, right.output) is None  # type: ignore[func-returns-value]  # that is the point
    signature.check(right.item, right.output, "response")
    for other in others:
        with pytest.raises(BadInput) as caught:
            signature.check(right.item, other, "response")
        assert ("coinspark.output.differs", None) == (caught.value.code.name, caught.value.__context__)
        assert _KEY not in caught.value.line()


def test_gates() -> None:
    """What was sent is never sent again; an asset that would be expired is not made."""
    assert Step.GO is submit.gate(ready(), [], _NOW).step
    unknown = submit.gate(ready(state=State.UNKNOWN), [], _NOW)
    assert (Step.HELD, "coinspark.submit.never-again") == (unknown.step, _why(unknown))
    late = submit.gate(ready(expiry_timestamp=_NOW), [], _NOW)
    assert (Step.DEAD, "coinspark.submit.expired") == (late.step, _why(late))


def _why(gate: Any) -> str:
    return str(gate.why.code.name)


def test_building() -> None:
    """What a person gives, with the document's defaults for what is always sent."""
    texts = [(name, str(value)) for name, value in REQUIRED.items() if name not in ("testnet", "rounding")]
    account = ServiceAccount("coinspark", ACCOUNT, "vouchers", _DEVICE)
    built = build.content(account, command.typed(CREATE_ASSET, texts))
    assert asset() == built
    shown = build.lines(Item(_ID, ACCOUNT, built))
    assert "create an asset" in shown[0].texts[0]
    with pytest.raises(RuntimeError):
        build.content_of(Item(_ID, ACCOUNT, _OTHER))


_OTHER: Any = type("Other", (), {"kind": "other/thing"})()


def test_the_leaf_is_found() -> None:
    """By the kind."""
    assert submit is sender(ready().item)
