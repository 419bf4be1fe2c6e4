"""Notifications that the payment services send: verified, stored durably, then answered."""
