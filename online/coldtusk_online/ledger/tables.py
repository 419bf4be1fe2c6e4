"""The tables. Names, types and constraints that SQLite and PostgreSQL both know."""

from typing import Final

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
)

SCHEMA_VERSION: Final = 2

METADATA: Final = MetaData()

SCHEMA = Table("schema", METADATA, Column("version", Integer, primary_key=True, autoincrement=False))
"""One row: the version of what follows."""

DEVICES = Table(
    "devices",
    METADATA,
    Column("kid", LargeBinary(16), primary_key=True),
    Column("public_key", LargeBinary(32), nullable=False, unique=True),
    Column("label", String(64), nullable=False, unique=True),
    Column("paired_at", BigInteger, nullable=False),
)
"""Pinned devices: what people compared words for."""

HEADS = Table(
    "journal_heads",
    METADATA,
    Column("device", LargeBinary(16), ForeignKey("devices.kid"), primary_key=True),
    Column("sequence", BigInteger, primary_key=True, autoincrement=False),
    Column("hash", LargeBinary(32), nullable=False),
)
"""Every point of a device's journal that this host was shown. A device that shows another is forked."""

ACCOUNTS = Table(
    "accounts",
    METADATA,
    Column("label", String(64), primary_key=True),
    Column("network", String(8), nullable=False),
    Column("address", LargeBinary(20), nullable=False),
    Column("device", LargeBinary(16), ForeignKey("devices.kid")),
    UniqueConstraint("network", "address"),
)
"""Watch-only accounts. Without a device one can be looked at and paid to, never paid from."""

REQUESTS = Table(
    "requests",
    METADATA,
    Column("id", LargeBinary(16), primary_key=True),
    Column("created", BigInteger, nullable=False),
    Column("device", LargeBinary(16), ForeignKey("devices.kid"), nullable=False),
    Column("payload", LargeBinary, nullable=False),
    Column("sealed", LargeBinary),
    Column("response", LargeBinary),
)
"""*payload* is what is signed, *sealed* and *response* are the messages as they went and came."""

PAYMENTS = Table(
    "payments",
    METADATA,
    Column("id", LargeBinary(16), primary_key=True),
    Column("request", LargeBinary(16), ForeignKey("requests.id"), nullable=False),
    Column("place", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("network", String(8), nullable=False),
    Column("account", LargeBinary(20), nullable=False),
    Column("pin_height", BigInteger, nullable=False),
    Column("nonce_id", BigInteger, nullable=False),
    Column("txid", LargeBinary(32), nullable=False),
    Column("intent", LargeBinary(32), nullable=False),
    Column("signature", LargeBinary(65)),
    Column("height", BigInteger),
    Column("confirmations", BigInteger),
    Column("note", String(512), nullable=False, default=""),
    UniqueConstraint("network", "pin_height", "nonce_id", name="one_nonce_a_pin"),
    UniqueConstraint("request", "place"),
    Index("payments_by_intent", "intent"),
    Index("payments_by_state", "state"),
)
"""One intent each. *intent* is a digest of what it pays to whom; *note* what was last heard of it."""

HISTORY = Table(
    "history",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("payment", LargeBinary(16), ForeignKey("payments.id"), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("state", String(16), nullable=False),
    Column("note", String(512), nullable=False),
    Index("history_by_payment", "payment"),
)
"""Every step of every payment with its time, for the auditor; rows are added and never changed."""

NOTICES = Table(
    "notices",
    METADATA,
    Column("id", LargeBinary(16), primary_key=True),
    Column("received_at", BigInteger, nullable=False),
    Column("service", String(16), nullable=False),
    Column("account", String(128), nullable=False),
    Column("dedupe", LargeBinary(32), nullable=False, unique=True),
    Column("subject", String(128), nullable=False),
    Column("status", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("proof", LargeBinary(64), nullable=False),
    Column("body", LargeBinary, nullable=False),
    Index("notices_by_subject", "service", "account", "subject"),
)
"""Verified notices of services, as they came. *dedupe* is the same for a repeated one, *proof* its MAC or hash."""
