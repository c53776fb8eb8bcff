"""A chat model in this process: a folder or GGUF file of Hugging Face's transformers, loaded when first used.

Nothing is downloaded and no code of the folder is run.
"""

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models.chat_models import BaseChatModel, generate_from_stream
from langchain_core.messages import AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGenerationChunk, ChatResult
from pydantic import PrivateAttr

from agent.errors import UnknownModel
from agent.models.prompting import in_words, shorten

SMALLEST_RESULT = 300
"""Results of tools are not cut below this many characters."""


def find_model(path: str) -> Path:
    """The folder or file that "huggingface:PATH" names; UnknownModel says what is missing."""
    found = Path(path).expanduser()
    if found.is_file() and found.suffix == ".gguf":
        return found
    if not found.is_dir():
        raise UnknownModel(
            f"huggingface:{path} names no folder on this machine: give the path of a model's folder (with config.json,"
            " weights and tokenizer) or of a .gguf file. Nothing is downloaded."
        )
    if not (found / "config.json").is_file():
        raise UnknownModel(f"huggingface:{path}: the folder holds no config.json, so it is no model of transformers.")
    return found


class TransformersChatModel(BaseChatModel):
    """A causal language model with a chat template. Tools are described to it in words (see `prompting`).

    One answer at a time: a second caller waits.
    """

    path: Path
    max_new_tokens: int = 512

    _loaded: Any = PrivateAttr(default=None)
    _lock: Any = PrivateAttr(default_factory=threading.Lock)

    @property
    def _llm_type(self) -> str:
        return "transformers"

    def bind_tools(self, tools: Sequence[Any], **kwargs: Any) -> Any:
        """The model with tools to describe."""
        return self.bind(tools=list(tools))

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return generate_from_stream(self._stream(messages, stop, run_manager, **kwargs))

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        with self._lock:
            if self._loaded is None:
                self._loaded = load(self.path)
            tokens = self._encode(messages, kwargs.get("tools") or ())
            for text in _until(self._words(tokens), stop or ()):
                chunk = ChatGenerationChunk(message=AIMessageChunk(content=text))
                if run_manager is not None:
                    run_manager.on_llm_new_token(text, chunk=chunk)
                yield chunk

    def _encode(self, messages: Sequence[BaseMessage], tools: Sequence[Any]) -> Any:
        """The prompt as token ids (1, n); results of tools are cut until it leaves room for an answer."""
        tokenizer, model = self._loaded
        room = getattr(model.config, "max_position_embeddings", 2048) - self.max_new_tokens
        characters = max((len(m.text) for m in messages), default=0)
        while True:
            told = in_words(shorten(messages, characters), tools)
            roles = {"system": "system", "human": "user", "ai": "assistant"}
            chat = [{"role": roles[m.type], "content": m.text} for m in told]
            tokens = tokenizer.apply_chat_template(
                chat, add_generation_prompt=True, return_tensors="pt", return_dict=False
            )
            if tokens.shape[1] <= room:
                return tokens
            if characters <= SMALLEST_RESULT:
                raise ValueError(f"the question needs {tokens.shape[1]} tokens and the model has room for {room}")
            characters //= 2

    def _words(self, tokens: Any) -> Iterator[str]:
        """What the model writes, as it writes it; ends the work when it is left."""
        import torch
        from transformers import StoppingCriteria, StoppingCriteriaList, TextIteratorStreamer

        tokenizer, model = self._loaded
        streamer = TextIteratorStreamer(tokenizer, skip_prompt=True, skip_special_tokens=True)
        left = threading.Event()
        failures: list[BaseException] = []

        class IsLeft(StoppingCriteria):
            def __call__(self, input_ids: Any, scores: Any, **kwargs: Any) -> Any:
                return torch.full((input_ids.shape[0],), left.is_set(), dtype=torch.bool)

        def work() -> None:
            try:
                model.generate(
                    tokens,
                    attention_mask=torch.ones_like(tokens),
                    do_sample=False,
                    max_new_tokens=self.max_new_tokens,
                    stopping_criteria=StoppingCriteriaList([IsLeft()]),
                    streamer=streamer,
                )
            except BaseException as error:
                failures.append(error)
                streamer.end()

        thread = threading.Thread(target=work, name="transformers", daemon=True)
        thread.start()
        try:
            yield from (text for text in streamer if text)
        finally:
            left.set()
            thread.join()
        if failures:
            raise failures[0]


def load(path: Path) -> tuple[Any, Any]:
    """Tokenizer and model in float32 on the CPU, in eval mode; ValueError for one without a chat template."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer, GenerationConfig, GgufConfig, logging

    logging.disable_progress_bar()
    source: dict[str, Any] = {"local_files_only": True, "trust_remote_code": False}
    folder = path
    expanded: dict[str, Any] = {}
    if path.is_file():
        folder, source = path.parent, {**source, "gguf_file": path.name}
        expanded = {"quantization_config": GgufConfig(dequantize=True)}
    tokenizer = AutoTokenizer.from_pretrained(folder, **source)
    if not getattr(tokenizer, "chat_template", None):
        raise ValueError(f"{path} has no chat template: choose a model that was made for conversation")
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, **expanded, **source).eval()
    ends = model.generation_config.eos_token_id or tokenizer.eos_token_id
    padding = tokenizer.pad_token_id if tokenizer.pad_token_id is not None else tokenizer.eos_token_id
    model.generation_config = GenerationConfig(eos_token_id=ends, pad_token_id=padding)
    return tokenizer, model


def _until(words: Iterator[str], stops: Sequence[str]) -> Iterator[str]:
    """Words up to the first of `stops`; what may be the beginning of one is held back."""
    held = ""
    longest = max(map(len, stops), default=1) - 1
    for word in words:
        held += word
        cuts = [at for stop in stops if (at := held.find(stop)) >= 0]
        if cuts:
            if min(cuts):
                yield held[: min(cuts)]
            return
        ready = len(held) - longest
        if ready > 0:
            yield held[:ready]
            held = held[ready:]
    if held:
        yield held
