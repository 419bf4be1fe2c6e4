"""An asset across the gap: both halves' own code, the stand-in on a real socket, and no key anywhere in between."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from coldtusk_offline import vault
from coldtusk_offline.answer import answer
from coldtusk_offline.cli.card import card_of
from coldtusk_offline.contents import Host
from coldtusk_offline.secret import Secret
from coldtusk_offline.utc import Watch
from coldtusk_online import identity
from coldtusk_online.ledger import devices, service_accounts, store
from coldtusk_online.rehearsal.payments import (
    REHEARSAL,
    FaultKind,
    RunningPayments,
    Service,
    serve_payments,
)
from coldtusk_shared import card, envelope, request
from coldtusk_shared.deadline import Deadline
from tests.offline.services.coinspark.coinspark_desk import HELD
from tests.shared.services.coinspark.asset_samples import ADDRESS, REQUIRED
from tests.simulators.crash_fs import CrashFs
from tests.simulators.desk import PASSPHRASE, Desk, make_desk
from tests.simulators.online_house import Ran, run
from tests.simulators.operator import ScriptedOperator

_KEY = REHEARSAL.coinspark_key
_LEFT = ("testnet", "rounding")


@dataclass
class Gap:
    """Two halves and a service."""

    folder: Path
    desk: Desk
    services: RunningPayments

    def online(self, *arguments: str) -> Ran:
        """A command of the online half."""
        places = ("--config", str(self.folder / "settings.toml"), "--data", str(self.folder / "data"))
        return run(*places, *arguments, "--json")

    def create(self, **changes: str) -> Ran:
        """Build a request for the document's example."""
        given = {name: str(value) for name, value in REQUIRED.items() if name not in _LEFT} | changes
        given["issuer_address"] = given["issuer_address"].replace("\n", "\\n")
        options = [part for name, text in given.items() for part in (f"--{name.replace('_', '-')}", text)]
        return self.online("coinspark", "create-asset", *options, "--out", str(self.folder / "one.request"))

    def sign(self) -> Path:
        """The device answers, its operator types the time and the phrase."""
        message = (self.folder / "one.request").read_bytes()
        made = request.parse(envelope.read(message).payload)
        assert made.not_after.unit is Deadline.UTC
        typed = datetime.fromtimestamp(made.created, UTC).strftime("%Y-%m-%d %H:%M")
        watch = Watch(unix=lambda: float(made.created), monotonic=lambda: 0.0)
        with self.desk.open() as device:
            answered = answer(message, device, ScriptedOperator([typed, None]), watch=watch)
        response = self.folder / "one.response"
        response.write_bytes(answered.message)
        return response

    def files(self) -> bytes:
        """Everything that the online half has on its disk."""
        return b"".join(path.read_bytes() for path in sorted(self.folder.rglob("*")) if path.is_file())


@contextmanager
def gap(folder: Path) -> Iterator[Gap]:
    """The online half with its settings, the device with the rehearsal's key, each pinned by the other."""
    desk = make_desk(Path("/x"), CrashFs())
    (folder / "ca").mkdir()
    with serve_payments(folder / "ca") as services:
        made = Gap(folder, desk, services)
        assert 0 == made.online("init", "--label", "ops").status
        with (folder / "settings.toml").open("a", encoding="utf-8") as settings:
            settings.write(f'\n[services.coinspark]\nurl = "{services.coinspark_url}"\n')
        text = (folder / "settings.toml").read_text(encoding="utf-8")
        (folder / "settings.toml").write_text(f'ca_file = "{services.ca_file}"\n{text}', encoding="utf-8")
        _pair(made)
        yield made


def _pair(made: Gap) -> None:
    host = identity.load(made.folder / "data" / "identity.key")
    held = vault.unlock(made.desk.home.vault, PASSPHRASE, means=made.desk.means)
    account = replace(HELD, secrets=(Secret(_KEY.encode()),))
    pinned = Host(host.public_key, "ops", 1_795_000_000)
    held.update(replace(held.contents, hosts=(pinned,), services=(account,)))
    with made.desk.open() as device:
        opened = card.open_device(card_of(device).message)
    ledger = store.connect(store.default_url(made.folder / "data" / "ledger.sqlite"))
    with ledger.writing() as db:
        service_accounts.take_over(db, opened.services, devices.pin(db, opened, 1_795_000_000))
    ledger.close()


@pytest.fixture
def between(tmp_path: Path) -> Iterator[Gap]:
    """A new gap."""
    with gap(tmp_path) as made:
        yield made


