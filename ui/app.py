"""The composition root: builds the rooms, mounts the page, and guards the door."""

import logging
import os
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ui import settings
from ui.cards import Names
from ui.door import Door, is_browser

if TYPE_CHECKING:
    from fastapi import FastAPI

    from agent.conversation import Assistant
    from agent.history import History
    from agent.turns import Turns
    from compression_demo.runs import RunStore
    from knowledge.collection import Collection

log = logging.getLogger(__name__)
HIDDEN: dict[str, Any] = {"docs_url": None, "redoc_url": None, "openapi_url": None}
"""The page offers no interface to programs."""
WARM_UP_AFTER_S = 2.0
"""Long enough that the first page is drawn before the heavy imports take the processor."""


@dataclass(frozen=True)
class Rooms:
    """What the page works with."""

    collection: "Collection"
    runs: "RunStore"
    history: "History"
    assistant: "Assistant"
    turns: "Turns"
    names: Names = field(default_factory=Names)

    def warm_up(self) -> None:
        """Load what the first question and the first plot need; about 5 s of one core."""
        try:
            self.assistant.warm_up()
            from matplotlib.backends import backend_svg  # noqa: F401 - builds the font cache on the first start
        except Exception:
            # The first question meets the same error, with somebody there to read it.
            log.exception("warming up failed")

    def close(self) -> None:
        """Close the files."""
        self.history.close()
        self.collection.close()


def open_rooms(home: Path, model: str | None = None, cluster: str | None = None) -> Rooms:
    """Everything over the data folder `home`; raises UnknownModel for a language model that cannot be opened."""
    from agent.conversation import Assistant
    from agent.history import History
    from agent.models import choose_model
    from agent.steering import Limits
    from agent.turns import Turns
    from compression_demo.runs import RunStore
    from knowledge.collection import Collection

    chosen = settings.load(cluster)
    opened = choose_model(model or chosen.model)
    home.mkdir(parents=True, exist_ok=True)
    collection, runs, history = Collection(home), RunStore(home, chosen.run_options()), History(home)
    limits = Limits(chosen.turn_steps, chosen.turn_s, chosen.turn_tokens)
    assistant = Assistant(collection, runs, history, model=opened, start_below_s=chosen.start_below_s, limits=limits)
    return Rooms(collection, runs, history, assistant, Turns(assistant), names_of_registries())


def names_of_registries() -> Names:
    """Titles and units as the testbeds and methods are registered."""
    from compression_demo.algorithms import METHODS
    from compression_demo.procedures import PROCEDURES
    from compression_demo.testbeds.registry import TESTBEDS

    measuring = (*TESTBEDS.values(), *PROCEDURES.values())
    metrics = {metric.name: metric for one in measuring for metric in one.metrics}
    return Names(
        {name: testbed.title for name, testbed in TESTBEDS.items()},
        {name: method.title for name, method in (METHODS | PROCEDURES).items()},
        {name: metric.title for name, metric in metrics.items()},
        {name: metric.unit for name, metric in metrics.items()},
    )


def create_app(
    home: Path, *, model: str | None = None, cluster: str | None = None, rooms: Rooms | None = None
) -> "FastAPI":
    """The whole application as ASGI, with its data under `home`; `rooms` stand in for those that would be opened."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    # After each event Gradio would sum up all events so far, in pandas: nobody reads that, and it takes longer each time.
    os.environ["GRADIO_ANALYTICS_CACHE_FREQUENCY"], os.environ["GRADIO_ANALYTICS_MAX_EVENTS"] = str(10**12), "100"
    os.environ["GRADIO_TEMP_DIR"] = str(home / "temporary")
    os.environ.setdefault("MPLCONFIGDIR", str(home / "matplotlib"))
    import gradio as gr
    from fastapi import FastAPI
    from starlette.staticfiles import StaticFiles

    from knowledge.limits import Limits
    from ui import page
    from ui.actions import Actions
    from ui.downloads import add_downloads

    opened = rooms or open_rooms(home, model, cluster)
    stopping = threading.Event()

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        watching = threading.Thread(
            target=opened.turns.watch, args=(stopping, is_browser), name="verdicts", daemon=True
        )
        warming = threading.Timer(WARM_UP_AFTER_S, opened.warm_up)
        warming.daemon = True
        watching.start()
        warming.start()
        yield
        stopping.set()
        warming.cancel()
        watching.join(timeout=5)
        opened.close()

    app = FastAPI(**HIDDEN, lifespan=lifespan)
    app.add_middleware(Door)
    add_downloads(app, opened)
    app.mount("/desk", StaticFiles(directory=page.STATIC))
    return gr.mount_gradio_app(
        app,
        page.build_page(Actions(opened)),
        "/",
        server_name="127.0.0.1",
        app_kwargs=dict(HIDDEN),  # Gradio writes into it
        footer_links=[],
        run_history=False,
        show_error=False,
        max_file_size=f"{Limits.from_environment().file_mb:g}mb",
        ssr_mode=False,
        mcp_server=False,
        pwa=False,
        theme=page.theme(),
        head=page.HEAD,
    )
