"""What can go wrong with a file, as codes; and the kernel's error numbers turned into them."""

import errno
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final, TypeAlias

from coldtusk_shared.errors import BadInput, Code, ColdtuskError, Outside, Refused
from coldtusk_shared.file_system import Kind

MISSING = Code("file.missing", "check the path; is the stick mounted?")
FOLDER = Code("file.is-folder", "give the file itself, not its folder")
SPECIAL = Code("file.not-regular", "give a regular file: pipes, sockets and devices are not read")
LINK = Code("file.is-link", "give the file itself: links are not followed")
EMPTY = Code("file.empty", "the file holds nothing: write it again")
TOO_LARGE = Code("file.too-large", "this is not a file that Coldtusk made, or it must be split")
CHANGED = Code("file.changed", "something else writes this file: stop it, then try again")
PERMISSION = Code("file.permission", "let this user read the file, or run as the user that owns it")
EXISTS = Code("file.exists", "nothing is overwritten: choose another name, or move the old file away")
FOLDER_MISSING = Code("file.no-folder", "make the folder first, or check the path")
READ_ONLY = Code("file.read-only", "choose a folder that can be written; is the stick's write protection on?")
FULL = Code("file.no-space", "make room on the medium, then try again")
NAME = Code("file.bad-name", "choose a shorter, plain name")
IO = Code("file.io", "the medium failed: try again, then try another medium")
BUSY = Code("file.busy", "another Coldtusk works here: finish it first")
NOT_PRIVATE = Code("file.not-private", "`chmod 700` the folder and own it: nobody else may reach it")
UNRESTORED = Code("file.unrestored", "the medium failed twice: replace it, then start again")

Table: TypeAlias = Mapping[int, tuple[type[ColdtuskError], Code, str]]
READING: Final[Table] = {
    errno.ENOENT: (BadInput, MISSING, "there is no such file"),
    errno.ENOTDIR: (BadInput, MISSING, "there is no such file"),
    errno.ELOOP: (BadInput, LINK, "it is a symbolic link"),
    errno.ENXIO: (BadInput, SPECIAL, "it is a socket or a device"),
    errno.EACCES: (Outside, PERMISSION, "reading it is not permitted"),
    errno.EPERM: (Outside, PERMISSION, "reading it is not permitted"),
    errno.ENAMETOOLONG: (BadInput, NAME, "the name is too long"),
}
WRITING: Final[Table] = {
    errno.EEXIST: (Refused, EXISTS, "something stands there already"),
    errno.ENOENT: (BadInput, FOLDER_MISSING, "there is no such folder"),
    errno.ENOTDIR: (BadInput, FOLDER_MISSING, "there is no such folder"),
    errno.ELOOP: (BadInput, LINK, "it is a symbolic link"),
    errno.EACCES: (Outside, READ_ONLY, "writing there is not permitted"),
    errno.EPERM: (Outside, READ_ONLY, "writing there is not permitted"),
    errno.EROFS: (Outside, READ_ONLY, "the file system is read-only"),
    errno.ENOSPC: (Outside, FULL, "no space is left"),
    errno.EDQUOT: (Outside, FULL, "the quota is used up"),
    errno.EFBIG: (Outside, FULL, "the file system takes no file as large"),
    errno.ENAMETOOLONG: (BadInput, NAME, "the name is too long"),
}
CHANGING: Final[Table] = {**WRITING, errno.ENOENT: READING[errno.ENOENT]}
NOT_A_FILE: Final = {
    Kind.FOLDER: (FOLDER, "it is a folder"),
    Kind.LINK: (LINK, "it is a symbolic link"),
    Kind.OTHER: (SPECIAL, "it is a pipe, a socket or a device"),
}


def place(path: Path) -> str:
    """*path* as it stands in an error: what cannot be printed is escaped."""
    text = str(path)
    return text if text.isprintable() else ascii(text)


@contextmanager
def explained(path: Path, table: Table) -> Iterator[None]:
    """Turn an ``OSError`` about *path* into one of ours by *table*; what is not in it is :data:`IO`."""
    if "\0" in str(path):
        raise BadInput(NAME, "the name holds a NUL", where=place(path))
    try:
        yield
    except OSError as error:
        family, code, what = table.get(error.errno or 0, (Outside, IO, f"{error.strerror or 'unknown error'}"))
        raise family(code, what, where=place(path)) from error
