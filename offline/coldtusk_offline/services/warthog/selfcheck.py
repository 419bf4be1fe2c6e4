"""Known answers of the reference node for all seven types, and of the words of a wallet."""

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from coldtusk_offline import bip39
from coldtusk_offline.contents import Raw
from coldtusk_offline.keyring import Keyring
from coldtusk_offline.keys import PrivateKey, account_of, key_at
from coldtusk_offline.secret import Secret
from coldtusk_offline.selfcheck import Outcome, outcome
from coldtusk_shared.services.warthog.address import Address
from coldtusk_shared.services.warthog.fee import FeeE8
from coldtusk_shared.services.warthog.layout import ADDRESS, HASH, LAYOUTS, LIMIT, Layout
from coldtusk_shared.services.warthog.network import Network
from coldtusk_shared.services.warthog.node_json import node_json
from coldtusk_shared.services.warthog.preimage import preimage, txid
from coldtusk_shared.services.warthog.price import LimitPrice
from coldtusk_shared.services.warthog.transaction import Transaction

_ANSWERS = Path(__file__).with_name("selfcheck.json")


def run() -> list[Outcome]:
    """One check a type, and one for words."""
    answers = json.loads(_ANSWERS.read_text(encoding="utf-8"))
    words = answers["words"]
    checks = [outcome(one["name"], partial(_transaction_passes, one)) for one in answers["transactions"]]
    return [*checks, outcome(words["name"], partial(_words, words))]


def _words(check: dict[str, Any]) -> bool:
    seed = bip39.seed_of(bip39.entropy_of(check["words"]))
    key = key_at(seed, check["path"])
    return (key.secret.reveal().hex(), key.address.text) == (check["key"], check["address"])


def _transaction_passes(check: dict[str, Any]) -> bool:
    """The reference node's preimage, hash, signature and JSON of one type, by both signing libraries."""
    key = PrivateKey.of(Secret(bytes.fromhex(check["key"])))
    transaction = _transaction(check)
    keyring = Keyring()
    keyring.add(account_of(key, Network.DEFI, "check", Raw()))
    signature = keyring.sign(key.address.raw, txid(transaction))
    sent = json.loads(node_json(transaction, signature))
    sent.pop("precision", None)
    found = (preimage(transaction).hex(), txid(transaction).hex(), signature.hex(), key.address.text, sent)
    expect = {**check["fields"], "signature65": check["signature"]}
    return found == (check["preimage"], check["txid"], check["signature"], check["address"], expect)


def _transaction(check: dict[str, Any]) -> Transaction:
    fields = check["fields"]
    layout = next(one for one in LAYOUTS if one.name == fields["type"])
    return Transaction(
        network=Network.DEFI,
        pin_hash=bytes.fromhex(check["pin_hash"]),
        pin_height=fields["pinHeight"],
        nonce_id=fields["nonceId"],
        fee_e8=FeeE8(fields["feeE8"]),
        body=layout.body(*_values(layout, fields)),
    )


def _values(layout: Layout, fields: dict[str, Any]) -> list[Any]:
    readers: dict[int, Callable[[str], Any]] = {
        id(ADDRESS): Address.parse,
        id(HASH): bytes.fromhex,
        id(LIMIT): lambda text: LimitPrice.from_bytes(bytes.fromhex(text)),
    }
    values = [(fields[field.json[0]], readers.get(id(field.form))) for field in layout.fields]
    return [value if reader is None else reader(value) for value, reader in values]
