"""coinsoftworks across the gap: both halves' own code, the stand-in on a real socket, and no secret at rest between."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from coldtusk_offline import vault
from coldtusk_offline.answer import answer
from coldtusk_offline.cli.card import card_of
from coldtusk_offline.contents import Host
from coldtusk_offline.service_accounts import ServiceAccount
from coldtusk_offline.utc import Watch
from coldtusk_online import identity
from coldtusk_online.ledger import devices, service_accounts, store
from coldtusk_online.ledger.service_accounts import ServiceAccount as Watched
from coldtusk_online.rehearsal.payments import (
    REHEARSAL,
    FaultKind,
    RetryAfter,
    RunningPayments,
    Service,
    serve_payments,
)
from coldtusk_online.rehearsal.payments.tables import COINSOFTWORKS_ACTIONS
from coldtusk_online.services.coinsoftworks import build
from coldtusk_shared import card, envelope, request
from coldtusk_shared.errors import ColdtuskError
from coldtusk_shared.request import Item, PaymentId
from tests.offline.services.coinsoftworks.softworks_desk import held
from tests.shared.services.coinsoftworks.softworks_samples import ACCOUNT
from tests.simulators.crash_fs import CrashFs
from tests.simulators.desk import PASSPHRASE, Desk, make_desk
from tests.simulators.online_house import Ran, run
from tests.simulators.operator import ScriptedOperator

_TOKEN, _KEY = REHEARSAL.coinsoftworks_access, REHEARSAL.coinsoftworks_account
_SEND = ("execute", "send_btc", "--field", "to=bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq", "--field", "amount=0.10")
_DEVICE: Any = b"d" * 16


@dataclass
class Gap:
    """Two halves and a service."""

    folder: Path
    desk: Desk
    services: RunningPayments
    built: int = 0

    def online(self, *arguments: str) -> Ran:
        """A command of the online half: a process of its own as far as memory goes."""
        places = ("--config", str(self.folder / "settings.toml"), "--data", str(self.folder / "data"))
        return run(*places, *arguments, "--json")

    def build(self, *arguments: str) -> Path:
        """A request in a file."""
        self.built += 1
        path = self.folder / f"{self.built}.request"
        made = self.online("coinsoftworks", *arguments, "--out", str(path))
        assert 0 == made.status, made.err
        return path

    def sign(self, path: Path) -> str:
        """The device answers, its operator types the time and the phrase."""
        message = path.read_bytes()
        made = request.parse(envelope.read(message).payload)
        typed = datetime.fromtimestamp(made.created, UTC).strftime("%Y-%m-%d %H:%M")
        watch = Watch(unix=lambda: float(made.created), monotonic=lambda: 0.0)
        with self.desk.open() as device:
            answered = answer(message, device, ScriptedOperator([typed, None]), watch=watch)
        response = path.with_suffix(".response")
        response.write_bytes(answered.message)
        return str(response)

    def submit(self, *arguments: str) -> Ran:
        """Built, signed, submitted."""
        return self.online("submit", self.sign(self.build(*arguments)))

    @property
    def executed(self) -> int:
        """How many actions the service carried out."""
        return len(self.services.books.of(Service.COINSOFTWORKS))

    def files(self) -> bytes:
        """Everything that the online half has on its disk."""
        return b"".join(path.read_bytes() for path in sorted(self.folder.rglob("*")) if path.is_file())


@pytest.fixture
def gap(tmp_path: Path) -> Iterator[Gap]:
    """The online half with its settings, the device with the rehearsal's secrets, each pinned by the other."""
    desk = make_desk(Path("/x"), CrashFs())
    (tmp_path / "ca").mkdir()
    with serve_payments(tmp_path / "ca") as services:
        made = Gap(tmp_path, desk, services)
        modes = services.coinsoftworks.modes
        services.coinsoftworks.modes = replace(modes, pending_polls=0)
        assert 0 == made.online("init", "--label", "ops").status
        settings = tmp_path / "settings.toml"
        text = settings.read_text(encoding="utf-8")
        own = f'\n[services.coinsoftworks]\nurl = "{services.coinsoftworks_url}"\n'
        settings.write_text(f'ca_file = "{services.ca_file}"\n{text}{own}', encoding="utf-8")
        _pair(made, held(token=_TOKEN, key=_KEY, toml=COINSOFTWORKS_ACTIONS.encode()))
        yield made


def _pair(made: Gap, account: ServiceAccount) -> None:
    host = identity.load(made.folder / "data" / "identity.key")
    opened = vault.unlock(made.desk.home.vault, PASSPHRASE, means=made.desk.means)
    pinned = Host(host.public_key, "ops", 1_795_000_000)
    opened.update(replace(opened.contents, hosts=(pinned,), services=(account,)))
    with made.desk.open() as device:
        shown = card.open_device(card_of(device).message)
    ledger = store.connect(store.default_url(made.folder / "data" / "ledger.sqlite"))
    with ledger.writing() as db:
        service_accounts.take_over(db, shown.services, devices.pin(db, shown, 1_795_000_000))
    ledger.close()


def states(ran: Ran) -> list[str]:
    """Where the calls of the one request stand."""
    (only,) = ran.json["requests"]
    return [str(call["state"]) for call in only["calls"]]


@pytest.mark.parametrize("name", ["settings", "actions", "user"])
def test_a_read_across_the_gap(gap: Gap, name: str) -> None:
    """Built with the authenticate that it needs, both sent, the reply kept."""
    sent = gap.submit(name)
    assert (0, ["confirmed", "confirmed"]) == (sent.status, states(sent)), sent.err
    (only,) = sent.json["requests"]
    assert only["calls"][1]["reply"]
    assert only["calls"][0]["reply"] is None


