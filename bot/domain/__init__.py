"""What the desk knows and does: tables, verbs and reads, a file a noun. Functions take the session first."""
