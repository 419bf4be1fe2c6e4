"""What a reply tells of other calls of the key: burned, arrived, or still in doubt.

A call that was answered used its nonce, so what has a lower one and was not sent never can be. Of withdrawals in doubt
the history decides: there by note or by currency, address and amount, and nobody else's: it arrived. Surely not there:
it was burned. All else stays unknown, for a person to look at.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from coldtusk_online.json_strict import Json
from coldtusk_online.ledger.calls import Call
from coldtusk_online.ledger.states import State
from coldtusk_online.sending import Ready, Settled
from coldtusk_online.services.coinpayments import history, order, wanted
from coldtusk_online.services.coinpayments.build import payment_of
from coldtusk_online.services.coinpayments.history import Entry, Look
from coldtusk_online.services.coinpayments.wanted import Wanted
from coldtusk_shared.services.coinpayments import output as outputs
from coldtusk_shared.services.coinpayments.commands import HISTORY
from coldtusk_shared.text import quoted

_ONE = "get_withdrawal_info"
_NOT_DONE = frozenset({State.DRAFT, State.ISSUED, State.EXPIRED, State.REJECTED})


@dataclass(frozen=True, slots=True)
class Page:
    """Entries that the service showed, and what is known of the key's calls.

    *asked* are the fields that were sent; *burns* says that a higher nonce was used to ask; *known* are the service's
    ids of calls that are settled.
    """

    entries: Sequence[Entry]
    asked: Mapping[str, str]
    known: Mapping[str, int]
    burns: bool
    whole: bool = field(default=True)
    """Whether it is a list that can show that something is not there."""


def by_reply(ready: Ready, result: Json, tell: Callable[[str], None]) -> tuple[Settled, ...]:
    """The calls that the reply to *ready* resolves; *tell* gets a line for each, and for those that stay unknown."""
    own = order.number_of(ready.call)
    lower = order.below(ready.past, own)
    doubtful = [call for call in lower if order.is_in_doubt(call)]
    asked = dict(parse_qsl(outputs.parse(ready.output).body.decode("ascii"), keep_blank_values=True))
    shown = page(ready.call.command, result, asked, ready.past, burns=True)
    found = [*_unsent(lower, own, shown), *_lost_reads(lower), *of_page(shown, doubtful, tell)]
    for one in found:
        tell(f"call {one.payment_id.hex()[:12]}: {one.state.value}, {one.note}")
    belie(shown, ready.past, tell)
    return tuple(found)


def belie(shown: Page | None, past: Sequence[Call], tell: Callable[[str], None]) -> None:
    """Say which calls that were not done, as the ledger has it, *shown* has by note.

    A person settled them wrongly, or the ledger is an older copy.
    """
    named = {payment_of(entry.note): entry.id for entry in (shown.entries if shown else ()) if entry.note}
    for call in past:
        if call.state in _NOT_DONE and (id_ := named.get(call.id.hex())):
            told = f"stands as {call.state.value}, and the service's history shows {id_}"
            tell(f"STOP: call {call.id.hex()[:12]} {told}: do not pay it again")


def page(command: str, result: Json, asked: Mapping[str, str], past: Sequence[Call], *, burns: bool) -> Page | None:
    """What *command* showed of withdrawals; None if it shows none."""
    known = wanted.known_ids(past)
    if command == HISTORY.name:
        return Page(history.read(result), asked, known, burns)
    if command == _ONE:
        return Page([history.entry(result, asked["id"])], asked, known, burns, whole=False)
    return None


def of_page(shown: Page | None, doubtful: Sequence[Call], tell: Callable[[str], None]) -> list[Settled]:
    """What *shown* says of the calls in doubt."""
    listed = [call for call in doubtful if shown is not None and call.command in wanted.LISTED]
    for call in doubtful:
        if call not in listed:
            tell(f"call {call.id.hex()[:12]}, {call.command}: still unknown. {_next(call)}")
    if shown is None or not listed:
        return []
    wants = [one for call in listed for one in wanted.of_call(call)]
    looks = _looks(shown, wants)
    return [settled for call in listed if (settled := _settled(shown, call, looks, tell)) is not None]


def _looks(shown: Page, wants: Sequence[Wanted]) -> list[tuple[Wanted, Entry, Look]]:
    """Who can be whom. What two are alike with is certainly neither's."""
    free = [entry for entry in shown.entries if entry.id not in shown.known]
    looks = [(want, entry, _look(shown, want, entry)) for want in wants for entry in free]
    alike = [(want, entry) for want, entry, seen in looks if seen is Look.ALIKE]
    of_entry = Counter(entry.id for _, entry in alike)
    of_want = Counter((want.call.id, want.row) for want, _ in alike)

    def decided(want: Wanted, entry: Entry) -> Look:
        alone = of_entry[entry.id] == of_want[want.call.id, want.row] == 1
        return Look.IS if alone else Look.MAY_BE

    return [(want, entry, decided(want, entry) if seen is Look.ALIKE else seen) for want, entry, seen in looks]


