"""Files and addresses of a state folder."""

import json
import socket
import stat
from pathlib import Path

import environ
import pytest

from portal.local import addresses
from portal.local.state import is_port_free, password, read_json, var_dir, write_private


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_password_is_made_once_and_private(var: Path) -> None:
    first = password(var, "database")
    assert len(first) >= 40
    assert password(var, "database") == first
    assert password(var, "valkey") != first
    assert mode(var / "secrets" / "database") == 0o600
    assert mode(var / "secrets") == 0o700
    assert sorted(path.name for path in (var / "secrets").iterdir()) == ["database", "valkey"]


def test_write_private_replaces_and_closes(folder: Path) -> None:
    path = folder / "note"
    path.write_text("older")
    path.chmod(0o644)
    write_private(path, "newer")
    assert path.read_text() == "newer"
    assert mode(path) == 0o600
    assert list(folder.iterdir()) == [path]


@pytest.mark.parametrize("text", ["", "{", "[1]", "\x00"])
def test_read_json_takes_a_torn_file_for_empty(folder: Path, text: str) -> None:
    (folder / "torn").write_text(text)
    assert read_json(folder / "torn") == {}
    assert read_json(folder / "absent") == {}


def test_var_dir_counts_from_the_project(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_VAR", "elsewhere/deep")
    assert var_dir() == Path(__file__).parents[2] / "elsewhere" / "deep"
    monkeypatch.setenv("PORTAL_VAR", "/srv/state")
    assert var_dir() == Path("/srv/state")


def test_addresses_stay_the_same_without_a_start(var: Path) -> None:
    first = (addresses.database_url_for(var), addresses.redis_url_for(var))
    assert (addresses.database_url_for(var), addresses.redis_url_for(var)) == first


def test_database_url_is_understood_by_the_settings(folder: Path) -> None:
    var = folder / "a b#c"
    found = environ.Env.db_url_config(addresses.database_url_for(var))
    assert (found["USER"], found["NAME"], found["HOST"]) == ("portal", "portal", "")
    assert found["PASSWORD"] == password(var, "database")
    assert found["OPTIONS"] == {"host": str(var / "postgres" / "socket")}


def test_socket_of_a_deep_folder_lies_elsewhere(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr("tempfile.tempdir", None)
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    deep = folder / ("d" * 100)
    found = addresses.addresses_for(deep).socket_dir
    assert found is not None
    assert found.parent == folder
    assert len(str(found / addresses.SOCKET_NAME)) <= addresses.SOCKET_PATH_LIMIT
    assert addresses.addresses_for(folder / ("e" * 100)).socket_dir != found


def test_addresses_of_a_moved_folder_are_planned_anew(var: Path, folder: Path) -> None:
    addresses.addresses_for(var)
    moved = var.rename(folder / "moved")
    assert addresses.addresses_for(moved).socket_dir == moved / "postgres" / "socket"


def test_postgres_falls_back_to_a_port_when_the_socket_folder_is_anothers(folder: Path) -> None:
    var, taken = folder / "var", folder / "taken"
    taken.write_text("a file where the folder would be")
    addresses.addresses_for(var)
    entry = read_json(var / "servers.json") | {"socket_dir": str(taken)}
    (var / "servers.json").write_text(json.dumps(entry))
    addresses.renew_postgres_address(var)
    found = addresses.addresses_for(var)
    assert found.socket_dir is None
    assert addresses.database_url_for(var).endswith(f"@127.0.0.1:{found.postgres_port}/portal")


def test_valkey_gets_another_port_only_when_its_own_is_taken(var: Path) -> None:
    port = addresses.addresses_for(var).valkey_port
    addresses.renew_valkey_port(var)
    assert addresses.addresses_for(var).valkey_port == port
    with socket.socket() as stranger:
        stranger.bind(("127.0.0.1", port))
        stranger.listen()
        assert not is_port_free(port)
        addresses.renew_valkey_port(var)
        assert addresses.addresses_for(var).valkey_port != port
