"""The desk's answers: texts, the match from a question to a topic, danger words."""
