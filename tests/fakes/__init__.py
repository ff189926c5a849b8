"""Platforms played on loopback sockets."""
