"""coinsoftworks on the review screen: the call, every field, and what leaves this device with the approval."""

import re
from collections.abc import Sequence

from coldtusk_offline.contents import VaultContents
from coldtusk_offline.history import History
from coldtusk_offline.service_accounts import ServiceAccount, fingerprint
from coldtusk_offline.services.coinsoftworks import enrolled
from coldtusk_offline.services.coinsoftworks.actions import Action
from coldtusk_offline.services.coinsoftworks.enrolled import Enrolled
from coldtusk_offline.services.coinsoftworks.sign import account, content_of, intent
from coldtusk_shared import command_screen
from coldtusk_shared.request import Item
from coldtusk_shared.risk import Risk
from coldtusk_shared.screen import Line, line, quotation
from coldtusk_shared.services.coinsoftworks import output, paths
from coldtusk_shared.services.coinsoftworks.commands import AUTHENTICATE, EXECUTE
from coldtusk_shared.services.coinsoftworks.content import SYSTEM, CoinsoftworksContent
from coldtusk_shared.services.coinsoftworks.poll import Poll
from coldtusk_shared.table_fields import Column, Kind

_GET = output.METHODS[1]
_NOT_TYPED = re.compile(r"[^A-Za-z0-9.]+", re.ASCII)
_TYPED_WHOLE, _TYPED_LAST, _TYPED_MOST = 12, 4, 8
_RELEASED = (
    "the token leaves this device, encrypted for the host that asked. The gap gives approval here, not secrecy: with "
    "it that host can do all that the account can, until you change the token. Keep little money in the account"
)
_UNBOUND = (
    "what the host sends with its bearer token, the service does;",
    "no signature binds it to these fields: the gap gives approval alone",
)


def lines(item: Item, contents: VaultContents) -> list[Line]:
    """The call with its risk, whose it is, what is sent, and every field."""
    content = content_of(item)
    held = next((one for one in contents.services if one.key == (SYSTEM, item.account)), None)
    if held is None:
        return _of_nobody(content)
    known = enrolled.of(held)
    if content.command is EXECUTE:
        return _execute(content, held, known.action(content.action))
    path = known.paths[content.command.name]
    shown = [_do(content.command.name, content.risk), _account(held, token=content.command is AUTHENTICATE)]
    if content.command is AUTHENTICATE:
        released = "the token, in the header X-SIMPLE-API-ACCESS-TOKEN"
        why = "it buys a bearer token, which the host keeps until it expires"
        return [*shown, line("Send", f"{known.method} {path}"), _releases(held, path, released), line("Then", why)]
    return [*shown, line("Send", f"{_GET} {path}", "with the host's bearer token"), _releases(held, path)]


def warnings(item: Item, history: History, contents: VaultContents) -> list[str]:
    """That a bearer secret leaves, or that an action was approved before."""
    content = content_of(item)
    if content.command is AUTHENTICATE:
        return [_RELEASED]
    if content.command is not EXECUTE:
        return []
    known = enrolled.of(account(item, contents)).action(content.action)
    before = history.intents.get(intent(item))
    if known.row.risk is Risk.READS or before is None or item.payment_id in history.payments:
        return []
    return [f"journal entry {before.sequence} released the same action already: this would do it a SECOND time"]


def totals(items: Sequence[Item]) -> list[Line]:
    """What is called, in its order. What actions move, only people know: there is no sum."""
    called = [content_of(item) for item in items]
    names = [f"{one.command.name} {one.action}".strip() for one in called]
    return [line("All calls", ", then ".join(names))]


def phrase(item: Item) -> str:
    """What to type for *item* alone: of an action its name and the ends of its fields.

    They stand by their names, which are the operator's: the host's order would choose what is left out.
    """
    content = content_of(item)
    if content.command is AUTHENTICATE:
        return "release the token"
    if content.command is not EXECUTE:
        return f"ask {content.command.name}"
    ends = [end for _, text in sorted(content.parameters) if (end := _end(text))]
    return " ".join(["execute", content.action, *ends[:_TYPED_MOST]])


