"""The words are true where a machine can see it: commands, options, error codes and paths that they name exist."""

import re
import shlex
from pathlib import Path

import click
import pytest

from coldtusk_shared.errors import BadInput, ColdtuskError, OutcomeUnknown, Outside, Refused
from tests.boundary import error_codes, pages, service_commands
from tests.boundary.pages import Command
from tests.boundary.source_tree import OFFLINE, ONLINE, ROOT, SHARED, modules

_EVERYWHERE = {"--json", "--config", "--data"}
_BUILDING = "Building a request"
_SHELL = re.compile(r"^\$ (coldtusk-(?:online|offline) .*)$", re.MULTILINE)
_ANY_COMMAND = re.compile(r"coldtusk-(?:online|offline)(?: (?!coldtusk-)[^\s`|]+)+")
_FOLDERS = ("shared/", "online/", "offline/", "tests/", "docs/", "requirements/", ".ci/")
_CODE = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*(?:\.[a-z0-9]+(?:-[a-z0-9]+)*)+")
_FILE_ENDINGS = (
    *(".py", ".md", ".toml", ".json", ".cddl", ".txt", ".key", ".sqlite"),
    *(".request", ".response", ".card", ".attempts"),
)
_MODULES = {"http.client"}
"""Names of the standard library that look like a code."""
_INTERRUPTED, _USAGE, _DONE = 130, 2, 0
_COMMANDS = [*pages.commands("online"), *pages.commands("offline")]


def _id(value: object) -> str:
    return f"{value.half} {value.title}" if isinstance(value, Command) else str(value)[-60:]


def _typed() -> list[tuple[str, str]]:
    shown = [(page, block) for page in pages.PAGES for block in pages.blocks(page, "console")]
    return [(page.name, line) for page, block in shown for line in _SHELL.findall(block)]


def _named() -> list[str]:
    """Every command that stands anywhere in the words, as far as it can be read."""
    return sorted({line for page in pages.PAGES for line in _ANY_COMMAND.findall(pages.text(page))})


@pytest.mark.parametrize("command", _COMMANDS, ids=_id)
def test_every_command_and_option_is_in_the_manual(command: Command) -> None:
    """Each has a section that names each option; what all or all of a kind have stands once."""
    page = pages.page_of(command)
    own = pages.section(page, command.title)
    assert own, f"no section {command.title}"
    known = set(re.findall(r"(?<![\w-])--?[a-z][a-z0-9-]*", own + _of_its_kind(command))) | _EVERYWHERE
    assert set() == command.options() - known


def _of_its_kind(command: Command) -> str:
    """What stands once for all commands of a kind."""
    kinds = {"--max-fee": _BUILDING, "--valid": service_commands.SHARED_TITLE}
    titles = [title for option, title in kinds.items() if {"--from", option} <= command.options()]
    return "".join(pages.section(pages.page_of(command), title) for title in titles)


@pytest.mark.parametrize("page", sorted(pages.MANUAL.glob("*.md")), ids=lambda page: page.name)
def test_every_section_is_a_command(page: Path) -> None:
    """A command that is gone has no section, and one that is there has one; headings of prose begin with a capital."""
    titles = re.findall(r"^## ([a-z][a-z -]*)$", pages.text(page), re.MULTILINE)
    assert sorted(titles) == sorted(one.title for one in _COMMANDS if pages.page_of(one) == page)


@pytest.mark.parametrize(("_page", "line"), _typed(), ids=_id)
def test_every_line_that_is_shown_can_be_typed(_page: str, line: str) -> None:
    """Click takes it as it stands, with every option and argument that it needs."""
    command, rest = pages.find(shlex.split(line))
    name = command.words[-1]
    assert not isinstance(command.itself, click.Group)
    command.itself.make_context(name, list(rest), parent=command.context.parent)


