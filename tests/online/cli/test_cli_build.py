"""The building commands: what they make, and what they refuse."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from coldtusk_online import issuing
from coldtusk_online.issuing import Order
from coldtusk_online.ledger import accounts
from coldtusk_online.ledger.accounts import Account
from coldtusk_online.ledger.states import State
from coldtusk_online.services.warthog import bodies, build
from coldtusk_shared import envelope, limits, request
from coldtusk_shared.request import Request
from coldtusk_shared.services.warthog.amount import WartE8
from coldtusk_shared.services.warthog.content import WarthogContent
from coldtusk_shared.services.warthog.network import Network
from coldtusk_shared.words import in_rows
from tests.simulators.device import address_of
from tests.simulators.online_house import PAYEE, House, Ran, house


@pytest.fixture
def home(tmp_path: Path) -> Iterator[House]:
    """A house."""
    with house(tmp_path) as made:
        yield made


@pytest.fixture
def minted(home: House) -> str:
    """The hash of an asset that the treasury made."""
    _done(home, "create-asset", "--name", "TOK", "--decimals", "4", "--supply", "1000")
    return home.stored()[0].payments[0].txid.hex()


def _build(home: House, *arguments: str, sender: str = "treasury") -> Ran:
    out = str(home.folder / f"{len(home.stored())}.request")
    return home.json("warthog", *arguments, "--from", sender, "--out", out)


def _done(home: House, *arguments: str) -> Ran:
    built = _build(home, *arguments)
    assert 0 == built.status, built.err
    assert 0 == home.run("submit", home.answered(built.json["file"])).status
    home.mine(10)
    assert 0 == home.run("follow").status
    return built


def _asked(ran: Ran) -> Request:
    return request.parse(envelope.read(Path(ran.json["file"]).read_bytes()).payload)


def _content(ran: Ran) -> WarthogContent:
    content = _asked(ran).items[0].content
    assert isinstance(content, WarthogContent)
    return content


def test_what_is_printed(home: House) -> None:
    """The review's lines, the digest's words, the path, what to do next; labels are those of this host."""
    home.run("account", "add", PAYEE.text, "--network", "defi", "--label", "landlord")
    out = home.folder / "rent.request"
    options = ("--from", "treasury", "--to", "landlord", "--amount", "12.5", "--purpose", "rent", "--out", str(out))
    ran = home.run("warthog", "transfer", *options)
    payload = envelope.read(out.read_bytes()).payload
    for text in (
        "Send WART (wartTransfer)",
        'own account "treasury"',
        PAYEE.grouped,
        '"landlord" in the accounts of this host',
        "12.50000000 WART",
        *in_rows(request.digest_words(payload)),
        f"Written to {out}",
        "coldtusk-offline sign rent.request",
        "coldtusk-online submit rent.response",
    ):
        assert text in ran.out
    assert 0o600 == out.stat().st_mode & 0o777


def test_all_seven_types(home: House, minted: str) -> None:
    """Each is built, signed, taken by the node, mined and confirmed."""
    asset = ("--asset", minted)
    _done(home, "transfer", "--to", PAYEE.text, "--amount", "1")
    _done(home, "token-transfer", *asset, "--to", PAYEE.text, "--amount", "1.5")
    _done(home, "deposit", *asset, "--amount", "100", "--wart", "10")
    _done(home, "token-transfer", *asset, "--liquidity", "--to", PAYEE.text, "--amount", "0.01")
    _done(home, "withdraw", *asset, "--amount", "0.01")
    sell = _done(home, "swap", *asset, "--sell", "--amount", "1", "--limit", "0.57")
    _done(home, "swap", *asset, "--buy", "--amount", "1", "--limit", "0.07")
    _done(home, "cancel", "--request", sell.json["id"])
    assert {State.CONFIRMED} == {stored.state for stored in home.stored()}
    held = home.json("warthog", "balance", "treasury", *asset).json
    assert ("0.0000", "1.00000000") == (held["asset"]["locked"], held["wart"]["locked"])


def test_the_evidence(home: House, minted: str) -> None:
    """The proof of the asset, the price and the fee that were asked, the chain's length."""
    ran = _build(home, "swap", "--asset", minted, "--sell", "--amount", "1", "--limit", "0.57", "--fee", "0.02")
    proof = _content(ran).proof
    assert proof.asset is not None
    assert (minted, "TOK", 4) == (proof.asset.hash.hex(), proof.asset.name, proof.asset.decimals)
    assert ("0.57", "0.02", home.node.height) == (proof.limit_asked, proof.fee_asked, proof.chain_length)


