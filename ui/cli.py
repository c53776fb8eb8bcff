"""The same in a terminal: one subcommand a job, JSON on request, exit code 2 for bad input.

Heavy parts are imported by the subcommand that needs them, so that `--help` answers at once.
"""

import argparse
import sys
from collections.abc import Sequence

from ui import settings

BAD_INPUT = 2
DESCRIPTION = "A meta-reviewer's assistant for neural-network compression papers."


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one subcommand and return the exit code."""
    parser = build_parser()
    options = parser.parse_args(arguments)
    if options.command == "serve":
        from ui.server import PortBusy, serve

        try:
            return serve(settings.load().home, options.port, options.model)
        except PortBusy as error:
            print(error, file=sys.stderr)
            return BAD_INPUT
    parser.print_help(sys.stderr)
    return BAD_INPUT


def build_parser() -> argparse.ArgumentParser:
    """The parser of all subcommands."""
    parser = argparse.ArgumentParser(prog="second-opinion", description=DESCRIPTION)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    serve = commands.add_parser("serve", help="start the page on 127.0.0.1")
    serve.add_argument("--port", type=int, default=7860)
    serve.add_argument("--model", default=None, help="embedded (default) or provider:name of a LangChain chat model")
    return parser


if __name__ == "__main__":
    sys.exit(main())
