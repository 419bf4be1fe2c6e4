"""The file that a sealed request goes into: looked at before anything is made, written at the end."""

from pathlib import Path

from coldtusk_online.ledger.requests import Stored
from coldtusk_shared import files
from coldtusk_shared.errors import BadInput, Code, ColdtuskError, Refused
from coldtusk_shared.file_errors import EXISTS, FOLDER_MISSING, place

NOT_WRITTEN = Code(
    "request.not-written",
    "it is safe in the ledger: `coldtusk-online request export ID --out FILE` writes the identical bytes",
)


def check_out(out: Path | None) -> None:
    """See early what would fail late: nothing is asked or allocated for a file that cannot be."""
    if out is None:
        return
    if files.exists(out):
        raise Refused(EXISTS, "something stands there already", where=place(out))
    if not files.exists(out.parent):
        raise BadInput(FOLDER_MISSING, "there is no such folder", where=place(out))


def write(stored: Stored, out: Path | None) -> Path:
    """Write the sealed bytes of *stored* to a new file; by default its id in the current folder.

    When that fails the request is safe: the error says how to go on.
    """
    if stored.sealed is None:
        raise RuntimeError("only a sealed request is written")
    path = Path(f"{stored.id.hex()}.request") if out is None else out
    try:
        files.write_new(path, stored.sealed)
    except ColdtuskError as error:
        what = f"request {stored.id.hex()} was made, but not written [{error.code.name}]: {error.what}"
        raise type(error)(NOT_WRITTEN, what, where=error.where) from error
    return path
