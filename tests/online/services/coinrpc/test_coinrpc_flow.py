"""A call across the gap: both halves' own code, the stand-in on a real socket; held, sent once, or dead."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from coldtusk_offline import vault
from coldtusk_offline.answer import answer
from coldtusk_offline.cli.card import card_of
from coldtusk_offline.contents import Host as PinnedHost
from coldtusk_offline.secret import Secret
from coldtusk_offline.service_accounts import ServiceAccount
from coldtusk_offline.services.coinrpc import settings as enrolled
from coldtusk_offline.utc import Watch
from coldtusk_online import identity, submitting, taking
from coldtusk_online.host import Host, no_checkpoint
from coldtusk_online.http import HttpClient, tls_context
from coldtusk_online.ledger import devices, requests, service_accounts, store
from coldtusk_online.ledger import service_accounts as accounts
from coldtusk_online.ledger.states import State
from coldtusk_online.rehearsal.payments import REHEARSAL, FaultKind, RunningPayments, Service, serve_payments
from coldtusk_online.reply_keys import ReplyKeys
from coldtusk_online.sending import Way
from coldtusk_online.settings import Settings
from coldtusk_online.settings_services import ServiceSettings
from coldtusk_online.submitting import Means, Sent
from coldtusk_shared import card, envelope, request
from coldtusk_shared.errors import OutcomeUnknown
from coldtusk_shared.services.coinrpc.content import CoinRpcContent
from tests.offline.services.coinrpc.coinrpc_desk import HELD
from tests.online.services.coinrpc.rpc_stand_in import KEY, PATH, Clock
from tests.shared.services.coinrpc.rpc_samples import RECIPIENT
from tests.simulators.crash_fs import CrashFs
from tests.simulators.desk import PASSPHRASE, Desk, make_desk
from tests.simulators.online_house import Counter, Ran, run
from tests.simulators.operator import ScriptedOperator

_SECRET = REHEARSAL.coinrpc_signing
_PAIRED = 1_795_000_000
_WINDOW = 300
"""So long that no slow machine passes it between two commands."""


@dataclass
class Gap:
    """Two halves and a service. The commands see the machine's clock; :meth:`submit` sees one of the test."""

    folder: Path
    desk: Desk
    services: RunningPayments
    clock: Clock
    told: list[str] = field(default_factory=list)

    def online(self, *arguments: str) -> Ran:
        """A command of the online half."""
        places = ("--config", str(self.folder / "settings.toml"), "--data", str(self.folder / "data"))
        return run(*places, *arguments, "--json")

    def pay(self, *more: str) -> Ran:
        """Build a request for a payment."""
        given = ("--param", f"recipient={RECIPIENT}", "--param", "amount=0.5", "--param", "currency=BTC")
        return self.online("coinrpc", "call", "send", *given, "--out", str(self.request), *more)

    @property
    def request(self) -> Path:
        """The file that crosses."""
        return self.folder / f"{len(list(self.folder.glob('*.response')))}.request"

    def content(self) -> CoinRpcContent:
        """The call in the request."""
        (item,) = request.parse(envelope.read(self.request.read_bytes()).payload).items
        assert isinstance(item.content, CoinRpcContent)
        return item.content

    def sign(self) -> Path:
        """The device answers; its operator types the time and the phrase."""
        made = request.parse(envelope.read(self.request.read_bytes()).payload)
        typed = datetime.fromtimestamp(made.created, UTC).strftime("%Y-%m-%d %H:%M")
        watch = Watch(unix=lambda: float(made.created), monotonic=lambda: 0.0)
        with self.desk.open() as device:
            answered = answer(self.request.read_bytes(), device, ScriptedOperator([typed, None]), watch=watch)
        response = self.request.with_suffix(".response")
        response.write_bytes(answered.message)
        return response

    def submit(self, response: Path) -> Sent:
        """By the library, with the clock of the test."""
        ledger = store.connect(store.default_url(self.folder / "data" / "ledger.sqlite"))
        try:
            held = identity.load(self.folder / "data" / "identity.key")
            host = Host("ops", held, ledger, self.clock.ours, Counter(), no_checkpoint)
            stored = taking.take(host, response.read_bytes())
            means = Means(ReplyKeys(self.folder / "keys"), self.way, nullcontext)
            return submitting.submit_calls(host, stored, means)
        finally:
            ledger.close()

    def way(self, account: accounts.ServiceAccount) -> Way:
        """To the stand-in."""
        return Way(
            http=HttpClient(tls_context(self.services.ca_file), seconds=5.0),
            settings=Settings(label="ops", services={"coinrpc": ServiceSettings(self.services.coinrpc_url)}),
            account=account,
            clock=self.clock.ours,
            sleep=self.clock.sleep,
            tell=self.told.append,
        )

    def states(self) -> list[State]:
        """Where the calls of the ledger stand."""
        ledger = store.connect(store.default_url(self.folder / "data" / "ledger.sqlite"))
        try:
            with ledger.reading() as db:
                return [call.state for stored in requests.all_of(db) for call in stored.calls]
        finally:
            ledger.close()

    @property
    def payments(self) -> int:
        """How many the service carried out."""
        return len(self.services.books.of(Service.COINRPC))


