"""`python -m bot` is `starting-point`."""

from bot.cli import main

main()
