"""What the ledger keeps of an asset that was created: enough to check it again at any time, and never the key."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from coldtusk_online import json_strict
from coldtusk_online.json_reader import JsonReader
from coldtusk_online.services.coinspark.checking import Checked, exact
from coldtusk_online.services.coinspark.replies import Created
from coldtusk_shared.errors import BadInput
from coldtusk_shared.services.coinspark.json_text import Json, encode

_WORDS = ("spent_btc", "balance_btc", "contract_final", "web_page_basic", "web_page_fields")


@dataclass(frozen=True, slots=True)
class Record:
    """An asset in the ledger: the reply, and what was computed from it, "" before it was checked."""

    created: Created
    asset_hash: str
    metadata: str


def write(created: Created, checked: Checked | None, key: str) -> bytes:
    """The record of *created*; if the service says the *key* anywhere, of its words only the transaction is kept."""
    found: dict[str, Json] = {"txid": created.txid}
    if checked is not None:
        found |= {"asset_hash": checked.made.asset_hash.hex(), "metadata": checked.made.metadata.hex()}
    whole = encode({**found, **_words(created)}).encode("ascii")
    quoted = json.dumps(key)[1:-1].encode("ascii")
    return encode(found).encode("ascii") if quoted in whole else whole


def read(data: bytes) -> Record:
    """The record in *data*, which :func:`write` made."""
    value = json_strict.decode(data)
    if not isinstance(value, dict):
        raise RuntimeError("the ledger holds another record")
    reader = JsonReader(value)
    computed = {name: reader.member(name).text() if name in value else "" for name in ("asset_hash", "metadata")}
    return Record(Created(reader.member("txid").text(), value), **computed)


def _words(created: Created) -> Mapping[str, Json]:
    try:
        return exact({name: created.result[name] for name in _WORDS if name in created.result})
    except BadInput:  # a number that no asset has: the check has said so
        return {}
