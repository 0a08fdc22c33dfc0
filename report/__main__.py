"""The report's command line: `python -m report` and one of its commands."""

from __future__ import annotations

import argparse
import gc
import sys
from functools import partial

from report import terminal

FLAGSHIP = "tf.layers.conv2d"
# What a command leaves behind if a signal ends it.
LEFT = "site/ is whole, the old one or the new one"
CUT = "the answer is not whole"
PRINTING = (["explain"], ["against"], ["elsewhere"])  # commands that write no file


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return its exit code."""
    words = sys.argv[1:] if arguments is None else arguments
    return terminal.run(partial(_command, words), CUT if words[:1] in PRINTING else LEFT)


def _command(words: list[str]) -> int:
    options = _parser().parse_args(words)
    # Importing these takes long enough for a Ctrl-C, which terminal.run() has to handle.
    from report.site import publish  # noqa: PLC0415
    from report.story import against, elsewhere, explain  # noqa: PLC0415

    match options.command:
        case "explain":
            return explain.command(options.symbol, options.platform)
        case "against":
            return against.command(options.revision, options.platform)
        case "elsewhere":
            return elsewhere.command(options.folder, options.versions)
        case "check":
            return publish.check(options.platform)
        case _:
            return publish.site(
                options.platform,
                options.measured,
                options.lacking,
                readme=options.readme,
                address=options.address,
            )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m report", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")
    site = commands.add_parser("site", help="read the observations and write site/")
    site.add_argument("--readme", action="store_true", help="write the README's short answer too")
    site.add_argument("--address", help="where it is published (default: SITE_URL, or nowhere)")
    site.add_argument("--measured", nargs="*", default=[], help="releases measured here")
    site.add_argument("--lacking", nargs="*", default=[], help="what this machine lacks")
    check = commands.add_parser("check", help="write nothing: are the data and the README right?")
    explain = commands.add_parser("explain", help="print what is known of one symbol")
    explain.add_argument(
        "symbol",
        nargs="?",
        default=FLAGSHIP,
        help=f"a public path, or a part of one (default: {FLAGSHIP})",
    )
    against = commands.add_parser("against", help="print what moved since a revision, as Markdown")
    against.add_argument("revision", help="a commit, branch or tag of git, or HEAD~1")
    elsewhere = commands.add_parser(
        "elsewhere", help="print how another machine's observations differ, as Markdown"
    )
    elsewhere.add_argument("folder", help="where they are, named after the machine's platform")
    elsewhere.add_argument("versions", nargs="*", help="compare these releases alone")
    for command in (site, check, explain, against):
        command.add_argument(
            "--platform", help="which observations to read (default: this machine's)"
        )
    return parser


if __name__ == "__main__":
    # What is read is kept to the end: looking for garbage less often saves 9 % of the time.
    gc.set_threshold(100_000)
    sys.exit(main())
