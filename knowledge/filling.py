"""A thread that works through what is left to do, at low priority, one at a time in a process."""

import atexit
import logging
import os
import threading
from collections.abc import Callable
from contextlib import suppress

logger = logging.getLogger(__name__)

NICENESS = 10


class Filler:
    """Calls `work` again and again, in a thread of its own, until it says that nothing is left.

    `work` is given a function that tells whether to stop, and returns whether anything is left. What it raises ends the
    thread and is raised by `wait`. The thread ends with the program, which waits for the step in hand.
    """

    def __init__(self, work: Callable[[Callable[[], bool]], bool]) -> None:
        self._work = work
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._again = False
        self._failure: Exception | None = None

    def start(self) -> None:
        """See to it that the thread works, or looks once more for work."""
        with self._lock:
            if self._stopping.is_set():
                return
            self._again = True
            if self._thread is None:
                self._failure = None
                self._thread = threading.Thread(target=self._run, name="vectors", daemon=True)
                atexit.register(self.stop)
                self._thread.start()

    def wait(self, timeout: float | None = None) -> None:
        """Until nothing is left to do, or `timeout` seconds; raises what ended the work early."""
        thread = self._thread
        if thread is not None:
            thread.join(timeout)
        if self._failure is not None:
            raise self._failure

    def stop(self) -> None:
        """End the thread after the step in hand, for good."""
        self._stopping.set()
        thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join()
        atexit.unregister(self.stop)

    def _run(self) -> None:
        lower_priority()
        while True:
            with self._lock:
                if self._stopping.is_set() or not self._again:
                    self._thread = None
                    return
                self._again = False
            try:
                if self._work(self._stopping.is_set):
                    self._again = True
            except Exception as error:
                logger.warning("work in the background ended: %s", error)
                with self._lock:
                    self._failure, self._thread, self._again = error, None, False
                return


def lower_priority() -> None:
    """Let every other thread go first, where the system has priorities of threads."""
    if hasattr(os, "setpriority"):
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)