def test_a_pending_payment_is_outbid_by_its_cancelation(home: House) -> None:
    """The fee is above its own, also when its triple names it; of a strange one there is nothing to outbid."""
    built = home.transfer("--fee", "0.02")
    home.run("submit", home.answered(built.json["file"]))
    assert 2_000_896 < _content(_build(home, "cancel", "--request", built.json["id"][:8])).transaction.fee_e8
    triple = built.json["payments"][0]
    by_hand = ("--pin-height", str(triple["pin_height"]), "--nonce", str(triple["nonce_id"]))
    assert 2_000_896 < _content(_build(home, "cancel", *by_hand, "--again")).transaction.fee_e8
    strange = ("--pin-height", "0", "--nonce", str(triple["nonce_id"]))
    assert 1_000_448 == _content(_build(home, "cancel", *strange)).transaction.fee_e8


def test_what_cannot_be_cancelled(home: House) -> None:
    """A request of another account, and one that nobody knows."""
    built = home.transfer()
    home.fund("other")
    with home.host() as host, host.ledger.writing() as db:
        accounts.add(db, Account("other", Network.DEFI, address_of("other"), home.account().device))
    assert "cancel.other-sender" == _build(home, "cancel", "--request", built.json["id"], sender="other").code
    assert "request.unknown" == _build(home, "cancel", "--request", "abcdef").code
    with home.host() as host:
        asks = tuple(bodies.wart_transfer(PAYEE, amount) for amount in ("2", "3"))
        order = Order(home.account(), (issuing.new_id(host), issuing.new_id(host)), asks)
        plan = build.plan(home.nodes(), order.account.address, asks, None, WartE8(10_000_000))
        several = issuing.issue(host, order, plan).id.hex()
    assert "cancel.not-one-payment" == _build(home, "cancel", "--request", several).code
    assert "cli.usage" == _build(home, "cancel", "--request", "abcdef", "--nonce", "1").code
    assert "cli.usage" == _build(home, "cancel", "--pin-height", "32").code


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--to", PAYEE.text[:40], "--amount", "1"), "warthog.address.no-checksum"),
        (("--to", PAYEE.text[:-1] + "x", "--amount", "1"), "warthog.address.form"),
        (("--to", PAYEE.text[:8] + "0" * 40, "--amount", "1"), "warthog.address.checksum"),
        (("--to", PAYEE.text, "--amount", "0.000000001"), "warthog.amount.too-precise"),
        (("--to", PAYEE.text, "--amount", "1e2"), "decimal.form"),
        (("--to", PAYEE.text, "--amount", "-1"), "decimal.form"),
        (("--to", PAYEE.text, "--amount", "0"), "warthog.amount-range"),
        (("--to", PAYEE.text, "--amount", "18921601"), "warthog.amount.above-supply"),
        (("--to", PAYEE.text, "--amount", "1001"), "warthog.too-little-wart"),
        (("--to", address_of("treasury").text, "--amount", "1"), "warthog.self-transfer"),
        (("--to", "savings", "--amount", "1"), "account.other-network"),
        (("--to", PAYEE.text, "--amount", "1", "--fee", "0.2"), "warthog.fee.above-max"),
        (("--to", PAYEE.text, "--amount", "1", "--fee", "0.01"), "warthog.fee.below-minimum"),
        (("--to", PAYEE.text, "--amount", "1", "--fee", "0.02", "--max-fee", "0.02"), "warthog.fee.above-max"),
        (("--to", PAYEE.text, "--amount", "1", "--purpose", "a\u202eb"), "text.character"),
        (("--to", PAYEE.text, "--amount", "1", "--payment-id", "12"), "payment.bad-id"),
    ],
)
def test_what_a_transfer_refuses(home: House, arguments: tuple[str, ...], code: str) -> None:
    """Each with its own code, and nothing is in the ledger."""
    assert code == _build(home, "transfer", *arguments).code
    assert [] == home.stored()


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--name", "SIXSIX", "--decimals", "4", "--supply", "1"), "warthog.asset.name"),
        (("--name", "TOK", "--decimals", "19", "--supply", "1"), "warthog.decimals"),
        (("--name", "TOK", "--decimals", "4", "--supply", "0"), "warthog.asset.supply"),
        (("--name", "TOK", "--decimals", "0", "--supply", str(limits.ASSET_SUPPLY_U64 + 1)), "warthog.asset.supply"),
    ],
)
def test_what_a_creation_refuses(home: House, arguments: tuple[str, ...], code: str) -> None:
    """What the node would crash on, or never mine."""
    assert code == _build(home, "create-asset", *arguments).code


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("swap", "--asset", "HASH", "--buy", "--amount", "1", "--limit", "1e-3"), "decimal.form"),
        (("swap", "--asset", "HASH", "--buy", "--amount", "1", "--limit", "0"), "warthog.price.range"),
        (("swap", "--asset", "HASH", "--amount", "1", "--limit", "1"), "cli.usage"),
        (("swap", "--asset", "HASH", "--sell", "--amount", "1001", "--limit", "1"), "warthog.too-little-asset"),
        (("deposit", "--asset", "HASH"), "warthog.nothing-deposited"),
        (("withdraw", "--asset", "HASH", "--amount", "1"), "warthog.too-few-shares"),
        (("withdraw", "--asset", "00" * 32, "--amount", "1"), "warthog.asset.no-proof"),
        (("withdraw", "--asset", "TOK", "--amount", "1"), "warthog.asset.bad-hash"),
    ],
)
def test_what_the_asset_commands_refuse(home: House, minted: str, arguments: tuple[str, ...], code: str) -> None:
    """Prices, balances, and assets that no node can prove."""
    assert code == _build(home, *(minted if one == "HASH" else one for one in arguments)).code