def test_lines_are_shown() -> None:
    """Every command is, but for those of the services' tables, of which each service's own page shows one at least."""
    shown = {(page, pages.find(shlex.split(line))[0].words) for page, line in _typed()}
    own = {command.words for command in _COMMANDS if command.words[0] not in pages.SERVICES}
    assert own == {words for _, words in shown if words[0] not in pages.SERVICES}
    assert set() == {(page.name, group) for group, page in pages.SERVICES.items()} - {(page, w[0]) for page, w in shown}


@pytest.mark.parametrize("line", _named(), ids=_id)
def test_every_command_that_is_named_exists(line: str) -> None:
    """In prose too: the command, and each option that it is given."""
    program, *rest = [re.sub(r"[.,:;)]+$", "", word).split("|")[0] for word in line.split()]
    if rest and not _is_name(rest[0]):
        return
    command, behind = pages.find([program, *_command_words(rest)])
    options = {word for word in (*behind, *rest) if word.startswith("--")}
    assert set() == options - command.options() - {"--help", "--version"} - _EVERYWHERE - {"--home"}


def _is_name(word: str) -> bool:
    return re.fullmatch(r"[a-z][a-z-]*", word) is not None


def _command_words(words: list[str]) -> list[str]:
    """The leading words that are names of commands: prose may go on behind them."""
    groups = {command.words[:length] for command in _COMMANDS for length in range(len(command.words))}
    count = 0
    while count < len(words) and tuple(words[:count]) in groups:
        count += 1
    return words[:count]


def _statuses(page: Path) -> set[int]:
    return {int(status) for status, *_ in pages.rows(pages.text(page), "status", "meaning")}


def test_exit_statuses() -> None:
    """The tables list what the code can end with; the offline half knows no unknown outcome."""
    families = (ColdtuskError, BadInput, Refused, Outside, OutcomeUnknown)
    every = {_DONE, _USAGE, _INTERRUPTED, *(family.exit_status for family in families)}
    assert every == _statuses(pages.README) == _statuses(pages.ONLINE)
    assert every - {OutcomeUnknown.exit_status} == _statuses(pages.OFFLINE)
    users = [path for path in modules(OFFLINE, SHARED) if "OutcomeUnknown" in path.read_text(encoding="utf-8")]
    assert [SHARED / "errors.py"] == users


@pytest.mark.parametrize("page", pages.PAGES, ids=lambda page: page.name)
def test_every_path_exists(page: Path) -> None:
    """A file, a folder, a test by its name; and the target of a link."""
    named = [span for span in pages.spans(page) if span.startswith(_FOLDERS) and "NAME" not in span and "*" not in span]
    assert [] == [span for span in named if not _exists(span)]
    links = re.findall(r"\]\(([^)#:]+)\)", pages.text(page))
    assert [] == [link for link in links if not (page.parent / link).exists()]


def _exists(span: str) -> bool:
    path, _, test = span.partition("::")
    target = ROOT / path
    if not target.exists() or target.is_dir() is not path.endswith("/"):
        return False
    return not test or re.search(rf"def {test}\b", target.read_text(encoding="utf-8")) is not None


@pytest.mark.parametrize("page", pages.PAGES, ids=lambda page: page.name)
def test_every_error_code_exists(page: Path) -> None:
    """In prose and on the screens that are shown."""
    declared = {code.name for code in error_codes.declared()}
    areas = {name.partition(".")[0] for name in declared}
    codes = [span for span in pages.spans(page) if _CODE.fullmatch(span) and not span.endswith(_FILE_ENDINGS)]
    codes += re.findall(r"error \[([^]]+)\]", "".join(pages.blocks(page)))
    unknown = {code for code in codes if code.partition(".")[0] in areas and code not in declared}
    assert set() == unknown - _MODULES


@pytest.mark.parametrize(
    ("page", "other"), [(pages.ONLINE, OFFLINE), (pages.WEBHOOKS, OFFLINE), (pages.OFFLINE, ONLINE)], ids=_id
)
def test_a_half_names_its_own_codes(page: Path, other: Path) -> None:
    """The manual of one half names no code that only the other one says."""
    theirs = {code.name for code in error_codes.declared() if code.path.is_relative_to(other)}
    assert set() == theirs & set(pages.spans(page))
