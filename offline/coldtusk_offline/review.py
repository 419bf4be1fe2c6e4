"""The review: every field that will be signed, on the trusted screen, and a typed confirmation.

It shows the object that will be signed, not a file or a copy (lessons: a staged file was rewritten). Text
of the host is quoted and named as the host's; labels are this device's own. Warnings come first.
"""

import textwrap
from collections.abc import Hashable
from typing import Protocol

from coldtusk_offline import services
from coldtusk_offline.approval import Approved
from coldtusk_offline.device import Device
from coldtusk_offline.intake import CheckedRequest
from coldtusk_offline.utc import shown
from coldtusk_shared import limits, request
from coldtusk_shared.errors import BadInput, Code, Refused
from coldtusk_shared.request import Item
from coldtusk_shared.screen import COLUMNS, TEXT_COLUMNS, Line, heading, host_says, line, quotation, render
from coldtusk_shared.text import check_text
from coldtusk_shared.words import in_rows

NOT_CONFIRMED = Code("review.not-confirmed", "nothing was signed or recorded: give the request again to review it anew")

REFUSE = "refuse"
NO_REASON = "refused by the operator"
TRIES = 3
REPEATED = 10
"""Warnings that stand again above the prompt: a long screen scrolls those at its top away."""


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
    """The whole review as text, 80 columns wide: warnings at its top, and again at its end."""
    count, warnings = len(checked.items), _warnings(checked, device)
    title = heading(f"REVIEW: {count} payment{'s' if count > 1 else ''}")
    parts = [title, *map(_warning, warnings), render(_origin(checked))]
    for number, one in enumerate(checked.items, 1):
        lines = services.describer(one.item.content.kind).lines(one.item, device.vault.contents)
        parts += [f"---- item {number} of {count} ".ljust(COLUMNS, "-"), render(lines)]
    return "\n".join([*parts, "=" * COLUMNS, *_ending(checked, warnings)])


def phrase_of(checked: CheckedRequest) -> str:
    """What to type to sign: the content of a single item, or the number of items and a word of the digest."""
    if len(checked.items) == 1:
        item = checked.items[0].item
        return services.describer(item.content.kind).phrase(item)
    return f"sign {len(checked.items)} payments {request.digest_words(checked.opened.payload).split()[0]}"


def _warnings(checked: CheckedRequest, device: Device) -> list[str]:
    contents = device.vault.contents
    if len(checked.items) == 1:
        item = checked.items[0].item
        return services.describer(item.content.kind).warnings(item, device.history, contents)
    found: list[str] = []
    first: dict[Hashable, int] = {}
    for number, one in enumerate(checked.items, 1):
        kind = one.item.content.kind
        warnings = services.describer(kind).warnings(one.item, device.history, contents)
        warnings += _twins(one.item, number, first)
        found += [f"item {number}: {warning}" for warning in warnings]
    return found


def _twins(item: Item, number: int, first: dict[Hashable, int]) -> list[str]:
    """That *item* asks what an earlier one of the request asks; *first* has the number of each intent, and gets its."""
    leaf = services.signer(item.content.kind)
    twin = first.setdefault(leaf.intent(item), number)
    if twin != number:
        return [f"it asks the same as item {twin}: this would pay a SECOND time"]
    some = {first.setdefault(part, number) for part in leaf.parts(item)} - {number}
    return [f"it pays some of the same as item {one}: this would pay a SECOND time" for one in sorted(some)]


def _warning(text: str) -> str:
    return render([line("! WARNING", *textwrap.wrap(text, TEXT_COLUMNS))])


def _ending(checked: CheckedRequest, warnings: list[str]) -> list[str]:
    """What stands right above the prompt: the totals of a batch, and the warnings again."""
    items = [one.item for one in checked.items]
    rows = list(map(_warning, warnings[:REPEATED]))
    if len(items) > 1:
        rows.insert(0, render(services.describer(items[0].content.kind).totals(items)))
    if len(warnings) > REPEATED:
        rows.append(_warning(f"and {len(warnings) - REPEATED} more: look at the top of this screen"))
    return rows


def _origin(checked: CheckedRequest) -> list[Line]:
    asked = checked.opened.request
    times = [line("Made at", f"the host says: {shown(asked.created)}")]
    if checked.utc is not None:
        times += [line("Now", f"{shown(checked.utc)}, by your word"), line("Answer by", shown(asked.not_after.value))]
    return [
        line("Asked by", f"the paired host {quotation(checked.opened.host.label)}"),
        line("Purpose", host_says(asked.purpose)),
        line("Made by", host_says(asked.origin)),
        *times,
        line("Words", *in_rows(request.digest_words(checked.opened.payload))),
        line("Request", asked.id.hex()),
    ]


def _reason(reviewer: Reviewer) -> str:
    reviewer.show("Refusing. A reason for the host, or nothing; then Enter.")
    for _ in range(TRIES):
        reason = " ".join(reviewer.ask("reason> ").split())
        try:
            return check_text(reason, "reason", limits.TEXT_BYTES) or NO_REASON
        except BadInput as error:
            reviewer.show(error.line())
    return NO_REASON
