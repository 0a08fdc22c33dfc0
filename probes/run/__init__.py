"""How a question is asked safely: a child process, what it sends, and how it ended."""
