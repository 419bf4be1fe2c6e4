"""Warthog on the device: what a person sees, and the signature."""
