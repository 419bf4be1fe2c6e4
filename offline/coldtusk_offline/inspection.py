"""What a message says, as text: well formed, but signed by whoever made it."""

from collections.abc import Callable

from coldtusk_offline import services
from coldtusk_offline.contents import VaultContents
from coldtusk_offline.secret import Secret
from coldtusk_shared import card, envelope, request, response, words
from coldtusk_shared.envelope import Envelope, MessageType
from coldtusk_shared.response import RefusedItem, Released, Result, Signed
from coldtusk_shared.screen import Line, heading, host_says, line, quotation, render
from coldtusk_shared.services.warthog.address import Address

_NOBODY = VaultContents(device_seed=Secret(bytes(32)))
"""Without labels: nothing in a message of unknown origin is a label that this device gave."""


def inspect(message: bytes) -> str:
    """*message* in lines of at most 80 columns; BadInput where it is not well formed."""
    sealed = envelope.read(message)
    title = f"{envelope.name(sealed.type)}, {len(message)} bytes -- NOT CHECKED against a pinned key"
    return "\n".join(
        [heading(title), render([line("Signed by", f"key {sealed.kid.hex()}")]), _SAY[sealed.type](sealed)]
    )


def _request(sealed: Envelope) -> str:
    asked = request.parse(sealed.payload)
    parts = [
        render(
            [
                line("Request", asked.id.hex()),
                line("Words", *words.in_rows(request.digest_words(sealed.payload))),
                line("Purpose", host_says(asked.purpose)),
                line("Made by", host_says(asked.origin)),
                line("Items", str(len(asked.items))),
            ]
        )
    ]
    for number, item in enumerate(asked.items, 1):
        parts.append(f"---- item {number} of {len(asked.items)}")
        parts.append(render([line("Payment", item.payment_id.hex())]))
        parts.append(render(services.describer(item.content.kind).lines(item, _NOBODY)))
    return "\n".join(parts)


def _response(sealed: Envelope) -> str:
    answered = response.parse(sealed.payload)
    lines = [line("Request", answered.request_id.hex()), line("Device", f"key {answered.receipt.device.hex()}")]
    lines += [line("Payment", result.payment_id.hex(), _outcome(result)) for result in answered.results]
    head = answered.receipt.head
    lines.append(line("Journal", f"entry {head.sequence}, head {words.words_of(head.hash)}"))
    return render([*lines, line("Software", answered.receipt.software.hex())])


def _outcome(result: Result) -> str:
    match result:
        case Signed():
            return "signed"
        case Released():
            return "released, encrypted for the online half that asked: it is never opened here"
        case RefusedItem():
            return f"refused, {quotation(result.code)}: {quotation(result.reason)}"


def _host_card(sealed: Envelope) -> str:
    host = card.open_host(sealed.message)
    return render(_identity(host.public_key, host.label))


def _device_card(sealed: Envelope) -> str:
    device = card.open_device(sealed.message)
    lines = _identity(device.public_key, device.label)
    lines.append(line("Journal", f"entry {device.head.sequence}, head {words.words_of(device.head.hash)}"))
    lines += [
        line("Account", Address(one.address).text, f"{one.network}, {quotation(one.label)}") for one in device.accounts
    ]
    lines += [line("Service", one.system, quotation(one.label)) for one in device.services]
    return render(lines)


def _identity(public_key: bytes, label: str) -> list[Line]:
    return [line("Says it is", quotation(label)), line("Words", words.key_words(public_key))]


_SAY: dict[MessageType, Callable[[Envelope], str]] = {
    MessageType.REQUEST: _request,
    MessageType.RESPONSE: _response,
    MessageType.HOST_CARD: _host_card,
    MessageType.DEVICE_CARD: _device_card,
}
