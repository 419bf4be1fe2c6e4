"""``rehearse`` as a process: its first line is the node's address, and an interruption ends it."""

import signal
import subprocess
import sys
from pathlib import Path

from tests.boundary.source_tree import ROOT
from tests.simulators.online_house import PAYEE, run

_SCRIPT = "from coldtusk_online.cli.main import main; main()"


def test_a_node_for_training(tmp_path: Path) -> None:
    """Served, asked, interrupted; it leaves with status 0."""
    command = [sys.executable, "-u", "-c", _SCRIPT, "rehearse", "--block-seconds", "0", "--fund", f"{PAYEE.text}=7"]
    environment = {"PYTHONPATH": ":".join(str(ROOT / part) for part in ("shared", "online")), "HOME": str(tmp_path)}
    places = ("--config", str(tmp_path / "c" / "s.toml"), "--data", str(tmp_path / "d"))
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as node:
        assert node.stdout is not None
        url = node.stdout.readline().strip().removeprefix("listening on ")
        assert 0 == run("init", "--label", "desk", *places).status
        assert 0 == run("node", "add", url, "--network", "defi", *places).status
        assert "7.00000000" in run("warthog", "balance", PAYEE.text, *places).out
        node.send_signal(signal.SIGINT)
        rest = node.stdout.read()
    assert (0, True) == (node.returncode, "The rehearsal is over." in rest)
