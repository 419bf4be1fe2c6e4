"""How an action is followed to its end: the operator enrols it, because the service publishes none of it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from coldtusk_shared import forms, limits
from coldtusk_shared.cbor import Encodable, Value
from coldtusk_shared.command import Field
from coldtusk_shared.errors import BadInput, Code
from coldtusk_shared.mapreader import WRONG_TYPE, MapReader
from coldtusk_shared.services.coinsoftworks import paths
from coldtusk_shared.text import check_text, quoted

WORDS = Code("coinsoftworks.words", 'write the status, or several as "Done|Completed": no blanks at the ends of one')
PLAN = Code(
    "coinsoftworks.poll",
    "an action is polled by poll_path, poll_status, done and failed together; poll_id is there if the path has {id}",
)

MEMBER = forms.token(
    r"[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*){0,3}",
    "a name in the reply, such as status or result.status",
    limits.LABEL_BYTES,
)
"""A member of a reply, or one inside of it."""
_WORDS = re.compile(r"[^\s|](?:[^|]*[^\s|])?(?:\|[^\s|](?:[^|]*[^\s|])?)*")


def _read_words(value: Value, where: str) -> str:
    if type(value) is not str:
        raise BadInput(WRONG_TYPE, "not a text", where=where)
    text = check_text(value, where)
    if not _WORDS.fullmatch(text) or len(set(text.split("|"))) != text.count("|") + 1:
        raise BadInput(WORDS, f"{quoted(text)} is not such a list", where=where)
    return text


STATUSES = forms.of_text('a status, or several as "Done|Completed"', _read_words)
"""Statuses of the service, with ``|`` between."""


FIELDS = (
    Field(1, "poll_path", paths.POLL, required=True),
    Field(2, "poll_status", MEMBER, required=True),
    Field(3, "done", STATUSES, required=True),
    Field(4, "failed", STATUSES, required=True),
    Field(5, "poll_id", MEMBER),
)
"""A plan as texts: their keys in an output, and their names in an operator's table."""


@dataclass(frozen=True, slots=True)
class Poll:
    """Where to ask (a template), which member of the reply says how it stands, and what it says at the end.

    *id_member* is the member of the first reply that fills ``{id}``; "" if the path has none.
    """

    path: str
    status_member: str
    done: tuple[str, ...]
    failed: tuple[str, ...]
    id_member: str = ""

    def encode(self) -> dict[int, Encodable]:
        """As an output has it; :func:`parse` gives it back."""
        wire: dict[int, Encodable] = {1: self.path, 2: self.status_member}
        wire |= {3: "|".join(self.done), 4: "|".join(self.failed)}
        return wire | ({5: self.id_member} if self.id_member else {})


def parse(reader: MapReader) -> Poll:
    """The plan in an output: the one that was enrolled."""
    found = {
        one.name: str(one.form.read(reader.value(one.key, one.name), reader.path(one.name)))
        for one in FIELDS
        if one.required or reader.has(one.key)
    }
    reader.done()
    return make(found, reader.path("plan"))


def make(texts: Mapping[str, str], where: str) -> Poll:
    """The plan of *texts* by the names of :data:`FIELDS`, each read by its form.

    :raises BadInput: ``coinsoftworks.poll``.
    """
    if any(one.required and one.name not in texts for one in FIELDS):
        raise BadInput(PLAN, "a part of the plan is missing", where=where)
    path, id_member = texts["poll_path"], texts.get("poll_id", "")
    if (paths.ID_PLACE in path) is not bool(id_member):
        raise BadInput(PLAN, "the path has {id} and no poll_id says where it is, or the other way round", where=where)
    done, failed = (tuple(texts[name].split("|")) for name in ("done", "failed"))
    if not set(done).isdisjoint(failed):
        raise BadInput(PLAN, "one status cannot say both done and failed", where=where)
    return Poll(path, texts["poll_status"], done, failed, id_member)
