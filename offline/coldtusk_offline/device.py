"""An opened device: vault, journal, and what the journal tells."""

from dataclasses import dataclass

from coldtusk_offline.history import History
from coldtusk_offline.journal import Journal
from coldtusk_offline.vault import OpenVault
from coldtusk_shared.envelope import KeyId, key_id
from coldtusk_shared.request import JournalHead


@dataclass(frozen=True, slots=True)
class Device:
    """Everything that signing needs, for one session. *software* is the digest of the installed code."""

    vault: OpenVault
    journal: Journal
    history: History
    software: bytes

    @property
    def head(self) -> JournalHead:
        """Where the journal stands."""
        return JournalHead(self.journal.seq, self.journal.head)

    @property
    def pinned(self) -> dict[KeyId, bytes]:
        """The hosts that may ask, by key id."""
        return {key_id(host.public_key): host.public_key for host in self.vault.contents.hosts}