def test_an_action_across_the_gap(gap: Gap) -> None:
    """Reviewed, released, sent once, followed to its end; the same response again sends nothing."""
    response = gap.sign(gap.build(*_SEND))
    sent = gap.online("submit", response)
    assert (0, ["confirmed", "confirmed"]) == (sent.status, states(sent)), sent.err
    (entry,) = gap.services.books.of(Service.COINSOFTWORKS)
    assert ("bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq", "0.10") == (entry.fields["to"], entry.fields["amount"])
    assert 0 == gap.online("submit", response).status
    assert 1 == gap.executed


def test_the_secrets_are_in_no_file(gap: Gap) -> None:
    """Token, API key and bearer: not in the ledger, the messages, the keys, nor on either stream.

    The same search finds each where it must be: in what the service got.
    """
    response = gap.sign(gap.build(*_SEND))
    before = gap.files()
    sent = gap.online("submit", response)
    (bearer,) = gap.services.coinsoftworks.bearers
    after = before + gap.files() + sent.out.encode() + sent.err.encode()
    received = b"".join(f"{one.path} {one.headers}".encode() for one in gap.services.received_at("/_functions"))
    for canary in (_TOKEN, _KEY, bearer):
        assert canary.encode() not in after
        assert canary.encode() in received
    assert not list((gap.folder / "data" / "reply_keys").iterdir())


def test_a_lost_reply(gap: Gap) -> None:
    """Unknown: the same response again sends nothing more; the operator settles it."""
    response = gap.sign(gap.build(*_SEND))
    gap.services.faults.arm(FaultKind.REPLY_LOST, "/_functions/execute")
    sent = gap.online("submit", response)
    assert (6, ["confirmed", "unknown"]) == (sent.status, states(sent))
    assert 6 == gap.online("submit", response).status
    assert 1 == gap.executed
    (only,) = sent.json["requests"]
    unknown = str(only["calls"][1]["payment_id"])
    word = ("--happened", "--why", "the service's page shows it", "--confirm", unknown[:6])
    settled = gap.online("request", "settle", str(only["id"]), *word)
    assert 0 == settled.status, settled.err
    assert gap.files().count(_TOKEN.encode()) == 0


def test_slowed_down(gap: Gap) -> None:
    """Nothing was done, and it is said when to come back; the bearer went with the process, so it is asked anew."""
    response = gap.sign(gap.build(*_SEND))
    gap.services.faults.arm(FaultKind.TOO_MANY, "/_functions/execute", commits=False, retry_after=RetryAfter.ABSURD)
    sent = gap.online("submit", response)
    assert (5, "coinsoftworks.slower", ["confirmed", "answered"]) == (sent.status, sent.code, states(sent))
    again = gap.online("submit", response)
    assert (5, "coinsoftworks.no-bearer", ["confirmed", "expired"]) == (again.status, again.code, states(again))
    assert 0 == gap.executed


def test_authenticate_that_fails(gap: Gap) -> None:
    """Asked again later with the same answer: the token is still in it, encrypted."""
    response = gap.sign(gap.build("user"))
    gap.services.faults.arm(FaultKind.REPLY_LOST, "/_functions/authentication")
    first = gap.online("submit", response)
    assert (5, ["answered", "answered"]) == (first.status, states(first))
    again = gap.online("submit", response)
    assert (0, ["confirmed", "confirmed"]) == (again.status, states(again)), again.err


def test_without_authenticate(gap: Gap) -> None:
    """One command submits both answers: the second uses the bearer of the first, and no token of its own."""
    first = gap.sign(gap.build("user"))
    second = gap.sign(gap.build("settings", "--without-authenticate"))
    alone = gap.online("submit", second)
    assert ("coinsoftworks.no-bearer", ["answered"]) == (alone.code, states(alone))
    both = gap.online("submit", first, second)
    assert 0 == both.status, both.err
    assert 1 == len(gap.services.received_at("/_functions/authentication"))


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("execute", "send money"), "field.characters"),
        (("execute", "send", "--field", "to"), "coinsoftworks.field"),
        (("execute", "send", "--field", "=x"), "field.empty"),
        (("execute", "send", "--field", "to="), "field.empty"),
        (("execute", "send", "--field", "to=a", "--field", "to=b"), "coinsoftworks.parameters"),
        (("execute", "send", "--field", "to=a\u202eb"), "text.character"),
    ],
)
def test_refused_when_it_is_built(gap: Gap, arguments: tuple[str, ...], code: str) -> None:
    """Nothing is carried to the device in vain."""
    assert code == gap.online("coinsoftworks", *arguments).code


def test_too_long_when_it_is_built() -> None:
    """A body above its cap."""
    account = Watched("coinsoftworks", ACCOUNT, "mining", _DEVICE)
    with pytest.raises(ColdtuskError) as caught:
        build.execute(account, "send", [f"n{place}={'x' * 500}" for place in range(32)])
    assert "coinsoftworks.body-size" == caught.value.code.name


def test_lines() -> None:
    """Every field, quoted; and that authenticate shows this host the token."""
    account = Watched("coinsoftworks", ACCOUNT, "mining", _DEVICE)
    action = build.execute(account, "send", ["to=x", 'note=say "hi"'])
    first, second = build.with_authentication(account, action, authenticate=True)
    shown = build.lines(Item(PaymentId(bytes(16)), ACCOUNT, second))
    assert ["Do", "Action", "Field", "Field"] == [one.label for one in shown]
    assert ("note", '"say \\"hi\\""') == shown[3].texts
    assert "this host sees it" in build.lines(Item(PaymentId(bytes(16)), ACCOUNT, first))[1].texts[0]
    assert [action] == build.with_authentication(account, action, authenticate=False)
