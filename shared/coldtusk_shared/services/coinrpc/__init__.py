"""CoinRPC: what both halves must agree on."""
