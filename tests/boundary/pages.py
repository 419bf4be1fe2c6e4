"""The words: pages of the repository, their code blocks and tables, and the commands that both halves have."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from coldtusk_offline.cli import main as offline
from coldtusk_offline.guard import GuardReport
from coldtusk_online.cli import main as online
from tests.boundary.source_tree import ROOT

README, SECURITY, CONTRIBUTING, CHANGELOG = (
    ROOT / name for name in ("README.md", "SECURITY.md", "CONTRIBUTING.md", "CHANGELOG.md")
)
MANUAL = ROOT / "docs" / "manual"
ONLINE, OFFLINE, REHEARSAL = (MANUAL / f"{name}.md" for name in ("online", "offline", "rehearsal"))
WEBHOOKS, SERVICE_COMMANDS = (MANUAL / f"{name}.md" for name in ("webhooks", "service-commands"))
SERVICES = {name: MANUAL / f"{name}.md" for name in ("coinpayments", "coinrpc", "coinspark", "coinsoftworks")}
"""The groups whose commands stand in the page that is made from the tables, and the page of each in prose."""
DECISIONS = ROOT / "docs" / "adr"
PAGES = (README, SECURITY, CONTRIBUTING, CHANGELOG, *sorted(MANUAL.glob("*.md")), *sorted(DECISIONS.glob("*.md")))

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"`([^`\n]+)`")


@dataclass(frozen=True, slots=True)
class Command:
    """A command of one half by its words, and click's object of it."""

    half: str
    words: tuple[str, ...]
    itself: click.Command
    context: click.Context

    @property
    def title(self) -> str:
        """How the manual heads it."""
        return " ".join(self.words)

    def options(self) -> set[str]:
        """Every spelling of every option of its own."""
        found = [param for param in self.itself.params if isinstance(param, click.Option)]
        return {name for param in found for name in (*param.opts, *param.secondary_opts)}


def text(page: Path) -> str:
    """The whole of *page*."""
    return page.read_text(encoding="utf-8")


def blocks(page: Path, language: str | None = None) -> list[str]:
    """The code blocks of *page*, of one *language* or all."""
    return [body for found, body in _FENCE.findall(text(page)) if language in (None, found)]


def spans(page: Path) -> list[str]:
    """What stands between single back quotes in *page*, outside blocks."""
    return _SPAN.findall(_FENCE.sub("", text(page)))


def rows(source: str, *head: str) -> list[tuple[str, ...]]:
    """The rows of every table in *source* whose head begins with *head*; cells without back quotes."""
    found: list[tuple[str, ...]] = []
    inside = False
    for line in source.splitlines():
        cells = tuple(cell.strip().replace("`", "").replace("\0", "|") for cell in _cells(line))
        if not cells:
            inside = False
        elif inside and not set("".join(cells)) <= set("-"):
            found.append(cells)
        elif cells[: len(head)] == head:
            inside = True
    return found


def section(page: Path, title: str) -> str:
    """What stands in *page* under the heading *title*; empty if there is none."""
    found = re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", text(page), re.MULTILINE | re.DOTALL)
    return found[1] if found else ""


def page_of(command: Command) -> Path:
    """The page in which *command* has its section."""
    if command.half == "offline":
        return OFFLINE
    if command.words[0] in SERVICES:
        return SERVICE_COMMANDS
    return WEBHOOKS if command.words[0] == "webhooks" else ONLINE


def commands(half: str) -> list[Command]:
    """Every command of *half* that does something itself."""
    return [command for command in _walk(_root(half)) if not isinstance(command.itself, click.Group)]


def _root(half: str) -> Command:
    if half == "online":
        return Command(half, (), online.cli, click.Context(online.cli, obj=(None, None)))
    start = offline.Start(lambda: GuardReport((), ()))
    return Command(half, (), offline.cli, click.Context(offline.cli, obj=start))


def find(words: list[str]) -> tuple[Command, list[str]]:
    """The command that *words* (the program's name first) call, and what stands behind it."""
    command, rest = _root(words[0].removeprefix("coldtusk-")), words[1:]
    while isinstance(command.itself, click.Group) and rest and not rest[0].startswith("-"):
        command, rest = _inner(command, rest[0]), rest[1:]
    return command, rest


def _walk(command: Command) -> Iterator[Command]:
    yield command
    if isinstance(command.itself, click.Group):
        for name in command.itself.list_commands(command.context):
            yield from _walk(_inner(command, name))


def _inner(outer: Command, name: str) -> Command:
    found = outer.itself.get_command(outer.context, name) if isinstance(outer.itself, click.Group) else None
    assert found is not None, f"there is no command {(*outer.words, name)}"
    context = click.Context(found, info_name=name, parent=outer.context)
    return Command(outer.half, (*outer.words, name), found, context)


def _cells(line: str) -> list[str]:
    return line.replace("\\|", "\0").strip("|").split("|") if line.startswith("|") else []
