"""Every cap in one place. Each is checked before memory is taken, and each has a test that hits it."""

# Messages
MESSAGE_BYTES = 1 << 20
"""A whole sealed message, as read from a file or from frames."""
ITEMS = 1000
"""Items of one request, and results of one response."""
CBOR_DEPTH = 8
"""Nesting of arrays and maps."""
TEXT_BYTES = 512
"""One text of a message, in UTF-8."""
ACCOUNT_BYTES = 64
"""What names an item's account: an address, or a service's own name for it."""
OUTPUT_BYTES = 16_384
"""One item's output: a signature, an HMAC, a released body."""
LABEL_BYTES = 64
"""A name that a person gave: an account, a device, a host."""
TEXT_MARKS = 4
"""Combining marks in a row on one character: no living script stacks more."""
QUOTED_COLUMNS = 60
"""A quotation of untrusted input in an error message, without its quotation marks."""
ACCOUNTS = 1000
"""Accounts of one device."""
CHAIN_SEGMENT = 8192
"""Journal hashes in one receipt."""

# Numbers
U32 = 0xFFFF_FFFF
U64 = 0xFFFF_FFFF_FFFF_FFFF
WART_SUPPLY_E8 = 1_892_160_000_000_000
"""18921600 WART: no amount and no fee of WART is above it (facts: main supply)."""
FEE_MAX_E8 = 1_892_259_511_402_496
"""The supply rounded up to a fee of 16 bits: no fee is above it."""
ASSET_SUPPLY_U64 = (1 << 63) - 1
"""Above it the v0.10 node crashes at the next balance query."""
ASSET_DECIMALS = 18
AMOUNT_DIGITS = 20
"""Digits of an amount as text, as the node takes them."""
PRICE_DIGITS = 40
"""Digits of a limit price as text: 20 before and 20 behind the dot is past any representable price."""

# Files
VAULT_BYTES = 1 << 20
JOURNAL_RECORD_BYTES = 4 << 20
"""One sealed journal entry: a request of 1,000 items and its results."""
JOURNAL_BYTES = 1 << 32
"""The whole journal: some 20,000 answers to requests of 1,000 items."""

# The vault
VAULT_SEEDS = 64
VAULT_HOSTS = 64
PASSPHRASE_CHARACTERS = 14
"""A new passphrase has at least so many characters: against an imaged card only it helps."""
PASSPHRASE_DISTINCT = 6
"""And at least so many different ones."""
PASSPHRASE_BYTES = 1024
UNLOCK_FAILURES = 1000
"""The count of wrong passphrases stops here; a count that cannot be read counts as this."""
UNLOCK_DELAY_SECONDS = 300
"""The longest wait before the next try."""

# Keys
DICE_ROLLS = (50, 1000)
"""50 rolls of a die are 129 bits."""
PATH_STEPS = 10
"""Steps of a derivation path."""

# Key derivation (Argon2id): below the floor a thief is helped, above the ceiling the device stops.
ARGON2_MEMORY_KIB = (64 * 1024, 1024 * 1024)
ARGON2_PASSES = (3, 10)
ARGON2_LANES = (1, 8)

# HTTP
HTTP_REPLY_BYTES = 4 << 20
"""The body of one reply."""
HTTP_HEADER_BYTES = 64 << 10
"""The status line and the headers of one reply, with what is read ahead of the body."""
HTTP_SECONDS = 20.0
"""One whole exchange, from connecting to the last byte."""
HTTP_CHUNK_LINE_BYTES = 1024
"""One line between the chunks of a reply: a size with its extensions, or a trailer."""
RETRY_AFTER_SECONDS = 3600
"""The longest wait that a server's Retry-After gets; it may ask for years."""
JSON_DEPTH = 16
"""Nesting of lists and objects in a reply."""
JSON_ITEMS = 10_000
"""Elements of one list in a reply: as many as a node's mempool holds."""
NODES = 16
"""Nodes asked for one network."""

# The online half
SETTINGS_BYTES = 1 << 16
"""The settings file."""
LEDGER_INTEGER = (1 << 63) - 1
"""The highest number that the ledger's columns hold."""
CONFIRMATIONS = 1000
"""The most confirmations that settings can ask for."""
NONCE_TRIES = 64
"""Random nonceIds tried for one payment: a second try is needed once in millions of payments."""

