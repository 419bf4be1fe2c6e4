"""The true child: what it has taken from itself, what it has from its parent, and how it ends."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from coldtusk_shared import limits
from coldtusk_shared.transport.decoder import Decoder, child_command
from coldtusk_shared.transport.decoder_jobs import Worker
from coldtusk_shared.transport.decoder_wire import JOB, Job, Reason, Reply, unpack_reply
from tests.boundary.fresh_process import run_python
from tests.shared.transport.picture_maker import animated, chunk, code, encoded, luma, png_head
from tests.shared.transport.processes import ended, limits_of, status

_READY = b"\1\0\0\0\0"


@pytest.fixture(scope="module")
def pid() -> Iterator[int]:
    """A child that has answered once."""
    with Decoder() as decoder:
        decoder.luma(8, 8, bytes(64))
        assert decoder.pid is not None
        yield decoder.pid


def test_limits(pid: int) -> None:
    """DECODER_MEMORY_BYTES of addresses; no core dump, no file written, no file opened, no process started."""
    found = limits_of(pid)
    names = ("Max core file size", "Max file size", "Max open files", "Max processes")
    assert str(limits.DECODER_MEMORY_BYTES) == found["Max address space"]
    assert dict.fromkeys(names, "0") == {name: found[name] for name in names}


def test_privileges(pid: int) -> None:
    """It can gain none."""
    assert "1" == status(pid)["NoNewPrivs"]


def test_surroundings(pid: int) -> None:
    """No variable, no descriptor but two pipes and the null device, and no folder that is in the way."""
    folder = Path(f"/proc/{pid}")
    assert b"" == (folder / "environ").read_bytes()
    assert Path("/") == (folder / "cwd").readlink()
    descriptors = {path.name: str(path.readlink()).partition(":")[0] for path in (folder / "fd").iterdir()}
    assert {"0": "pipe", "1": "pipe", "2": "/dev/null"} == descriptors


def test_session(pid: int) -> None:
    """The terminal's interrupt does not reach it: it leads a session of its own."""
    assert pid == os.getsid(pid)


def test_a_descriptor_of_the_parent_is_not_inherited(tmp_path: Path) -> None:
    """Not even an inheritable one."""
    with (tmp_path / "vault").open("wb") as vault:
        os.set_inheritable(vault.fileno(), True)
        with Decoder() as decoder:
            links = [str(path.readlink()) for path in Path(f"/proc/{decoder.pid}/fd").iterdir()]
    assert not [link for link in links if "vault" in link]


def test_it_dies_with_its_parent() -> None:
    """A parent that is killed takes it along."""
    source = (
        "import os, signal\nfrom coldtusk_shared.transport.decoder import Decoder\n"
        "with Decoder() as decoder:\n"
        "    print(decoder.pid, flush=True)\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-I", "-c", source], stdout=subprocess.PIPE, check=False)
    assert -signal.SIGKILL == done.returncode
    ended(int(done.stdout))


def test_a_parent_that_is_gone_already() -> None:
    """A child whose parent is another than it was told does not begin."""
    done = subprocess.run(
        [*child_command()[:-1], "1"], stdin=subprocess.DEVNULL, capture_output=True, check=False, env={}, cwd="/"
    )
    assert (True, b"") == (done.returncode != 0, done.stdout)


JOBS = {
    "nothing": b"",
    "half a head": JOB.pack(Job.LUMA, 8, 8, 64)[:5],
    "half a plane": JOB.pack(Job.LUMA, 8, 8, 64) + bytes(63),
    "no kind": JOB.pack(9, 8, 8, 0),
    "4 GiB": JOB.pack(Job.PICTURE, 0, 0, 0xFFFF_FFFF),
    "a plane of another size": JOB.pack(Job.LUMA, 9, 8, 64) + bytes(64),
    "a plane of no size": JOB.pack(Job.LUMA, 0, 0, 0),
    "an impossible plane": JOB.pack(Job.LUMA, 0xFFFF_FFFF, 0xFFFF_FFFF, 0),
}


@pytest.mark.parametrize("job", JOBS.values(), ids=JOBS)
def test_a_job_that_is_none(job: bytes) -> None:
    """It ends without an answer."""
    done = subprocess.run(child_command(), input=job, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    assert _READY == done.stdout


def test_an_interpreter_without_variables() -> None:
    """It runs isolated, from the installed package: not from the folder that somebody works in."""
    assert ("-I", "-B") == child_command()[1:3]
    assert sys.executable == child_command()[0]


def test_worker() -> None:
    """The same answers within this process: a plane, a picture's frames, its end, and nothing behind it."""
    worker = Worker()
    picture = bytearray(animated([b"1", b"2"], "GIF"))
    answers = [
        worker.answer(Job.LUMA, 320, 240, bytearray(luma(b"x"))),
        worker.answer(Job.PICTURE, 0, 0, picture),
        worker.answer(Job.NEXT, 0, 0, bytearray()),
        worker.answer(Job.NEXT, 0, 0, bytearray()),
        worker.answer(Job.NEXT, 0, 0, bytearray()),
    ]
    assert [[b"x"], [b"1"], [b"2"], Reply.END, Reply.END] == [unpack_reply(*answer) for answer in answers]


def test_worker_on_white() -> None:
    """What is transparent in a picture is white."""
    clear = code(b"x").convert("RGBA")
    clear.putalpha(code(b"x").point(lambda value: 255 - value))
    answer = Worker().answer(Job.PICTURE, 0, 0, bytearray(encoded(clear, "PNG")))
    assert [b"x"] == unpack_reply(*answer)


def test_worker_gives_a_picture_up() -> None:
    """A plane in between ends the picture."""
    worker = Worker()
    worker.answer(Job.PICTURE, 0, 0, bytearray(animated([b"1", b"2"], "GIF")))
    worker.answer(Job.LUMA, 8, 8, bytearray(64))
    assert (Reply.END, b"") == worker.answer(Job.NEXT, 0, 0, bytearray())


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"text", Reason.FORMAT),
        (encoded(code(b"x"), "PNG")[:60], Reason.DAMAGED),
        (png_head(30_000, 30_000) + chunk(b"IDAT", b""), Reason.PIXELS),
    ],
)
def test_worker_says_why(data: bytes, reason: Reason) -> None:
    """The reason is one byte."""
    assert (Reply.UNREADABLE, bytes([reason])) == Worker().answer(Job.PICTURE, 0, 0, bytearray(data))


_GUARDED = """
import sys
plane = bytes.fromhex("{plane}")
from coldtusk_offline import guard
report = guard.install()
from coldtusk_shared.transport.decoder import Decoder
with Decoder() as decoder:
    first = decoder.luma(128, 128, plane)
    status = open("/proc/%d/status" % decoder.pid).read()
    decoder.close()
    print(report.holds, first, decoder.luma(128, 128, plane), decoder.lost, "Seccomp:\\t2" in status)
    print(sorted(set(["PIL", "zxingcpp", "numpy"]) & sys.modules.keys()))
"""


def test_behind_the_guard() -> None:
    """The offline half's filter is inherited, children still start behind its hook, and no parser is loaded here."""
    said = run_python(_GUARDED.format(plane=luma(b"x", 128, 128).hex()))
    assert ["True [b'x'] [b'x'] 0 True", "[]"] == said.splitlines()
