"""The engine of conversations: questions, answers by name, messages without a channel."""
