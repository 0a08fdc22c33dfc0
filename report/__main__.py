"""`python -m report`: read observations, write site/; `--check` only looks."""

from __future__ import annotations

import sys

from report import terminal

LEFT = "site/ is whole, the old one or the new one"


def main(arguments: list[str] | None = None) -> int:
    """Write the site and say what it holds; return the exit code."""

    def command() -> int:
        from report.site import publish  # noqa: PLC0415 - to import it takes long enough for Ctrl-C

        return publish.command(arguments)

    return terminal.run(command, LEFT)


if __name__ == "__main__":
    sys.exit(main())
