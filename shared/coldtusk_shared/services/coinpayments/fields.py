"""The forms of CoinPayments' fields: what its own names stand for, as strictly as nobody's payment is refused.

Amounts are plain decimals and reach the service as the very text that was approved (facts: CoinPayments).
"""

from dataclasses import replace

from coldtusk_shared import forms, limits
from coldtusk_shared.cbor import Value
from coldtusk_shared.errors import BadInput, Code
from coldtusk_shared.forms import FieldValue
from coldtusk_shared.text import quoted

TXIDS = Code("coinpayments.txids", "give each id once, joined by |, and fewer of them at a time")

_JOINED = forms.token(r"[A-Za-z0-9]+(\|[A-Za-z0-9]+)*", "ids of payments, joined by |", limits.TEXT_BYTES)


def _bare(value: FieldValue) -> FieldValue:
    """A tag is the same with and without the dollar sign in front."""
    return str(value).removeprefix("$")


def _read_txids(value: Value, where: str) -> str:
    text = str(_JOINED.read(value, where))
    ids = text.split("|")
    if len(ids) > limits.COINPAYMENTS_TXIDS:
        raise BadInput(TXIDS, f"{len(ids)} ids, the most is {limits.COINPAYMENTS_TXIDS}", where=where)
    if len(set(ids)) != len(ids):
        raise BadInput(TXIDS, f"{quoted(text)} names an id twice", where=where)
    return text


AMOUNT = forms.amount()
CURRENCY = forms.CURRENCY
ADDRESS = forms.ADDRESS
TEXT = forms.text()
URL = forms.HTTPS
EMAIL = forms.EMAIL
FLAG = forms.FLAG
PAGE = forms.uint(1, limits.COINPAYMENTS_PAGE)
NUMBER = forms.uint(0, limits.U32)
COUNT = forms.uint(1, limits.COINPAYMENTS_COUNT)
ACCEPTED = forms.uint(0, 2)
DEST_TAG = forms.token(hint="a destination tag, a memo or a payment id, without blanks")
PBN_TAG = replace(forms.token(r"\$?[A-Za-z0-9_.-]+", "a tag such as $name", limits.LABEL_BYTES), same=_bare)
DOMAIN = forms.token(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", "a domain such as name.crypto")
MERCHANT = replace(forms.token(r"[A-Za-z0-9]+", "a merchant id", limits.LABEL_BYTES), grouped=True)
ID = forms.token(r"[A-Za-z0-9]+", "an id as the service gave it", limits.LABEL_BYTES)
TXIDS_JOINED = forms.of_text("ids joined by |", _read_txids)
COUPON = forms.token(hint="a coupon's code", most=limits.LABEL_BYTES)
