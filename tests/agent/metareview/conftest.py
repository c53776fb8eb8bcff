import pytest

from agent.history import History
from agent.metareview.keeping import MetaReviews
from tests.agent.metareview.material import open_collection


@pytest.fixture
def collection(tmp_path):
    opened = open_collection(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def history(tmp_path):
    opened = History(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def drafts(collection, history):
    return MetaReviews(collection, history)


@pytest.fixture
def conversation(history):
    return history.create("me", "tern-pruning")
