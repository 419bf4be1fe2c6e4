"""Whether the sender can pay."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from coldtusk_online.services.warthog import balances, bodies, build
from coldtusk_online.services.warthog.bodies import Ask
from coldtusk_shared.errors import ColdtuskError
from coldtusk_shared.services.warthog.amount import WartE8
from tests.simulators.device import address_of
from tests.simulators.online_house import PAYEE, WART, House, house

FEE = 1_000_448


@pytest.fixture
def home(tmp_path: Path) -> Iterator[House]:
    """A house with two nodes and an asset."""
    with house(tmp_path, nodes=2) as made:
        yield made


def _refused(home: House, *asks: Ask, sender: str = "treasury") -> ColdtuskError:
    with pytest.raises(ColdtuskError) as caught:
        balances.check(home.nodes(), address_of(sender), asks, FEE)
    return caught.value


def test_all_of_it_with_the_fee(home: House) -> None:
    """To the last E8, and one E8 more is too much."""
    exact = bodies.wart_transfer(PAYEE, "999.98999552")
    balances.check(home.nodes(), address_of("treasury"), [exact], FEE)
    error = _refused(home, bodies.wart_transfer(PAYEE, "999.98999553"))
    assert "warthog.too-little-wart" == error.code.name
    assert "1000.00000001 WART with the fee, 1000.00000000 are free" == error.what


def test_a_batch_counts_together(home: House) -> None:
    """Two payments that each could be paid alone."""
    half = bodies.wart_transfer(PAYEE, "500")
    assert "warthog.too-little-wart" == _refused(home, half, half).code.name


def test_the_lowest_node_counts(home: House) -> None:
    """One node that shows less is believed."""
    home.servers[1].node.fund(address_of("extra").text, 5 * WART)
    home.servers[0].node.fund(address_of("extra").text, 1 * WART)
    assert "warthog.too-little-wart" == _refused(home, bodies.wart_transfer(PAYEE, "2"), sender="extra").code.name


def test_a_sender_must_exist(home: House) -> None:
    """On every node: one that the chain has never seen cannot pay."""
    home.servers[0].node.fund(address_of("half").text, WART)
    for sender in ("nobody", "half"):
        assert "warthog.sender-unknown" == _refused(home, bodies.wart_transfer(PAYEE, "1"), sender=sender).code.name


def _with_asset(home: House) -> str:
    common = ("--from", "treasury", "--out", str(home.folder / "create.request"))
    home.run("warthog", "create-asset", "--name", "TOK", "--decimals", "4", "--supply", "10", *common)
    response = home.answered(str(home.folder / "create.request"))
    assert home.run("submit", response).status == 0
    body = next(request.body for request in home.servers[0].requests if request.method == "POST")
    home.servers[1].node.add(body)
    home.mine()
    return home.stored()[0].payments[0].txid.hex()


def test_an_asset_and_its_shares(home: House) -> None:
    """Units by the asset's decimals, shares by eight."""
    tok = bodies.proved_asset(home.nodes(), _with_asset(home))
    balances.check(
        home.nodes(), address_of("treasury"), [bodies.token_transfer(tok, PAYEE, "10", liquidity=False)], FEE
    )
    much = _refused(home, bodies.swap(tok, "10.0001", "1", buy=False))
    shares = _refused(home, bodies.withdraw(tok, "0.5"))
    assert ("warthog.too-little-asset", "warthog.too-few-shares") == (much.code.name, shares.code.name)
    assert "10.0001 TOK, 10.0000 are free" == much.what
    assert "0.50000000 liquidity shares of TOK, 0.00000000 are free" == shares.what
    together = [bodies.token_transfer(tok, PAYEE, "6", liquidity=False), bodies.deposit(tok, "6", None)]
    assert "warthog.too-little-asset" == _refused(home, *together).code.name


def test_a_plan_checks_it_all(home: House) -> None:
    """Head, fee, rules and balance: what a plan gives can be paid."""
    ask = bodies.wart_transfer(PAYEE, "1000")
    with pytest.raises(ColdtuskError) as caught:
        build.plan(home.nodes(), address_of("treasury"), [ask], None, WartE8(10_000_000))
    assert "warthog.too-little-wart" == caught.value.code.name
