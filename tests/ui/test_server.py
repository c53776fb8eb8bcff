"""The server says plainly that a port is taken, before anything heavy is loaded."""

import socket
import subprocess
import sys

import pytest

from ui.server import HOST, PortBusy, check_port


@pytest.fixture
def taken():
    with socket.socket() as listener:
        listener.bind((HOST, 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_a_busy_port_says_how_to_take_another(taken):
    with pytest.raises(PortBusy, match=f"PORT={taken + 1} make chat"):
        check_port(taken)


def test_a_free_port_passes():
    with socket.socket() as listener:
        listener.bind((HOST, 0))
        port = listener.getsockname()[1]
    check_port(port)


def test_the_check_comes_before_anything_heavy(taken, tmp_path):
    code = (
        "import sys; from pathlib import Path; from ui.server import PortBusy, serve\n"
        f"try: serve(Path({str(tmp_path)!r}), {taken})\n"
        "except PortBusy: print([m for m in ('gradio', 'torch', 'langchain') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
