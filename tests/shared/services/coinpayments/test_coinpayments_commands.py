"""The table of CoinPayments' commands is the one of the facts: names, risks, fields in order, what is required."""

import pytest

from coldtusk_shared.command import Command
from coldtusk_shared.risk import Risk
from coldtusk_shared.screen import LABEL_COLUMNS
from coldtusk_shared.services.coinpayments.commands import BURN, COMMANDS, HISTORY
from coldtusk_shared.services.coinpayments.payments import ROW, WITHDRAWAL

READS = (
    "get_basic_info, rates, balances, get_tx_info, get_tx_info_multi, get_tx_ids, convert_limits, "
    "get_withdrawal_history, get_withdrawal_info, get_conversion_info, get_pbn_info, get_pbn_list"
)
CHANGES = (
    "get_callback_address, get_deposit_address, cancel_withdrawal, claim_pbn_tag, update_pbn_tag, "
    "delete_pbn_tag, claim_pbn_coupon"
)
MONEY = (
    "create_withdrawal, create_mass_withdrawal, create_transfer, convert, buy_pbn_tags, renew_pbn_tag, "
    "create_transaction"
)
FIELDS = {
    "create_transaction": "amount! currency1! currency2! buyer_email! address buyer_name item_name item_number invoice "
    "custom ipn_url success_url cancel_url",
    "get_callback_address": "currency! ipn_url label eip55",
    "get_deposit_address": "currency!",
    "create_withdrawal": "amount! currency! address pbntag domain currency2 dest_tag add_tx_fee ipn_url auto_confirm! "
    "note",
    "create_mass_withdrawal": "",
    "create_transfer": "amount! currency! merchant pbntag auto_confirm! note",
    "convert": "amount! from! to! address dest_tag",
    "convert_limits": "from! to!",
    "cancel_withdrawal": "id!",
    "get_tx_info": "txid! full",
    "get_tx_info_multi": "txid!",
    "get_tx_ids": "limit start newer all",
    "balances": "all",
    "rates": "short accepted",
    "get_withdrawal_history": "limit start newer",
    "get_withdrawal_info": "id!",
    "get_conversion_info": "id!",
    "get_pbn_info": "pbntag!",
    "claim_pbn_tag": "tagid! name!",
    "update_pbn_tag": "tagid! name email url",
    "buy_pbn_tags": "coin! num!",
    "renew_pbn_tag": "tagid! coin! years!",
    "delete_pbn_tag": "tagid!",
    "claim_pbn_coupon": "coupon!",
    "get_basic_info": "",
    "get_pbn_list": "",
}
"""The facts page; what spends says explicitly what it buys and whether it is confirmed at once."""


def row(command: Command) -> str:
    """The fields of *command* as the table above writes them."""
    return " ".join(field.name + "!" * field.required for field in command.fields)


def test_every_command_has_the_risk_of_the_facts() -> None:
    """And there is no other command."""
    known = {
        **dict.fromkeys(READS.split(", "), Risk.READS),
        **dict.fromkeys(CHANGES.split(", "), Risk.CHANGES),
        **dict.fromkeys(MONEY.split(", "), Risk.MOVES_MONEY),
    }
    assert known == {name: command.risk for name, command in COMMANDS.items()}


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_fields_are_those_of_the_facts(name: str) -> None:
    """In the order in which they are sent, keys counted from 1, labels inside their column."""
    command = COMMANDS[name]
    assert FIELDS[name] == row(command)
    assert list(range(1, len(command.fields) + 1)) == [field.key for field in command.fields]
    assert all(len(field.label or field.name) < LABEL_COLUMNS for field in command.fields)


def test_a_row_is_a_withdrawal_without_auto_confirm() -> None:
    """With the same keys: nobody has to learn two tables."""
    keys = {field.name: field.key for field in WITHDRAWAL.fields}
    keys.pop("auto_confirm")
    assert keys == {field.name: field.key for field in ROW.fields}
    assert WITHDRAWAL.one_of == ROW.one_of == (("address", "pbntag", "domain"),)


def test_what_burns_and_what_tells_only_reads() -> None:
    """A burn must not do anything else."""
    assert BURN.risk is HISTORY.risk is Risk.READS
