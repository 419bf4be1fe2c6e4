"""``coldtusk-online rehearse-services``: the folder with what is to be enrolled, and the lines for people."""

import threading
import tomllib
from pathlib import Path

import pytest

from coldtusk_offline.services.coinsoftworks import actions
from coldtusk_online.rehearsal.payments import REHEARSAL
from coldtusk_online.rehearsal.payments.tables import COINRPC_METHODS, COINSOFTWORKS_ACTIONS
from coldtusk_online.rehearsal.payments.training import FILES, prepare, run
from coldtusk_shared import typed_table
from coldtusk_shared.errors import ColdtuskError
from coldtusk_shared.services.coinrpc import methods


def _run(folder: Path) -> list[str]:
    """What is announced by a rehearsal that is over at once."""
    over = threading.Event()
    over.set()
    lines: list[str] = []
    run(folder, 0, lines.append, until=over)
    return lines


def _refused(folder: Path) -> str:
    with pytest.raises(ColdtuskError) as refused:
        prepare(folder)
    return refused.value.code.name


def test_it_says_where_it_listens_and_what_to_paste(tmp_path: Path) -> None:
    """The first line is for programs; what follows the empty line is TOML."""
    folder = tmp_path / 'a "folder"'
    lines = _run(folder)
    url = lines[0].removeprefix("listening on ")
    assert ("https://127.0.0.1:", True) == (url[:18], "nothing here is real money" in lines[1])
    pasted = tomllib.loads("\n".join(lines[lines.index("") :]))
    paths = {
        "coinpayments": "/api.php",
        "coinrpc": "/bitcoin",
        "coinspark": "/coinspark",
        "coinsoftworks": "/_functions",
    }
    assert {name: {"url": url + path} for name, path in paths.items()} == pasted["services"]
    assert str(folder / "ca.pem") == pasted["ca_file"]


def test_the_files_to_enrol_from(tmp_path: Path) -> None:
    """Each secret in its own file, for nobody else to read, without a line end."""
    folder = tmp_path / "services"
    prepare(folder)
    assert set(FILES) == {path.name for path in folder.iterdir()}
    assert [0o600] * len(FILES) == [path.stat().st_mode & 0o777 for path in folder.iterdir()]
    assert REHEARSAL.coinpayments_private == (folder / "coinpayments-private-key").read_text(encoding="utf-8")
    assert REHEARSAL.coinsoftworks_access == (folder / "coinsoftworks-simple-access-token").read_text(encoding="utf-8")


def test_the_device_takes_the_tables() -> None:
    """Both are in the form that is enrolled."""
    rows = typed_table.parse_toml(COINRPC_METHODS.encode(), "t", methods.SHAPE)
    methods.check_table(rows, "t")
    assert ["send", "list_transactions", "get_transaction"] == [row.name for row in rows]
    taken = actions.of_toml(COINSOFTWORKS_ACTIONS.encode(), "t")
    assert [("send_btc", True), ("start_mining", True)] == [(one.row.name, one.poll is not None) for one in taken]


def test_a_folder_of_ours_is_used_again(tmp_path: Path) -> None:
    """The same files, a new authority; a file that was deleted comes back."""
    folder = tmp_path / "services"
    _run(folder)
    first = (folder / "ca.pem").read_bytes()
    (folder / "coinrpc-api-key").unlink()
    _run(folder)
    assert first != (folder / "ca.pem").read_bytes()
    assert {*FILES, "ca.pem"} == {path.name for path in folder.iterdir()}


def test_nothing_of_others_is_touched(tmp_path: Path) -> None:
    """rehearsal.folder: another file, no mark, a file of ours that was changed."""
    other, changed, unmarked = (tmp_path / name for name in ("other", "changed", "unmarked"))
    for folder in (other, changed, unmarked):
        prepare(folder)
    (other / "mine").write_text("x", encoding="utf-8")
    (changed / "coinrpc-api-key").write_text("mine", encoding="utf-8")
    (unmarked / next(iter(FILES))).unlink()
    assert ["rehearsal.folder"] * 3 == [_refused(folder) for folder in (other, changed, unmarked)]
    assert "mine" == (changed / "coinrpc-api-key").read_text(encoding="utf-8")


def test_a_folder_that_others_can_reach_is_refused(tmp_path: Path) -> None:
    """As for every folder with secrets."""
    folder = tmp_path / "open"
    folder.mkdir(mode=0o755)
    assert "file.not-private" == _refused(folder)
