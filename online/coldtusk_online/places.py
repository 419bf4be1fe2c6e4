"""Where the online half keeps its files: a settings file, and a folder of data beside it.

An option wins over an environment variable, and that over what the platform says.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from coldtusk_shared import files
from coldtusk_shared.errors import Code, Refused
from coldtusk_shared.file_errors import place
from coldtusk_shared.file_system import OS_FILES, FileSystem

NOT_SET_UP = Code("setup.missing", "run `coldtusk-online init --label NAME` first, or check --config and --data")

CONFIG_VARIABLE = "COLDTUSK_ONLINE_CONFIG"
DATA_VARIABLE = "COLDTUSK_ONLINE_DATA"
_APP = "coldtusk-online"
_SETTINGS = "settings.toml"
_IDENTITY = "identity.key"
_LEDGER = "ledger.sqlite"
_WEBHOOK_SECRETS = "webhook-secrets.json"
_REPLY_KEYS = "reply_keys"


@dataclass(frozen=True, slots=True)
class Places:
    """The settings file, and the folder of the data."""

    config: Path
    data: Path

    @property
    def identity(self) -> Path:
        """The file of the host's identity key."""
        return self.data / _IDENTITY

    @property
    def ledger(self) -> Path:
        """The ledger's file, unless the settings name another."""
        return self.data / _LEDGER

    @property
    def webhook_secrets(self) -> Path:
        """The file of the secrets that the services' notifications are verified with."""
        return self.data / _WEBHOOK_SECRETS

    @property
    def reply_keys(self) -> Path:
        """The folder of the one-time keys that released results are encrypted to."""
        return self.data / _REPLY_KEYS


def find(config: Path | None, data: Path | None, environment: Mapping[str, str]) -> Places:
    """The places by options, then by *environment*, then by platform. Nothing is touched."""
    return Places(
        config=_chosen(config, environment.get(CONFIG_VARIABLE)) or platformdirs.user_config_path(_APP) / _SETTINGS,
        data=_chosen(data, environment.get(DATA_VARIABLE)) or platformdirs.user_data_path(_APP),
    )


def require(places: Places, fs: FileSystem = OS_FILES) -> None:
    """Refuse unless `init` was finished here and nobody else can reach the data."""
    for path in (places.config, places.identity):
        if not files.exists(path, fs):
            raise Refused(NOT_SET_UP, "there is no such file", where=place(path))
    files.private_folder(places.data, fs)


def make(places: Places, fs: FileSystem = OS_FILES) -> None:
    """Make the folders that are missing, for this user alone."""
    if not files.exists(places.config.parent, fs):
        files.private_folder(places.config.parent, fs)
    files.private_folder(places.data, fs)


def _chosen(option: Path | None, variable: str | None) -> Path | None:
    if option is not None:
        return option
    return Path(variable) if variable else None
