"""Small bots written the way their libraries' own examples are, for comparison. Each runs as a process."""
