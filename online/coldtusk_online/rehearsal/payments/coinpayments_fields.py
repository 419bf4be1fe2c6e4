"""CoinPayments: the form body as PHP reads it, and the table of commands with their fields."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl

MAIN: Final = frozenset({"version", "key", "cmd", "nonce", "format"})
_MASS: Final = re.compile(r"wd\[([A-Za-z0-9_]{1,32})\]\[([a-z0-9_]+)\]")
_FLAGS: Final = {
    **dict.fromkeys(("auto_confirm", "add_tx_fee", "all", "full", "short", "eip55"), ("0", "1")),
    "accepted": ("0", "1", "2"),
}
_COUNTS: Final = frozenset({"limit", "start", "num", "years", "newer"})


class Wrong(Exception):
    """The service says no, in these words."""


@dataclass(frozen=True, slots=True)
class Known:
    """A command's fields: of each group of *one_of* exactly one."""

    required: frozenset[str]
    one_of: tuple[str, ...]
    optional: frozenset[str]
    moves_or_changes: bool

    @property
    def names(self) -> frozenset[str]:
        """Every field."""
        return self.required | self.optional | frozenset(self.one_of)


def _known(line: str) -> Known:
    """A row: ``!`` behind what is required, ``/`` between what is one of, ``*`` in front of what only reads."""
    words = line.split()
    one_of = next((word for word in words if "/" in word), "")
    plain = [word for word in words if word not in {"*", one_of}]
    return Known(
        required=frozenset(word[:-1] for word in plain if word.endswith("!")),
        one_of=tuple(filter(None, one_of.split("/"))),
        optional=frozenset(word for word in plain if not word.endswith("!")),
        moves_or_changes="*" not in words,
    )


_TRANSACTION = (
    "amount! currency1! currency2! buyer_email! address buyer_name item_name item_number invoice custom ipn_url"
    " success_url cancel_url"
)
_WITHDRAWAL = "amount! currency! address/pbntag/domain currency2 dest_tag add_tx_fee ipn_url auto_confirm note"

COMMANDS: Final[Mapping[str, Known]] = {
    name: _known(line)
    for name, line in {
        "get_basic_info": "*",
        "rates": "* short accepted",
        "balances": "* all",
        "get_tx_info": "* txid! full",
        "get_tx_info_multi": "* txid!",
        "get_tx_ids": "* limit start newer all",
        "convert_limits": "* from! to!",
        "get_withdrawal_history": "* limit start newer",
        "get_withdrawal_info": "* id!",
        "get_conversion_info": "* id!",
        "get_pbn_info": "* pbntag!",
        "get_pbn_list": "*",
        "get_callback_address": "currency! ipn_url label eip55",
        "get_deposit_address": "currency!",
        "cancel_withdrawal": "id!",
        "claim_pbn_tag": "tagid! name!",
        "update_pbn_tag": "tagid! name email url",
        "delete_pbn_tag": "tagid!",
        "claim_pbn_coupon": "coupon!",
        "create_transaction": _TRANSACTION,
        "create_withdrawal": _WITHDRAWAL,
        "create_transfer": "amount! currency! merchant/pbntag auto_confirm note",
        "convert": "amount! from! to! address dest_tag",
        "buy_pbn_tags": "coin! num!",
        "renew_pbn_tag": "tagid! coin! years",
        "create_mass_withdrawal": "",
    }.items()
}
ONE_OF_MASS: Final = COMMANDS["create_withdrawal"]


def read_form(body: bytes) -> dict[str, str]:
    """The fields of a form body; of a name that comes twice the last one counts, as in PHP."""
    try:
        return dict(parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=5000))
    except ValueError as fault:
        raise Wrong("The request could not be read") from fault


def of_command(fields: Mapping[str, str], command: str) -> dict[str, str]:
    """The command's own fields, checked against the table."""
    own = {name: value for name, value in fields.items() if name not in MAIN}
    if command != "create_mass_withdrawal":
        _check(own, COMMANDS[command])
    return own


def mass(fields: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """The withdrawals of a mass withdrawal by their names, each checked in form only."""
    found: dict[str, dict[str, str]] = {}
    for name, value in fields.items():
        matched = _MASS.fullmatch(name)
        if matched is None:
            raise Wrong(f"Unknown field: {name}")
        found.setdefault(matched[1], {})[matched[2]] = value
    if not found:
        raise Wrong("No withdrawals in request!")
    return found


def check_withdrawal(fields: Mapping[str, str]) -> None:
    """The fields of one withdrawal of many."""
    _check(fields, ONE_OF_MASS)


def _check(fields: Mapping[str, str], known: Known) -> None:
    for name in sorted(known.required - fields.keys()):
        raise Wrong(f"Missing field: {name}")
    for name in fields.keys() - known.names:
        raise Wrong(f"Unknown field: {name}")
    if known.one_of and sum(name in fields for name in known.one_of) != 1:
        raise Wrong("Give exactly one of: " + ", ".join(known.one_of))
    for name, value in fields.items():
        _check_value(name, value)


def _check_value(name: str, value: str) -> None:
    if name in _COUNTS and not (value.isascii() and value.isdigit() and len(value) <= 10):
        raise Wrong(f"Invalid {name}: not a number")
    if value not in _FLAGS.get(name, (value,)):
        raise Wrong(f"Invalid {name}: not a flag")
