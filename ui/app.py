"""The composition root: builds the rooms, mounts the page, and guards the door."""

import os
from pathlib import Path

from fastapi import FastAPI


def create_app(home: Path, *, model: str | None = None) -> FastAPI:
    """The whole application as ASGI, with its data under `home`."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    import gradio as gr

    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    with gr.Blocks(title="Second Opinion", analytics_enabled=False) as page:
        gr.Markdown("# Second Opinion")
    return gr.mount_gradio_app(app, page, "/", server_name="127.0.0.1", footer_links=[], ssr_mode=False)
