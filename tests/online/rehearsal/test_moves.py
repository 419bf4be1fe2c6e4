"""What mined transactions do to balances, pools, orders and the mempool."""

import pytest

from coldtusk_online.rehearsal.effects import _new_shares
from coldtusk_online.rehearsal.state import Pool
from coldtusk_online.rehearsal.transactions import LiquidityDeposit
from coldtusk_shared.services.warthog.network import Network
from tests.online.rehearsal.desk import WART, Desk, get, new_node, post
from tests.simulators.warthog_wallet import MIN_FEE, Value, Wallet

ALICE, BOB = Wallet("alice"), Wallet("bob")
SUPPLY = 10**12


def _alice(height: int = 40) -> Desk:
    return Desk(new_node(Network.DEFI, height, ALICE.address), ALICE)


def _with_asset(desk: Desk) -> str:
    return desk.mined(type="assetCreation", name="TOK", decimals=4, supplyU64=SUPPLY)


def test_a_transfer_moves_wart_and_its_fee() -> None:
    """In the mempool it locks amount and fee; mined, the payee has the amount and the miner the fee."""
    desk = _alice()
    desk.sent(type="wartTransfer", toAddr=BOB.address, wartE8=WART)
    assert (120 * WART, 0, WART + MIN_FEE) == desk.wart()
    get(desk.node, f"/debug/fakemine/{BOB.address}")
    assert (119 * WART - MIN_FEE, 0, 0) == desk.wart()
    assert (4 * WART + MIN_FEE, 0, 0) == Desk(desk.node, BOB).wart()


def test_an_asset_belongs_to_its_creator_and_moves() -> None:
    """Creation credits the whole supply; a token transfer locks and moves it."""
    desk = _alice()
    asset = _with_asset(desk)
    assert (SUPPLY, 0, 0) == desk.token("asset", asset)
    moved: dict[str, Value] = {"type": "tokenTransfer", "assetHash": asset, "toAddr": BOB.address}
    desk.sent(**moved, isLiquidity=False, amountU64=7)
    assert (SUPPLY, 0, 7) == desk.token("asset", asset)
    desk.node.mine(1)
    assert (7, 0, 0) == Desk(desk.node, BOB).token("asset", asset)


def test_the_first_deposit_gets_the_recorded_shares() -> None:
    """1000000.0000 of the asset and 10 WART make 3162277660 shares (recorded)."""
    desk = _alice()
    asset = _with_asset(desk)
    desk.mined(type="liquidityDeposit", assetHash=asset, amountU64=10**10, wartE8=10 * WART)
    assert (3_162_277_660, 0, 0) == desk.token("liquidity", asset)
    assert (SUPPLY - 10**10, 0, 0) == desk.token("asset", asset)


def test_a_later_deposit_is_proportional() -> None:
    """The same again doubles the shares, up to rounding."""
    desk = _alice()
    asset = _with_asset(desk)
    for _ in range(2):
        desk.mined(type="liquidityDeposit", assetHash=asset, amountU64=10**10, wartE8=10 * WART)
    assert (2 * 3_162_277_660, 0, 0) == desk.token("liquidity", asset)


def test_a_lopsided_deposit_gets_the_recorded_shares() -> None:
    """100 of the asset and 1000 E8 into a pool as large as the recorded one made 1336 shares."""
    pool = Pool(base=8_314_905_253, quote=1_196_205_249, shares=3_152_277_610)
    assert 1336 == _new_shares(pool, LiquidityDeposit(bytes(32), 100, 1000))


def test_a_withdrawal_is_proportional_and_rounded_down() -> None:
    """A third of the shares gives a third of both sides."""
    desk = _alice()
    asset = _with_asset(desk)
    desk.mined(type="liquidityDeposit", assetHash=asset, amountU64=1000, wartE8=1000)
    before = desk.wart()[0]
    desk.mined(type="liquidityWithdrawal", assetHash=asset, amountE8=333)
    assert (667, 0, 0) == desk.token("liquidity", asset)
    assert (SUPPLY - 667, 0, 0) == desk.token("asset", asset)
    assert before + 333 - MIN_FEE == desk.wart()[0]