# The webhook server
WEBHOOK_BYTES = 1 << 15
"""The body of one notification: the largest that the services' fields can fill is a fraction of it."""
WEBHOOK_FIELDS = 128
"""Fields of one notification."""
WEBHOOK_HEAD_BYTES = 16 << 10
"""The request line and the headers of one notification."""
WEBHOOK_SECONDS = 10.0
"""One request's head, and then its body: both a service sends at once."""
WEBHOOK_CONNECTIONS = 256
"""Open at once; what a further one asks is answered with 503."""
WEBHOOK_PEERS = 4096
"""Peers whose rate is remembered: the one that was silent longest is forgotten first."""
WEBHOOK_WAITING = 1024
"""Notices that wait to be stored; a further one is answered with 503, and the service repeats it."""
WEBHOOK_GROUP = 256
"""Notices stored by one commit."""
WEBHOOK_REFUSALS_KEPT = 100
"""The last refused notifications that are told at the end, each as a reason and a digest."""
WEBHOOK_SECRETS = 16
"""Secrets enrolled of one service: with CoinPayments each is tried."""
WEBHOOK_SECRET_BYTES = 256
"""One secret, in UTF-8."""
WEBHOOK_SECRETS_BYTES = 1 << 16
"""The file of the secrets."""
WEBHOOKS_LISTED = 10_000
"""Notices that one list shows."""

# Symbols shown
FRAMES_A_SECOND = (1, 30)
"""How fast symbols are shown. A camera of 30 pictures a second follows 14 (facts: transport, "Rate")."""

# Rehearsal node: what one client may ask of it
REHEARSAL_HEAD_BYTES = 16 << 10
REHEARSAL_BODY_BYTES = 1 << 20
REHEARSAL_CONNECTIONS = 256
"""Open at once; a further one is closed."""

# Pictures and cameras
PICTURE_BYTES = 1 << 25
"""One picture file: an animation of a message of 1 MiB is half of it."""
PICTURE_PIXELS = 1 << 24
"""Width times height of a picture, an animation's canvas or a camera's frame: 4096 by 4096."""
PICTURE_SIDE = 65_535
"""Width or height: zxing-cpp reads no longer one."""
PICTURE_FRAMES = 4096
"""Frames of one animation: twice the fragments of the longest message."""
CODES_A_FRAME = 16
"""QR codes taken from one frame."""
CODE_BYTES = 2953
"""One code's payload: version 40, level L, byte mode."""
DECODER_MEMORY_BYTES = 320 << 20
"""Address space of the decoder child: the largest picture in color, decompressed and searched."""
DECODER_START_SECONDS = 20.0
"""From the decoder child's start to its first word."""
DECODE_SECONDS = 5.0
"""One frame, sent, decoded and answered."""
FOLDER_ENTRIES = 5000
"""Names in a watched folder, of any kind."""
CAMERA_RATE = 120
"""Frames a second that are read from a camera's command; one that floods waits."""
CAMERA_SECONDS = 10.0
"""The longest silence of a camera's command, its start included."""
VIDEO_BYTES = 1 << 32
"""One video file; it is never held in memory."""
VIDEO_FRAMES = 108_000
"""Frames read of one video: an hour at 30 a second."""
VIDEO_MEMORY_BYTES = 1 << 30
"""Address space of ffmpeg while it reads a video file."""

# Frames and their receiver
FRAGMENTS = 2048
"""Fragments of one message: what a receiver solves for."""
MESSAGES_AT_ONCE = 64
"""Messages that a receiver collects frames of: with 15 foreign codes in each picture ours still goes on."""
MESSAGES_KEPT = 4
"""Of these, the ones with the most frames: no newcomer takes their place."""
RECEIVER_BYTES = 32 << 20
"""What all of these may hold together; one takes 6.3 MiB at most, so those kept and a newcomer fit."""
MESSAGES_REFUSED = 64
"""Whole messages that were not the wanted one: their frames are passed over."""

