"""A typed client of one Warthog node, in the dialect of its network.

Every reply is checked for type, range and form before anything uses it. Nothing that a node says is believed further
than that: the callers compare nodes, round fees themselves and know every txid beforehand (DESIGN, Threats).
"""

from collections.abc import Callable
from typing import TypeVar

from coldtusk_online.base_url import BaseUrl
from coldtusk_online.http import HttpClient
from coldtusk_online.json_reader import JsonReader
from coldtusk_online.json_strict import decode
from coldtusk_online.services.warthog import replies, replies_defi
from coldtusk_online.services.warthog.answers import Accepted, AssetInfo, Balance, Head, Rejected, Seen, Spoken, Version
from coldtusk_online.services.warthog.dialect import DIALECTS
from coldtusk_shared.errors import BadInput, Code, OutcomeUnknown, Outside
from coldtusk_shared.services.warthog.address import Address
from coldtusk_shared.services.warthog.asset import check_decimals, check_name
from coldtusk_shared.services.warthog.network import Network
from coldtusk_shared.services.warthog.node_errors import Meaning, NodeError
from coldtusk_shared.services.warthog.preimage import Txid
from coldtusk_shared.services.warthog.price import LimitPrice, parse_price_text
from coldtusk_shared.services.warthog.rules import TYPE_NOT_ON_NETWORK

REPLY = Code(
    "node.reply", "the node answers otherwise than it should: check its network and version, or use another one"
)
ERROR = Code("node.error", "the node refused the question: see its own words, or ask another node")
DIALECT = Code(
    "node.dialect", "it is a node of the other network, or of a version that is not known: set --network right"
)
ADD_UNKNOWN = Code("node.add-unknown", "it may have been taken: look the txid up, and send nothing but the same bytes")

_T = TypeVar("_T")