def test_the_main_network_knows_transfers_only(tmp_path: Path) -> None:
    """The account's network decides."""
    with house(tmp_path, network=Network.MAIN) as home:
        for arguments in (
            ("create-asset", "--name", "TOK", "--decimals", "4", "--supply", "1"),
            ("cancel", "--pin-height", "0", "--nonce", "1"),
            ("withdraw", "--asset", "00" * 32, "--amount", "1"),
        ):
            assert "warthog.type-not-on-network" == _build(home, *arguments, sender="savings").code


def test_who_may_pay(home: House) -> None:
    """An account without a device, an unknown one, a network without nodes."""
    home.run("account", "add", PAYEE.text, "--network", "defi", "--label", "landlord")
    transfer = ("transfer", "--to", address_of("x").text, "--amount", "1")
    assert "account.no-device" == _build(home, *transfer, sender="landlord").code
    assert "account.not-found" == _build(home, *transfer, sender="nobody").code
    assert "warthog.no-node" == _build(home, *transfer, sender="savings").code


def test_a_sender_that_the_chain_does_not_know(home: House) -> None:
    """It has never been paid to."""
    with home.host() as host, host.ledger.writing() as db:
        accounts.add(db, Account("new", Network.DEFI, address_of("new"), home.account().device))
    assert "warthog.sender-unknown" == _build(home, "transfer", "--to", PAYEE.text, "--amount", "1", sender="new").code