def test_an_asset_across_the_gap(between: Gap) -> None:
    """Built, reviewed, released, sent, checked; then its page, its contract and the chain."""
    built = between.create()
    assert 0 == built.status, built.err
    payment_id = _payment(built)
    response = between.sign()
    sent = between.online("submit", str(response))
    assert 0 == sent.status, sent.err
    (entry,) = between.services.books.of(Service.COINSPARK)
    assert ("False", "1", ADDRESS) == tuple(entry.fields[name] for name in ("testnet", "rounding", "send_to_address"))
    page, contract = between.folder / "page.json", between.folder / "contract"
    again = between.online("coinspark", "asset", payment_id, "--page", str(page), "--contract", str(contract))
    assert 0 == again.status, again.err
    assert (entry.identity, entry.fields["metadata"]) == (again.json["txid"], again.json["metadata"])
    assert not set(b"()<>") & set(page.read_bytes())
    assert contract.read_bytes().startswith(b"CONTRACT of a rehearsal")
    chained = between.online("coinspark", "asset", payment_id, "--genesis", again.json["op_return"])
    assert chained.json["on_chain"]
    twice = between.online("coinspark", "asset", payment_id, "--page", str(page))
    assert "file.exists" == twice.code


def test_the_key_is_in_no_file(between: Gap) -> None:
    """Not in the ledger, the request, the response, the keys; it was in what the service got."""
    between.create()
    response = between.sign()
    before = between.files()
    sent = between.online("submit", str(response))
    needle = _KEY.encode()
    assert needle not in before + between.files() + sent.out.encode() + sent.err.encode()
    (received,) = between.services.received_at("/coinspark")
    assert needle in received.body


def test_a_lost_reply(between: Gap) -> None:
    """Unknown: the same response again sends nothing more; one asset at most."""
    between.create()
    response = between.sign()
    between.services.faults.arm(FaultKind.REPLY_LOST, "/coinspark")
    assert 6 == between.online("submit", str(response)).status
    again = between.online("submit", str(response))
    assert (6, "coinspark.submit.never-again") == (again.status, again.code)
    assert 1 == len(between.services.books.of(Service.COINSPARK))
    assert _KEY.encode() not in between.files()


def test_a_contract_that_changes(between: Gap) -> None:
    """What was computed when it was made is recorded: another file later is noticed."""
    payment_id = _payment(between.create())
    between.online("submit", str(between.sign()))
    between.services.coinspark.modes = replace(between.services.coinspark.modes, other_contract=True)
    assert "coinspark.asset.changed" == between.online("coinspark", "asset", payment_id).code


def test_no_asset(between: Gap) -> None:
    """An id of nothing, and of what was not sent yet."""
    payment_id = _payment(between.create())
    for unknown in (payment_id, "00" * 16):
        assert "coinspark.asset.not-created" == between.online("coinspark", "asset", unknown).code


def test_fields_that_differ(between: Gap) -> None:
    """The service made another asset than was asked: the command says so, every time."""
    payment_id = _payment(between.create())
    between.services.coinspark.modes = replace(between.services.coinspark.modes, other_fields=True)
    assert "coinspark.submit.otherwise" == between.online("submit", str(between.sign())).code
    again = between.online("coinspark", "asset", payment_id)
    assert ("coinspark.submit.otherwise", 5) == (again.code, again.status)
    assert [{"name": "multiple", "asked": "0.01", "answered": "7"}] == again.json["differences"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"raw_quantity": "0"}, "coinspark.quantity"),
        ({"raw_quantity": "100000000000001"}, "coinspark.quantity"),
        ({"charge_flat_raw_qty": "5001"}, "coinspark.flat-charge"),
        ({"charge_basis_points": "251"}, "coinspark.basis-points"),
        ({"asset_url": "https://user@example.com/a/"}, "coinspark.url.user"),
        ({"asset_url": "https://Example.com/a/"}, "coinspark.url.upper-case"),
        ({"display_multiple": "1e2"}, "decimal.form"),
        ({"display_multiple": "NaN"}, "decimal.form"),
        ({"rounding": "2"}, "field.out-of-range"),
        ({"testnet": "maybe"}, "field.yes-no"),
        ({"name": "a\u202eb"}, "text.character"),
    ],
)
def test_refused_when_it_is_built(between: Gap, changes: dict[str, Any], code: str) -> None:
    """The same rules hold on this side: nothing is carried to the device in vain."""
    assert code == between.create(**changes).code


def _payment(built: Ran) -> str:
    (call,) = built.json["calls"]
    return str(call["payment_id"])
