"""Every command of CoinPayments' legacy API with its fields and risk (facts: CoinPayments).

Fields stand in the order in which they are sent. Their keys count from 1 in each command and stay for ever: a later
field gets the next key, wherever it is sent.
"""

from coldtusk_shared.command import Command, Field
from coldtusk_shared.risk import Risk
from coldtusk_shared.services.coinpayments import fields as of
from coldtusk_shared.services.coinpayments.payments import MASS_WITHDRAWAL, PAYMENTS

_TAG_ID = Field(1, "tagid", of.ID, required=True)

_READS = (
    Command("get_basic_info", Risk.READS),
    Command("rates", Risk.READS, (Field(1, "short", of.FLAG), Field(2, "accepted", of.ACCEPTED))),
    Command("balances", Risk.READS, (Field(1, "all", of.FLAG),)),
    Command("get_tx_info", Risk.READS, (Field(1, "txid", of.ID, required=True), Field(2, "full", of.FLAG))),
    Command("get_tx_info_multi", Risk.READS, (Field(1, "txid", of.TXIDS_JOINED, required=True),)),
    Command(
        "get_tx_ids",
        Risk.READS,
        (
            Field(1, "limit", of.PAGE),
            Field(2, "start", of.NUMBER),
            Field(3, "newer", of.NUMBER),
            Field(4, "all", of.FLAG),
        ),
    ),
    Command(
        "convert_limits",
        Risk.READS,
        (Field(1, "from", of.CURRENCY, required=True), Field(2, "to", of.CURRENCY, required=True)),
    ),
    Command(
        "get_withdrawal_history",
        Risk.READS,
        (Field(1, "limit", of.PAGE), Field(2, "start", of.NUMBER), Field(3, "newer", of.NUMBER)),
    ),
    Command("get_withdrawal_info", Risk.READS, (Field(1, "id", of.ID, required=True),)),
    Command("get_conversion_info", Risk.READS, (Field(1, "id", of.ID, required=True),)),
    Command("get_pbn_info", Risk.READS, (Field(1, "pbntag", of.PBN_TAG, required=True),)),
    Command("get_pbn_list", Risk.READS),
)

_CHANGES = (
    Command(
        "get_callback_address",
        Risk.CHANGES,
        (
            Field(1, "currency", of.CURRENCY, required=True),
            Field(2, "ipn_url", of.URL),
            Field(3, "label", of.TEXT),
            Field(4, "eip55", of.FLAG),
        ),
    ),
    Command("get_deposit_address", Risk.CHANGES, (Field(1, "currency", of.CURRENCY, required=True),)),
    Command("cancel_withdrawal", Risk.CHANGES, (Field(1, "id", of.ID, required=True),)),
    Command("claim_pbn_tag", Risk.CHANGES, (_TAG_ID, Field(2, "name", of.PBN_TAG, required=True))),
    Command(
        "update_pbn_tag",
        Risk.CHANGES,
        (_TAG_ID, Field(2, "name", of.TEXT), Field(3, "email", of.EMAIL), Field(4, "url", of.URL)),
    ),
    Command("delete_pbn_tag", Risk.CHANGES, (_TAG_ID,)),
    Command("claim_pbn_coupon", Risk.CHANGES, (Field(1, "coupon", of.COUPON, required=True),)),
)

COMMANDS = {command.name: command for command in (*_READS, *_CHANGES, *PAYMENTS, MASS_WITHDRAWAL)}
"""By the name at the service; the mass withdrawal's rows are not in its table, but in :mod:`.mass`."""
BURN = COMMANDS["get_basic_info"]
"""The harmless call whose higher nonce burns what did not arrive (facts: Failure rules)."""
HISTORY = COMMANDS["get_withdrawal_history"]
