"""The commands of CoinSpark's table."""

from coldtusk_online.cli import calling
from coldtusk_online.services.coinspark import build
from coldtusk_shared.services.coinspark.commands import CREATE_ASSET
from coldtusk_shared.services.coinspark.content import SYSTEM

create_asset = calling.from_table(SYSTEM, CREATE_ASSET, build.content)
