"""The page in Gradio: where the regions are, and which action each event calls.

Importing this module imports Gradio; `ui.app` does so late.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import gradio as gr
from gradio import themes

from ui.actions import Actions, explain
from ui.door import owner_of
from ui.render import edit_note, notice, top
from ui.scene import Regions

STATIC = Path(__file__).parent / "static"
STYLE, BEHAVIOUR, LISTEN = STATIC / "page.css", STATIC / "page.js", STATIC / "listen.js"
# Linked, not handed to Gradio as css: that would rewrite its selectors.
HEAD = (
    f'<link rel="stylesheet" href="/desk/{STYLE.name}"><link rel="icon" href="/desk/icon.svg" type="image/svg+xml">'
    f'<script src="/desk/{BEHAVIOUR.name}" defer></script>'
    '<meta name="color-scheme" content="light dark">'
)
HTML_REGIONS = (
    "header", "submissions", "imports", "conversations", "log", "live", "suggestions", "evidence", "runs", "decision", "metareview",
    "notice", "edit_note",
)  # fmt: skip
TICK_S = 1.0
TEMPORARY_FILES = (3600, 86400)
"""Every hour, temporary files older than a day go."""
QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private", "concurrency_limit": None}
REMEMBER = "(id) => window.secondOpinion && window.secondOpinion.remember(id)"
RECALL = "() => [new URLSearchParams(window.location.search).get('c') || '']"


def theme() -> themes.Base:
    """System fonts only, and colours that the style sheet defines for light and dark."""
    fonts = ["system-ui", "-apple-system", "Segoe UI", "Roboto", "Helvetica Neue", "Arial", "sans-serif"]
    colours = {
        "body_background_fill": "var(--paper)",
        "body_text_color": "var(--ink)",
        "body_text_color_subdued": "var(--quiet)",
        "background_fill_primary": "var(--sheet)",
        "background_fill_secondary": "var(--paper)",
        "block_background_fill": "transparent",
        "block_border_color": "var(--line)",
        "border_color_primary": "var(--line)",
        "border_color_accent": "var(--accent)",
        "color_accent_soft": "var(--tint)",
        "input_background_fill": "var(--sheet)",
        "input_border_color": "var(--line)",
        "input_border_color_focus": "var(--accent)",
        "input_placeholder_color": "var(--quiet)",
        "button_primary_background_fill": "var(--accent)",
        "button_primary_background_fill_hover": "var(--accent)",
        "button_primary_text_color": "var(--on-accent)",
        "button_secondary_background_fill": "var(--sheet)",
        "button_secondary_background_fill_hover": "var(--tint)",
        "button_secondary_text_color": "var(--ink)",
        "button_secondary_border_color": "var(--line)",
        "link_text_color": "var(--accent)",
    }
    both = {**colours, **{f"{name}_dark": value for name, value in colours.items()}}
    return themes.Base(font=fonts, font_mono=["ui-monospace", "Menlo", "Consolas", "monospace"]).set(**both)


def build_page(actions: Actions) -> gr.Blocks:
    """The Blocks of the page, ready to be mounted."""
    return Page(actions).blocks


class Page:
    """The components by region, and the wiring between them and the actions."""

    def __init__(self, actions: Actions) -> None:
        self.actions = actions
        self.following: dict[str, str] = {}  # session -> the value whose turn it follows; a closed page has none
        self.parts: dict[str, Any] = {}
        listen = LISTEN.read_text(encoding="utf-8")
        self.regions = {n: gr.HTML(js_on_load=listen, elem_id=n, render=False, padding=False) for n in HTML_REGIONS}
        options: dict[str, Any] = {"analytics_enabled": False, "fill_width": True, "delete_cache": TEMPORARY_FILES}
        with gr.Blocks(title="Second Opinion", **options) as self.blocks:
            gr.HTML(top(), elem_id="top", padding=False)
            with gr.Row(elem_id="desk"):
                self._left()
                self._centre()
                self._right()
            self.parts |= {
                "conversation": gr.Textbox(visible="hidden", elem_id="conversation-id", label="Conversation"),
                "editing": gr.State(None),
                "following": gr.State(""),
                "timer": gr.Timer(TICK_S, active=False),
            }
            self._wire()

    def _left(self) -> None:
        with gr.Column(elem_id="left", min_width=0):
            gr.HTML('<p class="product">Second Opinion</p>', padding=False)
            self.parts["search"] = gr.Textbox(
                label="Search submissions", placeholder="Search submissions", elem_id="search", container=False
            )
            self.regions["submissions"].render()
            gr.HTML('<p class="day">Add papers, reviews or threads</p>', padding=False)
            self.parts["drop"] = gr.File(
                label="Add papers, reviews or threads",
                show_label=False,
                file_count="multiple",
                elem_id="drop",
                height=96,
            )
            self.parts["join"] = gr.Checkbox(
                label="They belong to the submission on show", elem_id="join", container=False
            )
            self.regions["imports"].render()
            self.parts["new"] = gr.Button("New conversation", elem_id="new", size="sm")
            self.regions["conversations"].render()

    def _centre(self) -> None:
        with gr.Column(elem_id="centre", min_width=0):
            self.regions["header"].render()
            with gr.Column(elem_id="talk", min_width=0):
                self.regions["log"].render()
                self.regions["live"].render()
            with gr.Column(elem_id="composer", min_width=0):
                self.regions["notice"].render()
                self.regions["suggestions"].render()
                self.regions["edit_note"].render()
                self.parts["message"] = gr.Textbox(
                    label="Message",
                    placeholder="Ask, or state a claim and add “Check it.”",
                    elem_id="message",
                    lines=1,
                    max_lines=8,
                    container=False,
                    submit_btn="Send",
                    stop_btn=False,
                )

    def _right(self) -> None:
        with gr.Column(elem_id="right", min_width=0), gr.Tabs(elem_id="tabs", selected="evidence") as tabs:
            self.parts["tabs"] = tabs
            for name, title in (("evidence", "Evidence"), ("runs", "Runs"), ("metareview", "Meta-review")):
                with gr.Tab(title, id=name):
                    if name == "metareview":
                        self.regions["decision"].render()
                    self.regions[name].render()

    # Events

    def _wire(self) -> None:
        parts, conversation = self.parts, self.parts["conversation"]
        outputs = [
            *self.regions.values(),
            *(parts[n] for n in ("conversation", "editing", "following", "timer", "message", "tabs", "drop", "join")),
        ]
        clicks = [region.click for region in self.regions.values()]
        quiet = {**QUIET, "outputs": outputs}
        self.blocks.load(self._arrive, [conversation], js=RECALL, **quiet)
        gr.on(clicks, self._click, [conversation, parts["editing"]], trigger_mode="multiple", **quiet)
        parts["message"].submit(self._ask, [parts["message"], parts["editing"], conversation], **quiet)
        parts["message"].stop(self._stop, [conversation], **quiet)
        parts["drop"].upload(self._take_in, [parts["drop"], parts["join"], conversation], **quiet)
        parts["new"].click(self._new, [conversation], **quiet)
        parts["search"].change(self._search, [parts["search"], conversation], trigger_mode="always_last", **quiet)
        follow = [parts["following"], conversation, parts["search"]]
        parts["following"].change(self._follow, follow, trigger_mode="multiple", **quiet)
        parts["timer"].tick(self._tick, [conversation, parts["search"]], **quiet)
        conversation.change(None, [conversation], None, js=REMEMBER, show_progress="hidden", api_visibility="private")
        self.blocks.unload(self._leave)

    def _arrive(self, conversation: str, request: gr.Request) -> dict[Any, Any]:
        return self._show(request, lambda owner: self.actions.arrive(conversation, owner))

    def _ask(self, message: str, editing: int | None, conversation: str, request: gr.Request) -> dict[Any, Any]:
        return self._show(request, lambda owner: self.actions.ask(message, editing, conversation, owner))

    def _take_in(self, files: list[str], join: bool, conversation: str, request: gr.Request) -> dict[Any, Any]:
        shown = self._show(request, lambda owner: self.actions.take_in(files, join, conversation, owner))
        return {**shown, self.parts["drop"]: None, self.parts["join"]: False}

    def _stop(self, conversation: str, request: gr.Request) -> dict[Any, Any]:
        return self._show(request, lambda owner: self.actions.stop(conversation, owner))

    def _new(self, conversation: str, request: gr.Request) -> dict[Any, Any]:
        return self._show(request, lambda owner: self.actions.begin_beside(conversation, owner))

    def _search(self, words: str, conversation: str, request: gr.Request) -> dict[Any, Any]:
        return self._show(request, lambda owner: self.actions.search(words, conversation, owner))

    def _tick(self, conversation: str, words: str, request: gr.Request) -> dict[Any, Any]:
        return self._show(request, lambda owner: self.actions.tick(conversation, words, owner))

    def _click(
        self, conversation: str, editing: int | None, event: gr.EventData, request: gr.Request
    ) -> dict[Any, Any]:
        data: dict[str, str] = event._data or {}
        acts: dict[str, Callable[[str], Regions]] = {
            "select": lambda owner: self.actions.select(data["submission"], conversation, owner),
            "open": lambda owner: self.actions.open(data["conversation"], owner),
            "delete": lambda owner: self.actions.delete(data["conversation"], conversation, owner),
            "cite": lambda owner: self.actions.cite(int(data["turn"]), data["citation"], conversation, owner),
            "document": lambda owner: self.actions.document(data["passage"], int(data["turn"]), data["citation"]),
            "ask": lambda owner: self.actions.ask(data["text"], None, conversation, owner),
            "retry": lambda owner: self.actions.retry(conversation, owner),
            "edit": lambda owner: self.actions.edit(int(data["turn"]), conversation, owner),
            "keep": lambda owner: self.actions.keep(),
            "remove": lambda owner: self.actions.remove(data["submission"], conversation, owner),
            "cancel-import": lambda owner: self.actions.cancel_import(owner),
            "dismiss-import": lambda owner: self.actions.dismiss_import(owner),
            "draft": lambda owner: self.actions.draft(data["size"], conversation, owner),
            "write": lambda owner: self.actions.write(
                data["section"], data["text"], int(data["seen"]), conversation, owner
            ),
            "settle": lambda owner: self.actions.settle(
                data["section"], int(data["number"]), int(data["seen"]), data["take"] == "yes", conversation, owner
            ),
            "restore": lambda owner: self.actions.restore(int(data["version"]), conversation, owner),
            "cancel": lambda owner: self.actions.cancel(data["digest"], conversation, owner),
            "model": lambda owner: self.actions.choose_model(
                data.get("model") or data.get("text", ""), conversation, owner
            ),
            "agree": lambda owner: self.actions.agree(data["where"], conversation, owner),
        }
        act = acts.get(data.get("act", ""))
        return self._show(request, act) if act is not None else gr.skip()

    def _follow(self, following: str, conversation: str, words: str, request: gr.Request) -> Iterator[dict[Any, Any]]:
        session = request.session_hash or ""

        def gone() -> bool:
            return self.following.get(session) != following

        if not following or gone():
            yield gr.skip()  # a generator that yields nothing would empty every region
            return
        try:
            for regions in self.actions.follow(conversation, words, owner_of(request), gone):
                yield self._updates(regions)
        except Exception as error:
            # The last place that can tell the person; `explain` logs what it does not know.
            yield self._updates({"notice": notice(explain(error)), "busy": False})

    def _leave(self, request: gr.Request) -> None:
        self.following.pop(request.session_hash or "", None)

    def _show(self, request: gr.Request, act: Callable[[str], Regions]) -> dict[Any, Any]:
        """Do what was asked for and turn it into updates; an error becomes the notice above the message box."""
        try:
            regions = act(owner_of(request))
        except Exception as error:
            # The last place that can tell the person; `explain` logs what it does not know.
            regions = {"notice": notice(explain(error))}
        if "following" in regions and request.session_hash:
            self.following[request.session_hash] = regions["following"]
        return self._updates(regions)

    def _updates(self, regions: Regions) -> dict[Any, Any]:
        """Regions by name -> Gradio updates by component."""
        parts = self.parts
        updates: dict[Any, Any] = {self.regions[n]: value for n, value in regions.items() if n in self.regions}
        updates |= {parts[n]: regions[n] for n in ("conversation", "following") if n in regions}
        if "editing" in regions:
            updates[parts["editing"]] = regions["editing"]
            updates[self.regions["edit_note"]] = edit_note(regions["editing"])
        if "watching" in regions:
            updates[parts["timer"]] = gr.Timer(active=regions["watching"])
        if "tab" in regions:
            updates[parts["tabs"]] = gr.Tabs(selected=regions["tab"])
        box: dict[str, Any] = {"value": regions["message"]} if "message" in regions else {}
        if "busy" in regions:
            box |= (
                {"submit_btn": False, "stop_btn": "Stop"}
                if regions["busy"]
                else {"submit_btn": "Send", "stop_btn": False}
            )
        if box:
            updates[parts["message"]] = gr.Textbox(**box)
        return updates or gr.skip()
