"""The matrix as data: JSON, CSV, a feed, Markdown, and the short answer of the README."""