@contextmanager
def gap(folder: Path, *, real_time: bool) -> Iterator[Gap]:
    """The online half with its settings, the device with the rehearsal's key and a table, each pinned by the other."""
    desk, clock = make_desk(Path("/x"), CrashFs()), Clock()
    (folder / "ca").mkdir()
    with serve_payments(folder / "ca", clock=time.time if real_time else clock.theirs) as services:
        services.coinrpc.modes = replace(services.coinrpc.modes, window_seconds=_WINDOW)
        made = Gap(folder, desk, services, clock)
        assert 0 == made.online("init", "--label", "ops").status
        text = (folder / "settings.toml").read_text(encoding="utf-8")
        own = f'\n[services.coinrpc]\nurl = "{services.coinrpc_url}"\nwindow = {_WINDOW}\n'
        (folder / "settings.toml").write_text(f'ca_file = "{services.ca_file}"\n{text}{own}', encoding="utf-8")
        _pair(made)
        yield made


def _pair(made: Gap) -> None:
    host = identity.load(made.folder / "data" / "identity.key")
    held = vault.unlock(made.desk.home.vault, PASSPHRASE, means=made.desk.means)
    rows = enrolled.encode(enrolled.rows_of(HELD))
    account = ServiceAccount("coinrpc", KEY, "wallet", (Secret(_SECRET.encode()),), rows)
    pinned = PinnedHost(host.public_key, "ops", _PAIRED)
    held.update(replace(held.contents, hosts=(pinned,), services=(account,)))
    with made.desk.open() as device:
        opened = card.open_device(card_of(device).message)
    ledger = store.connect(store.default_url(made.folder / "data" / "ledger.sqlite"))
    with ledger.writing() as db:
        service_accounts.take_over(db, opened.services, devices.pin(db, opened, _PAIRED))
    ledger.close()


@pytest.fixture
def between(tmp_path: Path) -> Iterator[Gap]:
    """A gap by the test's clock."""
    with gap(tmp_path, real_time=False) as made:
        yield made


@pytest.fixture
def today(tmp_path: Path) -> Iterator[Gap]:
    """A gap by the machine's clock."""
    with gap(tmp_path, real_time=True) as made:
        yield made


def test_a_balance_by_the_commands(today: Gap) -> None:
    """Built for one second ahead, signed, held until then, sent, answered."""
    built = today.online("coinrpc", "get-balance", "--currency", "BTC", "--in", "1s", "--out", str(today.request))
    assert 0 == built.status, built.err
    content = today.content()
    assert (("currency", "BTC"), _WINDOW) == (*content.params, content.window)
    sent = today.online("submit", str(today.sign()))
    assert 0 == sent.status, sent.err
    (asked,) = sent.json["requests"]
    assert "confirmed" == asked["state"]
    assert "12.5" == asked["calls"][0]["reply"]["result"]