# Payment services
SERVICE_AMOUNT_DIGITS = 30
"""Digits of an amount as text."""
SERVICE_AMOUNT_PLACES = 18
"""Of these behind the dot: no currency of the services has more."""
SERVICE_TOKEN_BYTES = 128
"""An address, an id, a tag."""
SERVICE_URL_BYTES = 256
SERVICE_BODY_BYTES = 12_288
"""The body of one call, as the device builds it."""
SERVICE_ACCOUNTS = 64
"""Service accounts of one device."""
SERVICE_SECRET_BYTES = (8, 512)
"""One secret of a service."""
SERVICE_SETTINGS_BYTES = 32_768
"""What was enrolled with a service account: a table of methods or actions."""
COINRPC_TIME = 253_402_300_000
"""The latest send time, in Unix seconds: some minutes before the year 10000."""
TABLE_ROWS = 64
"""Methods or actions of an operator's table."""
TABLE_FIELDS = 32
"""Fields of one of them; also the choices of a field, and the parameters of one CoinRPC call."""
REQUEST_VALID_MINUTES = 7 * 24 * 60
"""How long a request for a service may be good."""
REQUEST_AHEAD_SECONDS = 8 * 86_400
"""A deadline lies at most so far after the device's clock: those seven days, and one for clocks that differ."""
REPLY_SHOWN_CHARACTERS = 16_384
"""Of a service's reply, on a screen; the ledger keeps all of it."""
PAST_REPLY_BYTES = 65_536
"""Of the replies to earlier calls of an account, where a call is looked at: a mass withdrawal's has less."""
SEND_AHEAD_SECONDS = 3600
"""A send time lies at most so far after the device's clock."""
SEND_WINDOW_SECONDS = (5, 300)
"""How long a timed call may be sent."""

# CoinSpark
COINSPARK_TEXT_BYTES = 256
"""A name, a place or a law; the description may have more."""
COINSPARK_LINES = 8
"""Lines of an issuer's address."""
COINSPARK_EXPIRY = 253_402_300_799
"""Unix seconds of the last second of the year 9999."""
COINSPARK_OUTPUTS = 100
"""Outputs over which a new asset is spread: the document names no bound."""
COINSPARK_CONFIRMATIONS = 1000
"""Confirmations that a contract can demand: the document names no bound."""
COINSPARK_BTC_E8 = 10_000_000
"""What one creation may send, and what it may pay as a fee: 0.1 BTC is 500 times what the service asks for."""

# CoinPayments
COINPAYMENTS_ROWS = 100
"""Withdrawals of one mass withdrawal; the body's cap mostly comes first."""
COINPAYMENTS_TXIDS = 16
"""Ids asked for in one call: they share one text."""
COINPAYMENTS_PAGE = 100
"""Entries of one page of a list."""
COINPAYMENTS_COUNT = 100
"""Tags bought, or years paid, by one call: the document names no bound."""
COINPAYMENTS_NONCE = (1 << 63) - 1
"""The highest nonce: a server in PHP, and our ledger, hold no higher integer."""
COINPAYMENTS_FIRST_NONCE = 4 * 10**18
"""The highest first nonce of a key: whoever counted nanoseconds is below it until 2096."""
COINPAYMENTS_DOUBT_SECONDS = 60
"""After a lost reply nothing of its key is sent for so long: the service may still be working on it."""
COINPAYMENTS_ROWS_BYTES = 1 << 17
"""A file with the rows of a mass withdrawal."""
COINPAYMENTS_READ_KEYS_BYTES = 1 << 16
"""The file of the keys that only read."""

# coinsoftworks
COINSOFTWORKS_TRIES = 4
"""How often one call that only asks is sent, if the service wants it slower each time."""
COINSOFTWORKS_WAIT_SECONDS = 120
"""The longest wait at a service's wish; if it wants more, the operator comes back later."""
COINSOFTWORKS_POLL_SECONDS = 600
"""How long an action is followed before its outcome counts as unknown."""
COINSOFTWORKS_BEARER_BYTES = 4096
"""A bearer token."""
COINSOFTWORKS_REPLY_BYTES = 65_536
"""A reply that the ledger keeps."""
