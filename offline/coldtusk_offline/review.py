"""The review: every field that will be signed, on the trusted screen, and a typed confirmation.

It shows the object that will be signed, not a file or a copy (lessons: a staged file was rewritten). Text
of the host is quoted and named as the host's; labels are this device's own. Warnings come first.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Protocol

from coldtusk_offline import services
from coldtusk_offline.approval import Approved
from coldtusk_offline.device import Device
from coldtusk_offline.intake import CheckedRequest
from coldtusk_shared import limits, request
from coldtusk_shared.errors import Code, Refused
from coldtusk_shared.screen import COLUMNS, Line, heading, host_says, line, render
from coldtusk_shared.text import check_text

NOT_CONFIRMED = Code("review.not-confirmed", "nothing was signed or recorded: give the request again to review it anew")

REFUSE = "refuse"
TRIES = 3
_LATEST = datetime(9999, 12, 31, tzinfo=UTC).timestamp()


class Reviewer(Protocol):
    """A person at a trusted screen and keyboard."""

    def show(self, text: str) -> None:
        """Show *text*, all of it."""

    def ask(self, prompt: str) -> str:
        """One line that was typed after *prompt* appeared, never before."""


def confirm(checked: CheckedRequest, device: Device, reviewer: Reviewer) -> Approved:
    """Show *checked* to *reviewer* and take the decision; the only maker of :class:`Approved`."""
    reviewer.show(screen(checked, device))
    phrase = phrase_of(checked)
    reviewer.show(render([line("To sign", f"type  {phrase}"), line("To refuse", f"type  {REFUSE}")]))
    for _ in range(TRIES):
        typed = " ".join(reviewer.ask("> ").split())
        if typed == phrase:
            return Approved(checked, None)
        if typed == REFUSE:
            return Approved(checked, _reason(reviewer))
        reviewer.show("That is neither. Look at the screen again.")
    raise Refused(NOT_CONFIRMED, f"not confirmed in {TRIES} tries")


def screen(checked: CheckedRequest, device: Device) -> str:
    """The whole review as text, 80 columns wide."""
    count = len(checked.items)
    parts = [heading(_title(checked)), *_warnings(checked, device), render(_origin(checked))]
    for number, one in enumerate(checked.items, 1):
        lines = services.describer(one.item.content.kind).lines(one.item, device.vault.contents)
        parts += [f"---- item {number} of {count} ".ljust(COLUMNS, "-"), render(lines)]
    parts.append("=" * COLUMNS)
    return "\n".join(parts)


def phrase_of(checked: CheckedRequest) -> str:
    """What to type to sign: the content of a single item, or the number of items and a word of the digest."""
    if len(checked.items) == 1:
        item = checked.items[0].item
        return services.describer(item.content.kind).phrase(item)
    return f"sign {len(checked.items)} payments {request.digest_words(checked.opened.payload).split()[0]}"


def _title(checked: CheckedRequest) -> str:
    count = len(checked.items)
    return f'REVIEW: {count} payment{"s" if count > 1 else ""} asked by host "{checked.opened.host.label}"'


def _warnings(checked: CheckedRequest, device: Device) -> Iterator[str]:
    several = len(checked.items) > 1
    for number, one in enumerate(checked.items, 1):
        for warning in services.describer(one.item.content.kind).warnings(one.item, device.history):
            yield render([line("! WARNING", f"item {number}: {warning}" if several else warning)])


def _origin(checked: CheckedRequest) -> list[Line]:
    asked = checked.opened.request
    return [
        line("Purpose", host_says(asked.purpose)),
        line("Made by", host_says(asked.origin)),
        line("Made at", f"the host says: {_utc(asked.created)}"),
        line("Words", request.digest_words(checked.opened.payload)),
        line("Request", asked.id.hex()),
    ]


def _utc(seconds: int) -> str:
    if seconds > _LATEST:
        return f"{seconds} s after 1970"
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M UTC")


def _reason(reviewer: Reviewer) -> str:
    reviewer.show("Refusing. A reason for the host, or nothing; then Enter.")
    reason = " ".join(reviewer.ask("reason> ").split())
    return check_text(reason, "reason", limits.TEXT_BYTES) or "refused by the operator"
