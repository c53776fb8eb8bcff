"""Who runs next: order, priorities, the dead among those who wait, and the division of cores."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compression_demo.provenance import available_cores
from compression_demo.runqueue import Place, RunQueue, share_cores

HOLDER = """
import sys
from pathlib import Path
from compression_demo.runqueue import RunQueue
queue = RunQueue(Path(sys.argv[1]), 1)
ticket = queue.enter(sys.argv[2])
place = queue.take(sys.argv[2]) if "take" in sys.argv else None
print("here", flush=True)
sys.stdin.read()
"""


class Holders:
    """Other processes that wait or are at work."""

    def __init__(self, runs: Path) -> None:
        self.runs, self.started = runs, list[subprocess.Popen]()

    def start(self, digest: str, *what: str) -> subprocess.Popen:
        command = [sys.executable, "-c", HOLDER, str(self.runs), digest, *what]
        holder = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.started.append(holder)
        assert holder.stdout is not None and holder.stdout.readline() == "here\n"
        return holder

    def end(self) -> None:
        for holder in self.started:
            holder.kill()
            holder.communicate()


@pytest.fixture
def holders(tmp_path: Path) -> Iterator[Holders]:
    found = Holders(tmp_path)
    yield found
    found.end()


def take(queue: RunQueue, digest: str) -> Place:
    place = queue.take(digest)
    assert place is not None
    return place


def test_first_come_first_served_within_a_priority_and_conversations_first(tmp_path: Path) -> None:
    queue = RunQueue(tmp_path, 1)
    tickets = [queue.enter(digest, "batch") for digest in ("b1", "b2")] + [
        queue.enter(digest) for digest in ("c1", "c2")
    ]
    assert [queue.ahead(digest) for digest in ("c1", "c2", "b1", "b2")] == [0, 1, 2, 3]
    served = []
    while len(served) < 4:
        for digest in ("b2", "b1", "c2", "c1"):
            place = queue.take(digest) if digest not in served else None
            if place is not None:
                served.append(digest)
                place.give_up()
    assert served == ["c1", "c2", "b1", "b2"]
    for ticket in tickets:
        os.close(ticket)


def test_a_place_that_is_taken_counts_and_its_end_lets_the_next_in(tmp_path: Path) -> None:
    queue = RunQueue(tmp_path, 2)
    tickets = [queue.enter(digest) for digest in "abcd"]
    places = [take(queue, digest) for digest in "ab"]
    assert [queue.ahead(digest) for digest in "abcd"] == [None, None, 1, 2]
    assert queue.take("c") is None
    places[0].give_up()
    assert [queue.ahead("c"), queue.ahead("d")] == [0, 1]
    assert queue.take("d") is None, "a free place is for the first in the line"
    assert take(queue, "c").index == places[0].index
    for ticket in tickets:
        os.close(ticket)


def test_those_whose_priority_is_raised_stand_behind_those_who_had_it(tmp_path: Path) -> None:
    queue = RunQueue(tmp_path, 1)
    tickets = [queue.enter(digest, "batch") for digest in "abc"]
    queue.raise_priority("c", "conversation")
    assert [queue.ahead(digest) for digest in "cab"] == [0, 1, 2]
    queue.raise_priority("b", "conversation")
    queue.raise_priority("b", "batch")
    queue.raise_priority("nobody", "conversation")
    assert [queue.ahead(digest) for digest in "cba"] == [0, 1, 2]
    for ticket in tickets:
        os.close(ticket)


def test_the_order_holds_across_processes_and_the_dead_do_not_block(tmp_path: Path, holders: Holders) -> None:
    queue = RunQueue(tmp_path, 1)
    worker, waiter = holders.start("first", "take"), holders.start("second")
    ticket = queue.enter("third")
    assert [queue.ahead(digest) for digest in ("first", "second", "third")] == [None, 1, 2]
    os.kill(waiter.pid, signal.SIGKILL)
    waiter.wait()
    assert queue.ahead("third") == 1 and queue.take("third") is None
    os.kill(worker.pid, signal.SIGKILL)
    worker.wait()
    assert queue.ahead("third") == 0
    take(queue, "third").give_up()
    assert not list((tmp_path / ".queue").glob("[0-9]*")), "tickets of the dead and of those served are cleared away"
    os.close(ticket)


def test_one_who_leaves_no_longer_waits(tmp_path: Path) -> None:
    queue = RunQueue(tmp_path, 1)
    tickets = [queue.enter(digest) for digest in "ab"]
    queue.leave("a")
    assert queue.ahead("a") is None and queue.ahead("b") == 0
    for ticket in tickets:
        os.close(ticket)


def test_nobody_waits_where_nothing_was_ever_asked_for(tmp_path: Path) -> None:
    assert RunQueue(tmp_path, 1).ahead("a") is None and not list(tmp_path.iterdir())


def test_runs_at_work_share_the_cores_by_what_they_want(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("compression_demo.runqueue.available_cores", lambda: 4)
    queue = RunQueue(tmp_path, 3)
    tickets = [queue.enter(digest) for digest in "abc"]
    a, b = take(queue, "a"), take(queue, "b")
    assert a.share(10) == 4, "the other has not said yet what it wants"
    assert b.share(10) == 2 and a.share(10) == 2
    assert b.share(1) == 1 and a.share(10) == 3
    c = take(queue, "c")
    assert [c.share(1), a.share(10), b.share(1)] == [1, 2, 1]
    a.give_up()
    assert c.share(9) == 3 and b.share(0) == 0 and c.share(9) == 4
    again = queue.enter("a")
    a = take(queue, "a")
    assert c.share(9) == 4, "what an earlier run in its place wanted is forgotten"
    for handle in (*tickets, again, a.handle, b.handle, c.handle):
        os.close(handle)


def test_a_core_is_held_by_one_until_every_copy_of_its_lock_is_closed(tmp_path: Path) -> None:
    queue = RunQueue(tmp_path, 1)
    cores = [queue.take_core() for _ in range(available_cores())]
    assert None not in cores and queue.take_core() is None
    first = cores[0] or 0
    sleeper = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, pass_fds=(first,))
    os.close(first)
    assert queue.take_core() is None
    sleeper.kill()
    sleeper.communicate()
    again = queue.take_core()
    assert again is not None
    for handle in (again, *cores[1:]):
        os.close(handle or 0)


@given(st.lists(st.integers(0, 12), max_size=8), st.integers(0, 12))
def test_shares_are_fair_and_leave_no_wanted_core_idle(wants: list[int], cores: int) -> None:
    shares = share_cores(wants, cores)
    assert sum(shares) == min(cores, sum(wants))
    assert all(0 <= share <= want for share, want in zip(shares, wants, strict=True))
    most = max(shares, default=0)
    assert all(share >= most - 1 for share, want in zip(shares, wants, strict=True) if share < want)
