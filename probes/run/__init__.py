"""Ask safely: a child process, its messages, and how it ended."""
