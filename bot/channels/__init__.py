"""The ways to reach people. A channel knows no flow; a flow knows no channel."""