def test_liquidity_moves_apart_from_its_asset() -> None:
    """A transfer of shares leaves the asset alone, and is shown as one of the asset once mined (recorded)."""
    desk = _alice()
    asset = _with_asset(desk)
    desk.mined(type="liquidityDeposit", assetHash=asset, amountU64=1000, wartE8=1000)
    fields: dict[str, Value] = {"assetHash": asset, "isLiquidity": True, "toAddr": BOB.address, "amountU64": 10}
    tx_hash = desk.mined(type="tokenTransfer", **fields)
    assert (10, 0, 0) == Desk(desk.node, BOB).token("liquidity", asset)
    assert (0, 0, 0) == Desk(desk.node, BOB).token("asset", asset)
    assert get(desk.node, f"/transaction/lookup/{tx_hash}")["data"]["transaction"]["data"]["isLiquidity"] is False


def test_orders_rest_locked_and_a_cancelation_unlocks_them() -> None:
    """A sell locks the asset, a buy locks WART; neither is filled; cancelling costs its fee."""
    desk = _alice()
    asset = _with_asset(desk)
    swap: dict[str, Value] = {"type": "limitSwap", "assetHash": asset, "limit": "a00042"}
    desk.mined(**swap, isBuy=False, amountU64=1000)
    sell = desk.nonce
    desk.mined(**swap, isBuy=True, amountU64=WART)
    assert (SUPPLY, 1000, 0) == desk.token("asset", asset)
    assert (WART, 0) == desk.wart()[1:]
    desk.mined(type="cancelation", cancelHeight=desk.node.pin_height, cancelNonceId=sell)
    assert (SUPPLY, 0, 0) == desk.token("asset", asset)
    assert [1] == [len(side["wartToAssetSwaps"]) for side in _open_orders(desk)]


def _open_orders(desk: Desk) -> list[dict[str, list[object]]]:
    orders: list[dict[str, list[object]]] = get(desk.node, f"/account/{ALICE.address}/open_orders")["data"]
    return orders


def test_locked_balances_cannot_be_spent() -> None:
    """What rests in an order is not there for a transfer: total - locked - mempool."""
    desk = _alice()
    asset = _with_asset(desk)
    swap: dict[str, Value] = {"type": "limitSwap", "assetHash": asset, "limit": "a00042"}
    desk.mined(**swap, isBuy=False, amountU64=SUPPLY - 5)
    fields: dict[str, Value] = {"assetHash": asset, "isLiquidity": False, "toAddr": BOB.address}
    assert 184 == desk.send(type="tokenTransfer", **fields, amountU64=6)["code"]
    assert 0 == desk.send(type="tokenTransfer", **fields, amountU64=5)["code"]


def test_a_cancelation_with_a_higher_fee_kills_what_waits() -> None:
    """Only the cancelation is mined; the transaction is gone and its nonce is used up."""
    desk = _alice()
    body = desk.body(type="wartTransfer", toAddr=BOB.address, wartE8=5)
    assert 0 == post(desk.node, body)["code"]
    killed = desk.nonce
    height = desk.node.pin_height
    desk.mined(type="cancelation", cancelHeight=height, cancelNonceId=killed, feeE8=2_000_896)
    assert [] == get(desk.node, "/transaction/mempool")["data"]
    assert (0, 0, 0) == Desk(desk.node, BOB).wart()
    assert 26 == post(desk.node, body)["code"]


def test_a_cancelation_with_a_lower_fee_comes_too_late() -> None:
    """The transaction is mined first; the cancelation costs its fee and cancels nothing."""
    desk = _alice()
    desk.sent(type="wartTransfer", toAddr=BOB.address, wartE8=5, feeE8=2_000_896)
    cancel = desk.sent(type="cancelation", cancelHeight=desk.node.pin_height, cancelNonceId=desk.nonce)
    desk.node.mine(2)
    assert (5, 0, 0) == Desk(desk.node, BOB).wart()
    shown = get(desk.node, f"/transaction/lookup/{cancel}")["data"]["transaction"]
    assert {"canceledTxHash": None} == shown["processed"]


