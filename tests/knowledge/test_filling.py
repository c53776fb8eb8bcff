import threading
import time

from knowledge.filling import Filler


def test_work_goes_on_until_nothing_is_left():
    left = [3]

    def work(stopping):
        left[0] -= 1
        return left[0] > 0

    filler = Filler(work)
    filler.start()
    filler.wait()
    assert left == [0]
    left[0] = 2
    filler.start()
    filler.wait()
    assert left == [0], "it starts again"


def test_what_comes_in_while_it_works_is_seen():
    started, may, calls = threading.Event(), threading.Event(), []

    def work(stopping):
        calls.append(1)
        started.set()
        may.wait(10)
        return False

    filler = Filler(work)
    filler.start()
    started.wait(10)
    filler.start()
    may.set()
    filler.wait()
    assert len(calls) == 2


def test_a_failure_is_logged_and_the_next_start_tries_again(caplog):
    calls = []

    def work(stopping):
        calls.append(1)
        if len(calls) == 1:
            raise RuntimeError("no power")
        return False

    filler = Filler(work)
    filler.start()
    filler.wait()
    assert "no power" in caplog.text and len(calls) == 1
    filler.start()
    filler.wait()
    assert len(calls) == 2


def test_a_pause_ends_the_thread_until_the_next_start():
    steps, started = [], threading.Event()

    def work(stopping):
        started.set()
        while not stopping():
            time.sleep(0.001)
        steps.append(1)
        return len(steps) < 3

    filler = Filler(work)
    filler.start()
    started.wait(10)
    with filler.paused():
        assert len(steps) == 1
        filler.start()
        assert not [thread for thread in threading.enumerate() if thread.name == "vectors"]
    started.clear()
    filler.start()
    assert started.wait(10)
    filler.stop()


def test_stopping_ends_it_for_good():
    def work(stopping):
        while not stopping():
            time.sleep(0.001)
        return True

    filler = Filler(work)
    filler.start()
    filler.stop()
    assert not [thread for thread in threading.enumerate() if thread.name == "vectors"]
    filler.start()
    assert not [thread for thread in threading.enumerate() if thread.name == "vectors"]
