"""The web chat: the page, and the few addresses it talks to."""