def test_a_higher_fee_replaces_and_only_one_is_mined() -> None:
    """The same nonce with a higher fee takes the place of the earlier; the earlier hash is forgotten."""
    desk = _alice()
    fields: dict[str, Value] = {"type": "wartTransfer", "toAddr": BOB.address, "wartE8": 5}
    first = desk.sent(**fields)
    desk.nonce -= 1
    assert 26 == desk.send(**fields)["code"]
    desk.nonce -= 1
    second = desk.sent(**fields, feeE8=2_000_896)
    desk.node.mine(1)
    assert 56 == get(desk.node, f"/transaction/lookup/{first}")["code"]
    assert 1 == get(desk.node, f"/transaction/lookup/{second}")["data"]["confirmations"]
    assert (5, 0, 0) == Desk(desk.node, BOB).wart()


def test_a_bump_needs_no_second_balance() -> None:
    """What the replaced transaction locked is there for its replacement."""
    desk = _alice()
    fields: dict[str, Value] = {"type": "wartTransfer", "toAddr": BOB.address, "wartE8": 119 * WART}
    desk.sent(**fields)
    desk.nonce -= 1
    assert 0 == desk.send(**fields, feeE8=2_000_896)["code"]


def test_a_better_paid_transaction_pushes_out_a_cheaper_one() -> None:
    """As in the node's sources: the same account's lower fee makes room."""
    desk = _alice()
    cheap = desk.sent(type="wartTransfer", toAddr=BOB.address, wartE8=100 * WART)
    assert 22 == desk.send(type="wartTransfer", toAddr=BOB.address, wartE8=100 * WART)["code"]
    desk.sent(type="wartTransfer", toAddr=BOB.address, wartE8=90 * WART, feeE8=2_000_896)
    assert 56 == get(desk.node, f"/transaction/lookup/{cheap}")["code"]
    assert (120 * WART, 0, 90 * WART + 2_000_896) == desk.wart()


def test_a_pin_holds_to_the_last_block() -> None:
    """Included in block pin + 8191 at the latest; one block later it is refused and forgotten."""
    desk = _alice(32)
    body = desk.body(type="wartTransfer", toAddr=BOB.address, wartE8=5)
    late = desk.body(type="wartTransfer", toAddr=BOB.address, wartE8=6)
    desk.node.advance(8190)
    assert 32 + 8190 == desk.node.height
    assert 0 == post(desk.node, body)["code"]
    desk.node.mine(1)
    assert (5, 0, 0) == Desk(desk.node, BOB).wart()
    assert 29 == post(desk.node, late)["code"]


def test_what_waits_expires_with_its_pin() -> None:
    """A transaction that no block took leaves the mempool when its pin does."""
    desk = _alice(32)
    swap_of_nothing = desk.sent(type="wartTransfer", toAddr=BOB.address, wartE8=5)
    desk.node.mempool.erase_pinned_before(33)
    assert 56 == get(desk.node, f"/transaction/lookup/{swap_of_nothing}")["code"]
    assert (96 * WART, 0, 0) == desk.wart()


def test_a_raised_minimum_fee_empties_the_mempool_below_it() -> None:
    """The setting says how many it dropped, and asks more from then on."""
    desk = _alice()
    desk.sent(type="wartTransfer", toAddr=BOB.address, wartE8=5)
    assert {"code": 0, "data": {"deleted": 1}} == get(desk.node, "/settings/mempool/minfee/2000896")
    assert 217 == desk.send(type="wartTransfer", toAddr=BOB.address, wartE8=5)["code"]


