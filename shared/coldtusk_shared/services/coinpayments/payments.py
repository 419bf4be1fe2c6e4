"""The commands of CoinPayments that move money.

``auto_confirm`` has to be given: a public client adds ``auto_confirm=1`` by itself (facts: CoinPayments, traps). What
is bought is counted explicitly. ``create_transaction`` is here because its ``address`` redirects what buyers pay.
"""

from coldtusk_shared.command import Command, Field
from coldtusk_shared.risk import Risk
from coldtusk_shared.services.coinpayments import fields as of

_AMOUNT = Field(1, "amount", of.AMOUNT, required=True)
_AUTO_CONFIRM = "autoconfirm"
"""The label: the service's own name is a letter too long."""

WITHDRAWAL = Command(
    "create_withdrawal",
    Risk.MOVES_MONEY,
    (
        _AMOUNT,
        Field(2, "currency", of.CURRENCY, required=True),
        Field(3, "address", of.ADDRESS),
        Field(4, "pbntag", of.PBN_TAG),
        Field(5, "domain", of.DOMAIN),
        Field(6, "currency2", of.CURRENCY),
        Field(7, "dest_tag", of.DEST_TAG),
        Field(8, "add_tx_fee", of.FLAG),
        Field(9, "ipn_url", of.URL),
        Field(10, "auto_confirm", of.FLAG, required=True, label=_AUTO_CONFIRM),
        Field(11, "note", of.TEXT),
    ),
    one_of=(("address", "pbntag", "domain"),),
)
TRANSFER = Command(
    "create_transfer",
    Risk.MOVES_MONEY,
    (
        _AMOUNT,
        Field(2, "currency", of.CURRENCY, required=True),
        Field(3, "merchant", of.MERCHANT),
        Field(4, "pbntag", of.PBN_TAG),
        Field(5, "auto_confirm", of.FLAG, required=True, label=_AUTO_CONFIRM),
        Field(6, "note", of.TEXT),
    ),
    one_of=(("merchant", "pbntag"),),
)
CONVERT = Command(
    "convert",
    Risk.MOVES_MONEY,
    (
        _AMOUNT,
        Field(2, "from", of.CURRENCY, required=True),
        Field(3, "to", of.CURRENCY, required=True),
        Field(4, "address", of.ADDRESS),
        Field(5, "dest_tag", of.DEST_TAG),
    ),
)
BUY_TAGS = Command(
    "buy_pbn_tags",
    Risk.MOVES_MONEY,
    (Field(1, "coin", of.CURRENCY, required=True), Field(2, "num", of.COUNT, required=True)),
)
RENEW_TAG = Command(
    "renew_pbn_tag",
    Risk.MOVES_MONEY,
    (
        Field(1, "tagid", of.ID, required=True),
        Field(2, "coin", of.CURRENCY, required=True),
        Field(3, "years", of.COUNT, required=True),
    ),
)
TRANSACTION = Command(
    "create_transaction",
    Risk.MOVES_MONEY,
    (
        _AMOUNT,
        Field(2, "currency1", of.CURRENCY, required=True),
        Field(3, "currency2", of.CURRENCY, required=True),
        Field(4, "buyer_email", of.EMAIL, required=True),
        Field(5, "address", of.ADDRESS),
        Field(6, "buyer_name", of.TEXT),
        Field(7, "item_name", of.TEXT),
        Field(8, "item_number", of.TEXT),
        Field(9, "invoice", of.TEXT),
        Field(10, "custom", of.TEXT),
        Field(11, "ipn_url", of.URL),
        Field(12, "success_url", of.URL),
        Field(13, "cancel_url", of.URL),
    ),
)
PAYMENTS = (WITHDRAWAL, TRANSFER, CONVERT, BUY_TAGS, RENEW_TAG, TRANSACTION)

MASS_WITHDRAWAL = Command("create_mass_withdrawal", Risk.MOVES_MONEY)
ROW = Command(
    "withdrawal of create_mass_withdrawal",
    Risk.MOVES_MONEY,
    tuple(field for field in WITHDRAWAL.fields if field.name != "auto_confirm"),
    WITHDRAWAL.one_of,
)
"""A row has a withdrawal's fields and keys, without ``auto_confirm``: a mass withdrawal is always confirmed."""
