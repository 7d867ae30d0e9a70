"""The recogniser ``minicpm`` in this process: MiniCPM-V 4.6 through transformers."""

import time
from collections.abc import Sequence
from hashlib import blake2b
from typing import Any, Final, Self

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from transformers import AutoProcessor, MiniCPMV4_6ForConditionalGeneration

from actors.patterns.charts.digest import chart_hash
from actors.patterns.charts.several import several_intervals
from actors.patterns.models.card import UnusableModel
from actors.patterns.models.device import device_of
from actors.patterns.models.judging import OutOfMemory
from actors.patterns.recogniser import Abstention, Answer, Question
from actors.patterns.vision.reading import EXAMPLE, PROMPT, heard
from actors.patterns.vision.server import BARS, NAME


class MiniCpm:
    """Implements ``Recogniser``, one question after the other: each fills the device by itself.

    Nothing holds the model to the schema while it writes, so the prompt shows an example of it, and
    what is none is an abstention, as is an answer that takes too long or too many tokens.

    Args:
        timeout_s: for an answer; it ends at the first token after it.
        tokens_max: of an answer.
    """

    def __init__(
        self, processor: Any, model: Any, *, timeout_s: float = 10.0, tokens_max: int = 200
    ) -> None:
        self.name: Final = NAME
        self.bars: Final = BARS
        self._processor: Final = processor
        self._model: Final = model
        self._timeout_s: Final = timeout_s
        self._tokens_max: Final = tokens_max
        self.model_digest: Final = _digest(model, tokens_max)

    @classmethod
    def open(
        cls, path: str, *, device: str = "auto", timeout_s: float = 10.0, tokens_max: int = 200
    ) -> Self:
        """The model in a folder, or of a hub's id.

        Raises:
            UnusableModel: there is none, or it is another kind of model.
            NoDevice: the device is not here.
            OutOfMemory: it has no room for the model.
        """
        there = device_of(device)
        try:
            processor = AutoProcessor.from_pretrained(path)  # type: ignore[no-untyped-call]
            model: Any = MiniCPMV4_6ForConditionalGeneration.from_pretrained(path, dtype="auto")
        except (OSError, ValueError, RuntimeError) as error:
            raise UnusableModel(f"minicpm {path}: {' '.join(str(error).split())}") from error
        try:
            model = model.to(there).eval()
        except torch.OutOfMemoryError as error:
            raise OutOfMemory(str(error)) from error
        return cls(processor, model, timeout_s=timeout_s, tokens_max=tokens_max)

    def recognise(self, questions: Sequence[Question]) -> Sequence[Answer]:
        return [self._answer(question) for question in questions]

    def picture(self, question: Question) -> NDArray[np.uint8] | None:
        return several_intervals(question.interval, question.candles)

    def _answer(self, question: Question) -> Answer:
        picture = several_intervals(question.interval, question.candles)
        began = time.monotonic()
        try:
            written, has_ended = self._written(picture)
        except torch.OutOfMemoryError as error:
            return Abstention(reason="out_of_memory", detail=str(error))
        if has_ended:
            return heard(written, question, chart_hash(picture))
        if time.monotonic() - began >= self._timeout_s:
            return Abstention(reason="timeout", detail=f"{self._timeout_s:g} s")
        return Abstention(reason="endless", detail=f"more than {self._tokens_max} tokens")

    def _written(self, picture: NDArray[np.uint8]) -> tuple[str, bool]:
        """What the model writes about a picture, and whether it came to its end."""
        inputs = asked(self._processor, picture).to(self._model.device)
        with torch.inference_mode():
            tokens = self._model.generate(
                **inputs,
                do_sample=False,
                max_new_tokens=self._tokens_max,
                max_time=self._timeout_s,
            )
        written = tokens[0, inputs["input_ids"].shape[1] :]
        tokenizer = self._processor.tokenizer
        text = tokenizer.decode(written, skip_special_tokens=True)
        return text, tokenizer.eos_token_id in written.tolist()


def asked(processor: Any, picture: NDArray[np.uint8]) -> Any:
    """The model's inputs: the prompt, and the picture before it."""
    content = [
        {"type": "image", "image": Image.fromarray(picture)},
        {"type": "text", "text": f"{PROMPT} Answer with JSON alone, such as {EXAMPLE}"},
    ]
    return processor.apply_chat_template(
        [{"role": "user", "content": content}],
        add_generation_prompt=True,
        tokenize=True,
        return_dict=True,
        return_tensors="pt",
    )


def _digest(model: Any, tokens_max: int) -> str:
    """Of all weights and of what is asked."""
    state = blake2b(f"{PROMPT}/{EXAMPLE}/{tokens_max}".encode(), digest_size=16)
    for name, weights in sorted(model.state_dict().items()):
        state.update(name.encode())
        state.update(weights.cpu().contiguous().reshape(-1).view(torch.uint8).numpy().tobytes())
    return state.hexdigest()
