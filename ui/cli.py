"""The same in a terminal: one subcommand a job, JSON on request, exit code 2 for bad input.

Heavy parts are imported by the subcommand that needs them, so that `--help` answers at once.
"""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from ui.settings import SCHEDULER

BAD_INPUT = 2
NEEDS_YES = 3
KINDS = ("paper", "notes", "review", "response", "comment", "meta-review", "decision", "relayed")
INTERRUPTED = 130
DESCRIPTION = (
    "A meta-reviewer's assistant for neural-network compression papers: cited answers, claims put to the test."
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one subcommand and return the exit code."""
    parser = build_parser()
    options = parser.parse_args(arguments)
    if options.command is None:
        parser.print_help(sys.stderr)
        return BAD_INPUT
    try:
        from ui import commands
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return INTERRUPTED

    garbled = next((value for value in vars(options).values() if isinstance(value, str) and _is_garbled(value)), None)
    if garbled is not None:
        print(f"second-opinion: {garbled!a} is not valid text: write it in UTF-8.", file=sys.stderr)
        return BAD_INPUT
    try:
        return commands.COMMANDS[options.command](options)
    except commands.BAD_INPUT_ERRORS as error:
        print(f"second-opinion: {error}", file=sys.stderr)
        return BAD_INPUT
    except KeyboardInterrupt:
        print("\nStopped. What was running goes on; see: second-opinion runs", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # The reader of a pipe went away ("| head"): nothing is left to tell it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    finally:
        commands.close()


def _is_garbled(text: str) -> bool:
    """Whether an argument held bytes that are no text, which Python passes on as lone surrogates."""
    return any("\ud800" <= character <= "\udfff" for character in text)


def build_parser() -> argparse.ArgumentParser:
    """The parser of all subcommands."""
    parser = argparse.ArgumentParser(prog="second-opinion", description=DESCRIPTION)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")

    def add(name: str, help: str) -> argparse.ArgumentParser:
        return commands.add_parser(name, help=help, description=help[0].upper() + help[1:] + ".")

    _json(add("list", "list the submissions"))
    show = add("show", "print a submission's documents, reviews and scores")
    show.add_argument("submission", metavar="ID")
    _json(show)

    search = add("search", "find passages by meaning and words")
    search.add_argument("query")
    search.add_argument("--submission", metavar="ID", help="only in this submission")
    search.add_argument("--limit", type=_count(1), default=8, metavar="N", help="default 8")
    _json(search)

    export = add("export", "write a submission as one JSON file, which import takes in again")
    export.add_argument("submission", metavar="ID")
    export.add_argument("--out", type=Path, metavar="FILE", help="default: print it")
    _json(export)

    delete = add("delete", "delete a submission with all its documents and passages")
    delete.add_argument("submission", metavar="ID")
    _json(delete)
    _json(add("reindex", "make the search index anew"))

    ask = add("ask", "ask a question and get a cited answer")
    ask.add_argument("question")
    ask.add_argument("--submission", metavar="ID", help="the submission in question")
    ask.add_argument("--conversation", metavar="ID", help="go on with an earlier conversation")
    ask.add_argument("--yes", action="store_true", help="start any experiment that it asks for without asking back")
    _model(ask)
    _json(ask)

    draft = add("draft", "write the meta-review of a submission, or bring it up to date")
    draft.add_argument("submission", metavar="ID")
    draft.add_argument("--conversation", metavar="ID", help="default: the latest about this submission, or a new one")
    draft.add_argument(
        "--format", choices=("markdown", "text", "openreview"), default="markdown", help="default markdown"
    )
    draft.add_argument(
        "--venue", metavar="V", help='whose form, such as "ICLR 2024" or ARR; default: the submission\'s'
    )
    draft.add_argument("--size", choices=("brief", "full"), help="from now on; default: as it was")
    draft.add_argument(
        "--with-notes", action="store_true", help="with your own notes and priorities, which else stay with you"
    )
    draft.add_argument("--output", type=Path, metavar="FILE", help="default: print it")
    _json(draft)

    claims = add("claims", "list what of a submission can be put to the test, with the experiment for each")
    claims.add_argument("--submission", metavar="ID", required=True, help="see: second-opinion list")
    _json(claims)

    verify = add("verify", "put a claim, a whole submission or an experiment of your own to the test")
    verify.add_argument("claim", nargs="?", help="one sentence in quotation marks")
    verify.add_argument("--submission", metavar="ID", help="the submission that the claim is from")
    verify.add_argument("--all", action="store_true", help="all that can be tested of the submission, into one dossier")
    verify.add_argument("--experiment", type=Path, metavar="FILE", help="the experiment of this file, TOML or JSON")
    verify.add_argument(
        "--out", type=Path, metavar="DIR", help="where the dossier goes; default: dossiers/ID in the data folder"
    )
    verify.add_argument(
        "--at-once", type=_count(1), metavar="N", help="with --all, runs at work at once; default: what fills the cores"
    )
    verify.add_argument("--yes", action="store_true", help="start without asking")
    _cluster(verify)
    _json(verify)

    runs = add("runs", "list experiments, or show one")
    runs.add_argument("action", nargs="?", choices=("list", "show", "cancel"), default="list")
    runs.add_argument("digest", nargs="?", help="the digest of a run, or its beginning")
    _json(runs)

    compress = add("compress", "compress a testbed's model by a plan and print what it costs then")
    compress.add_argument("--testbed", required=True, metavar="NAME", help="see: second-opinion testbeds")
    compress.add_argument("--plan", required=True, type=Path, metavar="FILE", help="JSON or TOML")
    compress.add_argument("--seed", type=_count(0), default=0, help="default 0")
    compress.add_argument("--calibration", type=_count(1), metavar="N", help="inputs, default 256 or all")
    compress.add_argument("--out", type=Path, metavar="FILE", help="save the compressed model, as safetensors")
    compress.add_argument("--threads", type=_count(1), metavar="N", help="default: as many as there are cores")
    _json(compress)
    _json(add("testbeds", "list the testbeds, and what to install for those that cannot run here"))

    take = add("import", "take in papers and reviews")
    take.add_argument("paths", nargs="+", metavar="PATH", help="a file, or openreview:FORUM to fetch a thread")
    take.add_argument("--into", metavar="ID", help="add to this submission")
    take.add_argument("--kind", choices=KINDS, help="what a text, PDF or LaTeX file is")
    _json(take)

    serve = add("serve", "start the page on 127.0.0.1")
    serve.add_argument("--port", type=_port, default=7860, help="default 7860")
    _model(serve)
    _cluster(serve)
    return parser


def _json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print JSON")


def _model(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--model",
        metavar="M",
        help='"embedded" (default), provider:name of any LangChain chat model, or huggingface:PATH; it says where text goes',
    )


def _cluster(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--cluster",
        type=_scheduler,
        metavar="ADDRESS",
        help="compute runs on the cluster of this Dask scheduler, tcp://HOST:PORT",
    )


def _scheduler(text: str) -> str:
    if not SCHEDULER.fullmatch(text):
        raise argparse.ArgumentTypeError(f'"{text}" is no address of a Dask scheduler: write it as tcp://HOST:PORT')
    return text


def _count(least: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not text.isdecimal() or int(text) < least:
            raise argparse.ArgumentTypeError(f'"{text}" is no whole number of {least} or more')
        return int(text)

    return read


def _port(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f'"{text}" is no port: choose a number from 1 to 65535')
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