def test_clocks_by_the_command(today: Gap) -> None:
    """The stand-in reads the same clock."""
    shown = today.online("coinrpc", "clock")
    assert 0 == shown.status, shown.err
    assert shown.json["least"] <= 0 <= shown.json["most"]
    assert _WINDOW == shown.json["window"]


@pytest.mark.parametrize(
    ("more", "code"),
    [
        (("--in", "61m"), "coinrpc.send-ahead"),
        (("--param", "comment=a/b"), "coinrpc.json.slash"),
        (("--param", "7=a"), "coinrpc.json.integer-name"),
        (("--param", "amount=1"), "coinrpc.json.twice"),
        (("--param", "amount"), "coinrpc.param"),
        (("--from", "nobody"), "account.not-found"),
    ],
)
def test_bad_input_of_the_command(between: Gap, more: tuple[str, ...], code: str) -> None:
    """Refused before anything is written."""
    assert code == between.pay(*more).code
    assert not between.request.exists()


def test_held_until_its_time(between: Gap) -> None:
    """Ten minutes ahead by default: the driver waits, and sends in the first second of the window."""
    assert 0 == between.pay().status
    content = between.content()
    between.clock.now = content.send_at - 300.0
    done = between.submit(between.sign())
    assert (State.CONFIRMED, None, 1) == (done.stored.state, done.failed, between.payments)
    assert content.send_at == int(between.clock.now)
    assert "is held until" in between.told[0]
    (arrived,) = between.services.received_at(PATH)
    assert str(content.send_at) == arrived.header("x-timestamp")


@pytest.mark.parametrize("late", [_WINDOW - 2, _WINDOW, 86_400])
def test_dead_after_its_window(between: Gap, late: int) -> None:
    """Nothing is sent, and no other time is put on it."""
    between.pay()
    between.clock.now = between.content().send_at + float(late)
    done = between.submit(between.sign())
    assert done.failed is not None
    assert done.failed.code.name in ("coinrpc.submit.window-over", "call.too-late")
    assert (State.EXPIRED, 0) == (done.stored.state, between.payments)
    assert not between.services.received


def test_a_lost_reply_is_never_sent_again(between: Gap) -> None:
    """The service paid: however often it is submitted, it pays once; then the operator settles it."""
    between.pay()
    between.clock.now = float(between.content().send_at)
    between.services.faults.arm(FaultKind.REPLY_LOST, PATH)
    response = between.sign()
    first = between.submit(response)
    assert isinstance(first.failed, OutcomeUnknown)
    again = between.submit(response)
    assert isinstance(again.failed, OutcomeUnknown)
    assert "coinrpc.submit.never-again" == again.failed.code.name
    assert ([State.UNKNOWN], 1) == (between.states(), between.payments)
    assert 1 == len(between.services.received_at(PATH))
    (call,) = again.stored.calls
    word = ("--happened", "--why", "the wallet's history has it", "--confirm", call.id.hex()[:6])
    settled = between.online("request", "settle", again.stored.id.hex(), *word)
    assert 0 == settled.status, settled.err
    assert [State.CONFIRMED] == between.states()


def test_no_secret_online(between: Gap) -> None:
    """In no file of the online half and in nothing that it said; the service did check it."""
    built = between.pay()
    between.clock.now = float(between.content().send_at)
    between.submit(between.sign())
    kept = b"".join(path.read_bytes() for path in between.folder.rglob("*") if path.is_file())
    assert _SECRET.encode() not in kept + built.out.encode() + built.err.encode() + repr(between.told).encode()
    assert KEY in kept
    assert 1 == between.payments
