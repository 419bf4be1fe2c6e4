"""The decoder child's answers: a job in, a reply out. Loads the parsers, so only the child imports it."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from coldtusk_shared.transport import recognition
from coldtusk_shared.transport.decoder_wire import Job, Reply, pack_codes


class Worker:
    """Answers jobs one after the other, and keeps the place in the picture of the last one."""

    __slots__ = ("_picture",)

    def __init__(self) -> None:
        self._picture: Iterator[list[bytes]] = iter(())

    def answer(self, kind: Job, width: int, height: int, body: bytearray) -> tuple[Reply, bytes]:
        """The reply's kind and body. Raises MemoryError, and for a job that no parent of ours sends what comes up."""
        return _ANSWERS[kind](self, width, height, body)

    def luma(self, width: int, height: int, body: bytearray) -> tuple[Reply, bytes]:
        """The codes of a plane."""
        self._picture = iter(())
        return Reply.CODES, pack_codes(recognition.codes_in(body, width, height))

    def picture(self, _width: int, _height: int, body: bytearray) -> tuple[Reply, bytes]:
        """The codes of a picture's first frame."""
        self._picture = recognition.codes_in_picture(bytes(body))
        body.clear()  # the frames need the memory
        return self._next_frame()

    def following(self, _width: int, _height: int, _body: bytearray) -> tuple[Reply, bytes]:
        """The codes of its next frame."""
        return self._next_frame()

    def _next_frame(self) -> tuple[Reply, bytes]:
        try:
            codes = next(self._picture, None)
        except recognition.Unreadable as error:
            return Reply.UNREADABLE, bytes([error.reason])
        return (Reply.END, b"") if codes is None else (Reply.CODES, pack_codes(codes))


_Answer = Callable[[Worker, int, int, bytearray], tuple[Reply, bytes]]
_ANSWERS: Final[Mapping[Job, _Answer]] = {
    Job.LUMA: Worker.luma,
    Job.PICTURE: Worker.picture,
    Job.NEXT: Worker.following,
}
