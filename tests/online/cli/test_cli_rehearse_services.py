"""``rehearse-services`` as a process: its first line is where it listens, and an interruption ends it."""

import json
import signal
import ssl
import subprocess
import sys
from contextlib import closing
from http.client import HTTPSConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.boundary.source_tree import ROOT

_SCRIPT = "from coldtusk_online.cli.rehearse_services import command; command(obj=(None, None))"


@pytest.mark.parametrize("as_json", [False, True])
def test_services_for_training(tmp_path: Path, as_json: bool) -> None:
    """Served, asked over TLS, interrupted; it leaves with status 0. With --json its words go to the other stream."""
    folder = tmp_path / "services"
    command = [sys.executable, "-u", "-c", _SCRIPT, "--folder", str(folder), *(["--json"] if as_json else [])]
    environment = {"PYTHONPATH": ":".join(str(ROOT / part) for part in ("shared", "online")), "HOME": str(tmp_path)}
    other = subprocess.PIPE if as_json else None
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=other, text=True, env=environment) as process:
        told = process.stderr if as_json else process.stdout
        assert told is not None and process.stdout is not None
        lines = [told.readline().strip() for _ in range(6)]
        parts = urlsplit(lines[0].removeprefix("listening on "))
        trust = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        trust.load_verify_locations(folder / "ca.pem")
        with closing(HTTPSConnection(parts.hostname or "", parts.port, timeout=20, context=trust)) as connection:
            connection.request("POST", "/api.php", b"key=nobody")
            assert "Invalid public key passed" == json.loads(connection.getresponse().read())["error"]
        process.send_signal(signal.SIGINT)
        rest = process.stdout.read()
        if process.stderr is not None:
            process.stderr.read()
    assert 0 == process.returncode
    assert {"folder": str(folder)} == json.loads(rest) if as_json else "The rehearsal is over." in rest
