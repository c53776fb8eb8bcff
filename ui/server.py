"""Serving the page on this machine only: is the port free, say the address when it is really up, stop cleanly."""

import socket
import sys
from pathlib import Path

HOST = "127.0.0.1"
SHUTDOWN_S = 3


class PortBusy(Exception):
    """The port is taken; the message says how to choose another."""

    def __init__(self, port: int) -> None:
        self.port = port
        super().__init__(
            f"port {port} on {HOST} is already in use; perhaps Second Opinion is running at http://{HOST}:{port}. "
            f"Choose another: PORT={port + 1} make chat, or second-opinion serve --port {port + 1}"
        )


def check_port(port: int) -> None:
    """Raise PortBusy when something listens on `port` already."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise PortBusy(port) from error


def serve(home: Path, port: int = 7860, model: str | None = None, cluster: str | None = None) -> int:
    """Serve the page until Ctrl-C and return the exit code; `cluster` is the Dask scheduler of its runs.

    Raises PortBusy before anything heavy is loaded, and UnknownModel for a language model that cannot be opened.
    """
    check_port(port)
    print("Starting Second Opinion ...", file=sys.stderr, flush=True)
    import uvicorn

    from ui.app import create_app

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if self.started:
                print(f"Second Opinion is at http://{HOST}:{port}  (stop it with Ctrl-C)", flush=True)

        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            # An open page holds a stream for as long as it is open: hang up, or stopping would wait for it for ever.
            for connection in list(self.server_state.connections):
                transport = getattr(connection, "transport", None)
                if transport is not None:
                    transport.close()
            await super().shutdown(sockets)

    app = create_app(home, model=model, cluster=cluster)
    config = uvicorn.Config(app, host=HOST, port=port, log_level="warning", timeout_graceful_shutdown=SHUTDOWN_S)
    try:
        Server(config).run()
    except KeyboardInterrupt:
        print("\nStopped. Conversations are kept; runs under way go on.", file=sys.stderr)
    return 0
