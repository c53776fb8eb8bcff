"""A thread that works through what is left to do, at low priority, one at a time in a process."""

import atexit
import logging
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

logger = logging.getLogger(__name__)

NICENESS = 10


class Filler:
    """Calls `work` again and again, in a thread of its own, until it says that nothing is left.

    `work` is given a function that tells whether to stop, and returns whether anything is left. What it raises is logged
    and ends the thread until the next `start`. The thread ends with the program, which waits for the step in hand.
    """

    def __init__(self, work: Callable[[Callable[[], bool]], bool]) -> None:
        self._work = work
        self._lock = threading.Lock()
        self._stopped = False
        self._pauses = 0
        self._thread: threading.Thread | None = None
        self._again = False

    def start(self) -> None:
        """See to it that the thread works, or looks once more for work."""
        with self._lock:
            self._again = True
            if self._thread is None and not self._must_stop():
                self._thread = threading.Thread(target=self._run, name="vectors", daemon=True)
                atexit.register(self.stop)
                self._thread.start()

    def wait(self, timeout: float | None = None) -> None:
        """Until nothing is left to do, or `timeout` seconds."""
        thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join(timeout)

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Nothing is done by the thread meanwhile: who cannot wait for its low priority does the work himself."""
        with self._lock:
            self._pauses += 1
        try:
            self.wait()
            yield
        finally:
            with self._lock:
                self._pauses -= 1

    def stop(self) -> None:
        """End the thread after the step in hand, for good."""
        self._stopped = True
        self.wait()
        atexit.unregister(self.stop)

    def _must_stop(self) -> bool:
        return self._stopped or self._pauses > 0

    def _run(self) -> None:
        lower_priority()
        while True:
            with self._lock:
                if self._must_stop() or not self._again:
                    self._thread = None
                    return
                self._again = False
            try:
                left = self._work(self._must_stop)
            except Exception as error:
                logger.warning("work in the background ended: %s", error)
                left = False
            self._again |= left


def lower_priority() -> None:
    """Let every other thread go first, where the system has priorities of threads."""
    if hasattr(os, "setpriority"):
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)