def _look(shown: Page, want: Wanted, entry: Entry) -> Look:
    nonce = order.number_of(want.call)
    return history.look(entry, want, history.floor_of(shown.entries, shown.known, nonce))


def _settled(
    shown: Page, call: Call, looks: Sequence[tuple[Wanted, Entry, Look]], tell: Callable[[str], None]
) -> Settled | None:
    own = [(want, entry, seen) for want, entry, seen in looks if want.call.id == call.id]
    is_it = [(want, entry) for want, entry, seen in own if seen is Look.IS]
    if is_it:
        return Settled(call.id, State.CONFIRMED, _found(is_it), _ids(is_it))
    if not any(seen is Look.MAY_BE for _, _, seen in own) and _shows_absence(shown, call):
        return Settled(call.id, State.EXPIRED, "burned: it never arrived, the service's history does not show it")
    tell(f"call {call.id.hex()[:12]}: still unknown. {_why(shown, own)}, then `request settle`")
    return None


def _shows_absence(shown: Page, call: Call) -> bool:
    if not shown.burns or not shown.whole:
        return False
    reaches = history.reaches(shown.entries, shown.asked, shown.known, order.number_of(call))
    return reaches or history.is_whole(shown.entries, shown.asked)


def _found(is_it: Sequence[tuple[Wanted, Entry]]) -> str:
    parts = [
        f"{want.row}{' ' if want.row else ''}{entry.id}{f' ({quoted(entry.status)})' if entry.status else ''}"
        for want, entry in is_it
    ]
    return f"it arrived: the service's history shows {', '.join(parts)}"


def _ids(is_it: Sequence[tuple[Wanted, Entry]]) -> str:
    return " ".join(dict.fromkeys(entry.id for _, entry in is_it))


def _why(shown: Page, own: Sequence[tuple[Wanted, Entry, Look]]) -> str:
    possible = [entry.id for _, entry, seen in own if seen is Look.MAY_BE]
    if possible:
        return f"It may be {' or '.join(dict.fromkeys(possible))}: look by hand"
    if not shown.burns:
        return "It is not in the history, and could still arrive: submit its response again, or ask by the signing key"
    return "The history does not reach back far enough: look by hand"


def _next(call: Call) -> str:
    if call.command in wanted.LISTED:
        return "Ask: coldtusk-online coinpayments get-withdrawal-history"
    return "No list shows it: look by hand, then `request settle`"


def _unsent(lower: Sequence[Call], own: int, shown: Page | None) -> Iterator[Settled]:
    """What the ledger never sent; an older copy of a ledger may not know that it did."""
    for call in lower:
        if call.state is not State.ANSWERED:
            continue
        there = _by_note(call, shown)
        if there:
            note = f"{_found(there)}, though this ledger never sent it: is it a copy, or an old one?"
            yield Settled(call.id, State.UNKNOWN, note, _ids(there))
        else:
            yield Settled(call.id, State.EXPIRED, f"burned: it was never sent, and nonce {own} was used")


def _by_note(call: Call, shown: Page | None) -> list[tuple[Wanted, Entry]]:
    """The entries with the payment's own note: nobody else's have it."""
    if shown is None or call.command not in wanted.LISTED:
        return []
    pairs = [(want, entry) for want in wanted.of_call(call) for entry in shown.entries]
    return [(want, entry) for want, entry in pairs if history.look(entry, want, None) is Look.IS]


def _lost_reads(lower: Sequence[Call]) -> Iterator[Settled]:
    for call in lower:
        if order.is_lost_read(call):
            yield Settled(call.id, State.EXPIRED, "its answer was lost; it only read")
