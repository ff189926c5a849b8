"""The speed of a full turn, beside small baseline bots."""