def enrolment(known: Enrolled) -> list[Line]:
    """Everything that is enrolled but for the secrets."""
    shown = [line("Paths", *(f"{name}: {_method(name, known)} {path}" for name, path in known.paths.items()))]
    for action in known.actions:
        fields = [f"{column.name}: {column.kind.value}{_bounds(column)}" for column in action.row.columns]
        groups = [f"exactly one of {', '.join(group)}" for group in action.row.one_of]
        shown += [
            line("Action", f'"{action.row.name}" -- {action.row.risk.value.upper()}', f"{action.method} {action.path}"),
            line("Fields", *(fields + groups or ["none"])),
            *_followed(action.poll),
        ]
    return (
        shown if known.actions else [*shown, line("Actions", "none: every execute is refused until some are enrolled")]
    )


def _execute(content: CoinsoftworksContent, held: ServiceAccount, action: Action) -> list[Line]:
    given = action.values(content.parameters, "fields.parameters")
    return [
        _do(f'execute "{action.row.name}"', action.row.risk),
        _account(held),
        line("Send", f"{action.method} {action.path}", "with the host's bearer token"),
        *(command_screen.lines(action.command, given) or [line("Fields", "none")]),
        *_followed(action.poll),
        _releases(held, action.path + (action.poll.path if action.poll else "")),
        line("Mind", *_UNBOUND),
    ]


def _of_nobody(content: CoinsoftworksContent) -> list[Line]:
    """Without the account (``inspect``): what the request says; path, form and risk are in the account's own table."""
    what = content.command.name + (f' "{content.action}"' if content.action else "")
    fields = [f"{name} = {quotation(text)}" for name, text in content.parameters]
    return [_do(what, content.risk), line("Fields", *(fields or ["none"]))]


def _do(what: str, risk: Risk) -> Line:
    return line("Do", f"{SYSTEM}: {what} -- {risk.value.upper()}")


def _account(held: ServiceAccount, *, token: bool = False) -> Line:
    shown = (f"token {fingerprint(SYSTEM, held.secrets[0])}",) if token else ()
    return line("Account", quotation(held.label), *shown)


def _releases(held: ServiceAccount, path: str, *also: str) -> Line:
    if not paths.needs_key(path):
        return line("Releases", *(also or ("no secret",)))
    key = f"the account's API key in the path, {fingerprint(SYSTEM, held.secrets[1])}"
    return line("Releases", *also, key)


def _followed(plan: Poll | None) -> list[Line]:
    if plan is None:
        return []
    id_ = (f"{paths.ID_PLACE} is {plan.id_member} of the reply",) if plan.id_member else ()
    ends = f"{plan.status_member}: done if {_or(plan.done)}, failed if {_or(plan.failed)}"
    return [line("Followed", f"{_GET} {plan.path}", *id_, ends)]


def _or(statuses: Sequence[str]) -> str:
    return " or ".join(map(quotation, statuses))


def _bounds(column: Column) -> str:
    """What a row of the table says beside the kind; the label above all, since a review shows that, not the name."""
    said = [", required"] if column.required else []
    if column.choices:
        said.append(f" of {', '.join(map(quotation, column.choices))}")
    if column.kind is Kind.UINT:
        said.append(f" from {column.least} to {column.most}")
    if column.label:
        said.append(f", shown as {quotation(column.label)}")
    return "".join(said)


def _method(name: str, known: Enrolled) -> str:
    return known.method if name == AUTHENTICATE.name else _GET


def _end(text: str) -> str:
    """Of the last word what any keyboard has; "" if that is nothing."""
    plain = _NOT_TYPED.sub("", text.rsplit(maxsplit=1)[-1])
    return plain if len(plain) <= _TYPED_WHOLE else plain[-_TYPED_LAST:]
