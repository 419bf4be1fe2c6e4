"""Enrolling a key pair of CoinPayments, and the nonce with which this device begins.

A key that was used with nonces refuses every lower one, and 13-digit ones are common (facts: CoinPayments). So the
operator is asked for the last; without one, the confirmed UTC in milliseconds is above what most clients used.
"""

from coldtusk_offline.enrolment import NO_TABLE, Ask
from coldtusk_offline.service_accounts import ServiceAccount
from coldtusk_offline.services.coinpayments import settings
from coldtusk_shared import forms, limits
from coldtusk_shared.errors import Refused
from coldtusk_shared.services.coinpayments.content import check_key
from coldtusk_shared.services.coinpayments.values import SYSTEM

_LAST = forms.uint(0, limits.COINPAYMENTS_FIRST_NONCE - 1)
_SHOWN = """One API key belongs to one device: nothing else may use it, or its nonces go out of order.
Was this key used with nonces before? Then type the last one, as a number.
Type nothing if it was not: nonces then begin with the time in milliseconds."""


def enrol(label: str, ask: Ask) -> ServiceAccount:
    """The account under *label*: public key, private key, first nonce.

    :raises BadInput: ``coinpayments.key``, and what the forms and :func:`check_secret` raise.
    """
    public = check_key(ask.line("Public key"), "public key")
    private = ask.secret("private key")
    if private is None:
        raise RuntimeError("the private key was not optional")
    ask.show(_SHOWN)
    return ServiceAccount(SYSTEM, public.encode("ascii"), label, (private,), settings.encode(_first_nonce(ask)))


def change(account: ServiceAccount, ask: Ask) -> ServiceAccount:
    """There is no table to change."""
    del ask
    raise Refused(NO_TABLE, "the commands of CoinPayments are part of Coldtusk", where=account.label)


def _first_nonce(ask: Ask) -> int:
    typed = ask.line("Last nonce, or nothing")
    return int(_LAST.parse(typed, "last nonce")) + 1 if typed else ask.utc() * 1000
