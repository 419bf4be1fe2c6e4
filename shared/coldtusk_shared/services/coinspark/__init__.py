"""CoinSpark: what both halves know of creating an asset (facts: CoinSpark, and the service's document)."""