class Node:
    """The node at *base*, of *network*.

    Every method asks once and raises :class:`Outside` when it gets no proper answer: what :meth:`HttpClient.get`
    raises, ``node.reply`` for a malformed answer, ``node.error`` for the node's own error.
    """

    def __init__(self, base: BaseUrl, network: Network, http: HttpClient) -> None:
        self.base = base
        self.network = network
        self._http = http
        self._dialect = DIALECTS[network]

    @property
    def url(self) -> str:
        """How operators write it."""
        return self.base.text

    def head(self) -> Head:
        """The end of its chain."""
        return self._ask("/chain/head", self._dialect.head)

    def minimum_fee(self) -> int:
        """The lowest fee that it takes, in E8 as it says: round it up yourself."""
        return self._ask("/transaction/minfee", self._dialect.minimum_fee)

    def wart_balance(self, account: Address) -> Balance:
        """WART in E8; an address that the chain has not seen has nothing."""
        path = self._dialect.balance_path.format(account.text)
        return self._ask(path, lambda data: self._dialect.wart_balance(data, account))

    def token_balance(self, account: Address, asset_hash: bytes, is_liquidity: bool) -> Balance:
        """Smallest units of an asset or of its liquidity shares; ``node.error`` if it knows no such asset."""
        self._need_assets()
        spec = f"{'liquidity' if is_liquidity else 'asset'}:{asset_hash.hex()}"
        path = f"/account/{account.text}/balance/{spec}"
        return self._ask(path, lambda data: replies_defi.token_balance(data, account, spec))

    def account_id(self, account: Address) -> int | None:
        """The account's number, or None for an address that the chain has not seen."""
        path = self._dialect.balance_path.format(account.text)
        return self._ask(path, lambda data: self._dialect.account_id(data, account))

    def asset(self, asset_hash: bytes) -> AssetInfo | None:
        """What it says of the asset, or None if it knows none with this hash."""
        self._need_assets()
        path = f"/asset/lookup/{asset_hash.hex()}"
        info = self._ask_for(path, replies_defi.asset, Meaning.ASSET_NOT_FOUND)
        if info is not None and info.hash != asset_hash:
            raise self._malformed(path, "data.hash: another asset than the one asked for")
        return info

    def assets_named(self, prefix: str) -> list[AssetInfo]:
        """The assets whose names begin with *prefix*, 1 to 5 letters and digits, in any case. Names are not unique.

        :raises BadInput: ``warthog.asset.name`` for another prefix.
        """
        self._need_assets()
        return self._ask(f"/asset/complete?namePrefix={check_name(prefix)}", replies_defi.assets)

    def lookup(self, txid: Txid) -> Seen | None:
        """The transaction, pending or mined, or None. Two senders can share a txid: compare the sender."""
        path = f"/transaction/lookup/{txid.hex()}"
        seen = self._ask_for(path, self._dialect.looked_up, Meaning.NOT_FOUND)
        if seen is not None and seen.txid != txid:
            raise self._malformed(path, "the hash is of another transaction than the one asked for")
        return seen

    def pending_of(self, sender: Address) -> list[Seen]:
        """What of *sender* waits in its mempool. On the main network only the 2,000 that it lists are seen."""
        path = self._dialect.pending_path.format(sender.text)
        found = self._ask_for(path, self._dialect.pending, Meaning.ADDRESS_NOT_FOUND)
        return [seen for seen in found or [] if seen.sender == sender]

    def block_hash(self, height: int) -> bytes | None:
        """The hash of the block at *height*, or None above its head."""
        return self._ask_for(f"/chain/block/{height}/hash", self._dialect.block_hash, Meaning.NOT_FOUND)

    def add(self, body: bytes) -> Accepted | Rejected:
        """Submit *body*, the JSON of one signed transaction, once.

        :raises Outside: if it was certainly not sent, as :meth:`HttpClient.post`.
        :raises OutcomeUnknown: ``http.outcome-unknown`` or ``node.add-unknown``: it may have been taken.
        """
        path = "/transaction/add"
        data = self._http.post(self.base, path, body)
        try:
            answer = replies.unwrap(JsonReader(decode(data)), self.network)
            if isinstance(answer, NodeError):
                return Rejected(answer)
            return Accepted(Txid(answer.member("txHash").octets(replies.HASH_BYTES)))
        except BadInput as error:
            raise OutcomeUnknown(ADD_UNKNOWN, f"its answer is no answer: {error}", where=self.url + path) from error

    def round_fee_hint(self, e8: int) -> int:
        """How it would round a fee, in E8: down, so never pay that (facts: Fee)."""
        return self._ask(f"/tools/encode16bit/from_e8/{e8}", self._dialect.rounded_fee)

    def price_hint(self, price: str, decimals: int) -> tuple[LimitPrice, LimitPrice]:
        """How it would round a limit price, down and up: in doubles, a step off now and then (facts: Limit price).

        :raises BadInput: as :func:`parse_price_text` and :func:`check_decimals`.
        """
        self._need_assets()
        parse_price_text(price)
        return self._ask(f"/tools/parse_price/{price}/{check_decimals(decimals)}", replies_defi.price)

    def dialect_check(self) -> Spoken:
        """Evidence that it speaks its network's dialect: the shape of its head, and its version if it tells one.

        :raises Outside: ``node.dialect`` if it speaks the other one, or another version than was ever tried.
        """
        other = next(DIALECTS[network] for network in Network if network is not self.network)
        if self._ask("/chain/head", other.is_head):
            raise Outside(DIALECT, f"it does not speak as a node of {self.network.value}", where=self.url)
        version = self._version()
        if version is not None and (version.major, version.minor) != self._dialect.release:
            known = "v{}.{}".format(*self._dialect.release)
            raise Outside(DIALECT, f"{version} is not {known} of {self.network.value}", where=self.url)
        return Spoken(self.head(), version)

    def _version(self) -> Version | None:
        """Public nodes drop the question: then only the shape of their replies tells."""
        try:
            return self._ask(self._dialect.version_path, self._dialect.version)
        except Outside:
            return None

    def _ask(self, path: str, read: Callable[[JsonReader], _T]) -> _T:
        answer = self._answer(path, read)
        if isinstance(answer, NodeError):
            raise Outside(ERROR, str(answer), where=self.url + path)
        return answer

    def _ask_for(self, path: str, read: Callable[[JsonReader], _T], absent: Meaning) -> _T | None:
        """What is at *path*, or None if the node's error means *absent*."""
        answer = self._answer(path, read)
        if not isinstance(answer, NodeError):
            return answer
        if answer.meaning is absent:
            return None
        raise Outside(ERROR, str(answer), where=self.url + path)

    def _answer(self, path: str, read: Callable[[JsonReader], _T]) -> _T | NodeError:
        reply = self._http.get(self.base, path)
        try:
            data = replies.unwrap(JsonReader(decode(reply)), self.network)
            return data if isinstance(data, NodeError) else read(data)
        except BadInput as error:
            raise self._malformed(path, str(error)) from error

    def _malformed(self, path: str, what: str) -> Outside:
        return Outside(REPLY, what, where=self.url + path)

    def _need_assets(self) -> None:
        if self.network is Network.MAIN:
            raise BadInput(TYPE_NOT_ON_NETWORK, "the main network has no assets", where=self.url)