def test_two_senders_may_share_a_hash() -> None:
    """Equal fields from two accounts have one hash: both are taken and mined, the lookup shows the first."""
    node = new_node(Network.DEFI, 40, ALICE.address)
    node.fund(BOB.address, WART)
    carol = Wallet("carol").address
    fields: dict[str, Value] = {"type": "wartTransfer", "toAddr": carol, "wartE8": 5}
    hashes = {Desk(node, wallet).sent(**fields) for wallet in (ALICE, BOB)}
    assert 1 == len(hashes)
    node.mine(1)
    assert (10, 0, 0) == Desk(node, Wallet("carol")).wart()
    shown = get(node, f"/transaction/lookup/{hashes.pop()}")["data"]["transaction"]
    assert ALICE.address == shown["signedCommon"]["originAddress"]


def test_nodes_of_one_seed_agree_and_others_do_not() -> None:
    """The hashes follow from network, seed and height."""
    heads = [new_node(Network.DEFI, 70, seed=seed).pin_hash for seed in (b"a", b"a", b"b")]
    assert heads[0] == heads[1] != heads[2]
    assert new_node(Network.MAIN, 70, seed=b"a").pin_hash != heads[0]


def test_a_missing_fee_is_refused() -> None:
    """It crashes the real node (differences.BEHAVIOUR)."""
    desk = _alice()
    body = desk.body(type="wartTransfer", toAddr=BOB.address, wartE8=5)
    del body["feeE8"]
    assert {"code": 130, "error": "Invalid fee"} == post(desk.node, body)


def test_an_asset_of_the_same_hash_is_not_made_twice() -> None:
    """Two accounts create with equal fields: one hash, one asset, and its owner is the first."""
    node = new_node(Network.DEFI, 40, ALICE.address)
    node.fund(BOB.address, WART)
    fields: dict[str, Value] = {"type": "assetCreation", "name": "TOK", "decimals": 4, "supplyU64": SUPPLY}
    asset = {Desk(node, wallet).sent(**fields) for wallet in (ALICE, BOB)}.pop()
    node.mine(2)
    assert (SUPPLY, 0, 0) == Desk(node, ALICE).token("asset", asset)
    assert (0, 0, 0) == Desk(node, BOB).token("asset", asset)
    assert [] == get(node, "/transaction/mempool")["data"]


def test_a_full_mempool_forgets_what_pays_least(monkeypatch: pytest.MonkeyPatch) -> None:
    """Past its capacity the cheapest goes."""
    monkeypatch.setattr("coldtusk_online.rehearsal.mempool.CAPACITY", 2)
    desk = _alice()
    fees = (MIN_FEE, 2_000_896, 2_000_896)
    hashes = [desk.sent(type="wartTransfer", toAddr=BOB.address, wartE8=5, feeE8=fee) for fee in fees]
    assert [56, 0, 0] == [get(desk.node, f"/transaction/lookup/{tx_hash}")["code"] for tx_hash in hashes]


@pytest.mark.parametrize(
    ("target", "code"),
    [
        ("/chain/block/43/hash", 0),
        ("/chain/block/44/hash", 57),
        ("/chain/block/x/hash", 95),
        ("/tools/encode16bit/from_string/x", 89),
        ("/transaction/lookup/ab", 200),
        ("/account/" + "a" * 48 + "/balance", 72),
    ],
)
def test_what_main_says_to_odd_questions(target: str, code: int) -> None:
    """Recorded on defi; on main by the order of its error table (differences.ASSUMED)."""
    assert code == get(new_node(Network.MAIN, 43), target)["code"]


@pytest.mark.parametrize(
    ("target", "code"),
    [
        (f"/account/{'0' * 40}de47c9b2/open_orders", 122),
        (f"/account/1/balance/liquidity:{'ab' * 32}", 308),
        (f"/dex/market/{'ab' * 32}", 185),
        ("/tools/parse_price/1e40/8", 129),
        ("/tools/parse_price/65535.9/8", 0),
    ],
)
def test_what_defi_says_to_odd_questions(target: str, code: int) -> None:
    """What the recording did not ask."""
    assert code == get(new_node(Network.DEFI, 43), target)["code"]


def test_there_is_no_block_above_the_head() -> None:
    """Asking the chain for one is our own mistake."""
    with pytest.raises(RuntimeError):
        new_node(Network.DEFI, 3).chain.block_hash(4)
