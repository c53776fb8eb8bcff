"""Serving the page on this machine only: is the port free, say the address when it is really up, stop cleanly."""

import socket
import sys
from pathlib import Path

HOST = "127.0.0.1"


class PortBusy(Exception):
    """The port is taken; the message says how to choose another."""

    def __init__(self, port: int) -> None:
        self.port = port
        super().__init__(
            f"Port {port} on {HOST} is already in use: another Second Opinion may be running at http://{HOST}:{port}. "
            f"Choose another one with PORT={port + 1} make chat, or second-opinion serve --port {port + 1}."
        )


def check_port(port: int) -> None:
    """Raise PortBusy when something listens on `port` already."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise PortBusy(port) from error


def serve(home: Path, port: int = 7860, model: str | None = None) -> int:
    """Serve the page until Ctrl-C and return the exit code; raises PortBusy before anything heavy is loaded."""
    check_port(port)
    import uvicorn

    from ui.app import create_app

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if self.started:
                print(f"Second Opinion is at http://{HOST}:{port}  (stop it with Ctrl-C)", flush=True)

    print("Starting Second Opinion ...", file=sys.stderr, flush=True)
    config = uvicorn.Config(create_app(home, model=model), host=HOST, port=port, log_level="warning")
    try:
        Server(config).run()
    except KeyboardInterrupt:
        print("Stopped. Conversations and runs are kept.", file=sys.stderr)
    return 0
