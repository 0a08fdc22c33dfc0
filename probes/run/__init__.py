"""Run a child process in isolation: its messages, its deadline, and how it ended."""