def test_what_looks_repeated(home: House) -> None:
    """The same payment while the first is open: refused, with the request's id; --again makes another."""
    first = home.transfer()
    second = home.transfer()
    assert (4, "request.looks-repeated") == (second.status, second.code)
    assert first.json["id"] in second.json["error"]["what"]
    third = home.transfer("--again")
    assert third.json["payments"][0]["nonce_id"] != first.json["payments"][0]["nonce_id"]


def test_one_payment_id_one_nonce(home: House) -> None:
    """The same command again with the same id gives the identical bytes, in another file."""
    id_ = "ab" * 16
    first = home.transfer("--payment-id", id_)
    again = _build(home, "transfer", "--to", PAYEE.text, "--amount", "1", "--payment-id", id_)
    assert 0 == again.status
    assert Path(first.json["file"]).read_bytes() == Path(again.json["file"]).read_bytes()
    assert 1 == len(home.stored())
    Path(again.json["file"]).unlink()
    other = _build(home, "transfer", "--to", PAYEE.text, "--amount", "2", "--payment-id", id_)
    assert "payment.other-content" == other.code


def test_a_payment_id_keeps_its_terms(home: House) -> None:
    """Another fee, a lower cap, another purpose are refused, never dropped silently; equal ones are fine."""
    id_ = ("--payment-id", "ab" * 16)
    assert 0 == home.transfer(*id_, "--fee", "0.02", "--purpose", "rent").status
    same = ("transfer", "--to", PAYEE.text, "--amount", "1", *id_)
    for other in (("--fee", "0.03"), ("--max-fee", "0.01"), ("--purpose", "loan")):
        refused = _build(home, *same, *other)
        assert ("payment.other-content", other[0]) == (refused.code, refused.json["error"]["where"])
    assert 0 == _build(home, *same, "--fee", "0.020", "--max-fee", "0.05", "--purpose", "rent").status


def test_files_are_never_overwritten(home: House) -> None:
    """Seen before anything is allocated; so is a folder that is missing."""
    taken = home.folder / "taken"
    taken.write_text("mine")
    transfer = ("warthog", "transfer", "--from", "treasury", "--to", PAYEE.text, "--amount", "1", "--out")
    assert "file.exists" == home.json(*transfer, str(taken)).code
    assert "file.no-folder" == home.json(*transfer, str(home.folder / "no" / "where")).code
    assert ([], "mine") == (home.stored(), taken.read_text())


def test_a_file_that_cannot_be_written(home: House) -> None:
    """The request is in the ledger, the error says so, and export writes the identical bytes."""
    (home.folder / "no-folder").write_text("a file")
    transfer = ("warthog", "transfer", "--from", "treasury", "--to", PAYEE.text, "--amount", "1", "--out")
    failed = home.json(*transfer, str(home.folder / "no-folder" / "x.request"))
    assert (3, "request.not-written") == (failed.status, failed.code)
    assert "[file.no-folder]" in failed.json["error"]["what"]
    stored = home.stored()[0]
    assert stored.id.hex() in failed.json["error"]["what"]
    exported = home.json("request", "export", stored.id.hex(), "--out", str(home.folder / "x.request"))
    assert stored.sealed == Path(exported.json["file"]).read_bytes()


def test_the_default_name(home: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """The request's id, in the current folder; a file that stands there is left alone, and export goes on."""
    monkeypatch.chdir(home.folder)
    ran = home.json("warthog", "transfer", "--from", "treasury", "--to", PAYEE.text, "--amount", "1")
    path = home.folder / f"{ran.json['id']}.request"
    assert path.is_file()
    again = home.json("request", "export", ran.json["id"])
    assert (4, "request.not-written") == (again.status, again.code)
    other = home.json("request", "export", ran.json["id"], "--out", "copy.request")
    assert path.read_bytes() == Path(other.json["file"]).read_bytes()
