"""A running page for tests in a browser."""

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn

from ui.app import Rooms, create_app
from ui.server import HOST


@contextmanager
def serving(home: Path, rooms: Rooms) -> Iterator[str]:
    """Serve the page over `rooms` on a free port; yields its address."""
    with socket.socket() as listener:
        listener.bind((HOST, 0))
        port = listener.getsockname()[1]
        started: list[tuple[uvicorn.Server, asyncio.AbstractEventLoop]] = []

        async def serve() -> None:
            server = uvicorn.Server(uvicorn.Config(create_app(home, rooms=rooms), log_level="error", lifespan="on"))
            started.append((server, asyncio.get_running_loop()))
            await server.serve([listener])

        thread = threading.Thread(target=asyncio.run, args=(serve(),))
        thread.start()
        while thread.is_alive() and not (started and started[0][0].started):
            time.sleep(0.05)
        yield f"http://{HOST}:{port}/"
        server, loop = started[0]
        for connection in list(server.server_state.connections):
            if connection.transport is not None:
                loop.call_soon_threadsafe(connection.transport.close)
        server.should_exit = True
        thread.join(timeout=20)
