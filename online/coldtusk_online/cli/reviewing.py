"""What is shown of a request: the same lines as on the device, the digest words, and what to do next."""

from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

from coldtusk_online.cli import call_screen
from coldtusk_online.cli.output import Json, Shown
from coldtusk_online.host import Host
from coldtusk_online.ledger import accounts, devices, service_accounts
from coldtusk_online.ledger.accounts import Account
from coldtusk_online.ledger.payments import Payment
from coldtusk_online.ledger.requests import Stored
from coldtusk_shared import request
from coldtusk_shared.request import Item, Request
from coldtusk_shared.screen import COLUMNS, Line, heading, line, render
from coldtusk_shared.services.warthog.content import WarthogContent
from coldtusk_shared.services.warthog.describe import describe
from coldtusk_shared.words import in_rows

_T = TypeVar("_T")


def issued(host: Host, stored: Stored, out: Path | None) -> Shown:
    """A request that was just written to *out*, or shown as codes."""
    with host.ledger.reading() as db:
        device = devices.get(db, stored.device).label
    text = "\n".join([review(host, stored), "", *_next(device, out)])
    return Shown({**facts(stored), "file": None if out is None else str(out), "device": device}, text)


def _next(device: str, out: Path | None) -> list[str]:
    if out is None:
        return [
            "It was shown as codes; `request show ID --qr` shows them again.",
            f"Next: on {device} `coldtusk-offline sign --scan camera --show`, then here `submit --scan camera`.",
        ]
    return [
        f"Written to {out}.",
        f"Next: carry it to {device} and run `coldtusk-offline sign {out.name} --out {out.stem}.response` there;",
        f"      then `coldtusk-online submit {out.stem}.response` here.",
    ]


def review(host: Host, stored: Stored) -> str:
    """Every field of every payment or call, as the device will show it; names are this host's labels."""
    with host.ledger.reading() as db:
        known = accounts.all_of(db)
        services = service_accounts.all_of(db)
    asked = stored.parsed()
    parts = [heading(f"Request {stored.id.hex()}")]
    parts.append(render([line("Purpose", asked.purpose or "(none given)"), line("From host", asked.origin)]))
    if stored.calls:
        parts += [call_screen.review(item, call, services) for item, call in _with_items(stored.calls, asked)]
    else:
        parts += [_item(item, payment, known) for item, payment in _with_items(stored.payments, asked)]
    words = in_rows(request.digest_words(stored.payload))
    parts.append(render([line("Words", *words, "the device shows the same words")]))
    return "\n".join(parts)


def facts(stored: Stored) -> dict[str, Json]:
    """A request for --json."""
    asked = stored.parsed()
    own: dict[str, Json] = (
        {"calls": [call_screen.facts(call, item) for item, call in _with_items(stored.calls, asked)]}
        if stored.calls
        else {"payments": [payment_facts(payment, item) for item, payment in _with_items(stored.payments, asked)]}
    )
    return {
        "id": stored.id.hex(),
        "state": stored.state.value,
        "created": stored.created,
        "purpose": asked.purpose,
        "not_after": asked.not_after.value,
        "digest": request.digest(stored.payload).hex(),
        "words": request.digest_words(stored.payload),
        **own,
    }


def payment_facts(payment: Payment, item: Item) -> dict[str, Json]:
    """One payment for --json."""
    data: dict[str, Json] = {
        "payment_id": payment.id.hex(),
        "kind": item.content.kind,
        "state": payment.state.value,
        "network": payment.network.value,
        "txid": payment.txid.hex(),
        "pin_height": payment.pin_height,
        "nonce_id": payment.nonce_id,
        "height": payment.height,
        "confirmations": payment.confirmations,
        "note": payment.note,
    }
    content = item.content
    if isinstance(content, WarthogContent):
        data |= {"from": content.sender.text, "fee_e8": content.transaction.fee_e8, "fields": _fields(content)}
    return data


def _with_items(own: tuple[_T, ...], asked: Request) -> list[tuple[Item, _T]]:
    return list(zip(asked.items, own, strict=True))


def _fields(content: WarthogContent) -> dict[str, Json]:
    """The type's own fields, by their names in the document."""
    values = content.layout.values(content.transaction.body)
    pairs = zip(content.layout.fields, values, strict=True)
    return {field.json[0]: field.form.json(value) for field, value in pairs}


def _item(item: Item, payment: Payment, known: Sequence[Account]) -> str:
    content = item.content
    if not isinstance(content, WarthogContent):
        raise RuntimeError("not a Warthog payment")
    own = accounts.names([account for account in known if account.device], payment.network)
    others = accounts.names([account for account in known if not account.device], payment.network)
    lines = [line("Payment", payment.id.hex()), *describe(content, own), *_payee(content, others)]
    return f"{'-' * COLUMNS}\n{render(lines)}"


def _payee(content: WarthogContent, others: dict[bytes, str]) -> list[Line]:
    """What this host calls the recipient, if it is no account of a paired device; the device does not know it."""
    to_addr = getattr(content.transaction.body, "to_addr", None)
    label = None if to_addr is None else others.get(to_addr.raw)
    return [] if label is None else [line("Payee", f'"{label}" in the accounts of this host')]
