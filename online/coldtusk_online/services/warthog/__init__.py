"""Warthog: its nodes, asked and told in the dialect of each network."""
