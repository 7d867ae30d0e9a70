"""The real classes of MiniCPM-V 4.6, tiny: made from their own configuration, weights at random."""

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import (
    MiniCPMV4_6Config,
    MiniCPMV4_6ForConditionalGeneration,
    MiniCPMV4_6Processor,
    PreTrainedTokenizerFast,
)
from transformers.models.minicpmv4_6.image_processing_pil_minicpmv4_6 import (
    MiniCPMV4_6ImageProcessorPil,
)
from transformers.models.minicpmv4_6.video_processing_minicpmv4_6 import (
    MiniCPMV4_6VideoProcessor,
)

from actors.patterns.models.minicpm import asked

# Steps of a millisecond: a second thread would wait for the first, and on a busy machine longer.
torch.set_num_threads(1)

NAMED = {
    "image_token": "<|image_pad|>",
    "video_token": "<|video_pad|>",
    "image_start_token": "<image>",
    "image_end_token": "</image>",
    "slice_start_token": "<slice>",
    "slice_end_token": "</slice>",
    "image_id_start_token": "<image_id>",
    "image_id_end_token": "</image_id>",
}
TEMPLATE = (
    "{% for m in messages %}{% for c in m['content'] %}"
    "{% if c['type'] == 'image' %}<|image_pad|>{% else %}{{ c['text'] }}{% endif %}"
    "{% endfor %}\n{% endfor %}"
)


def tokenizer() -> Any:
    """A token a byte."""
    words = ["<pad>", "<eos>", *NAMED.values(), *sorted(pre_tokenizers.ByteLevel.alphabet())]
    bytewise = Tokenizer(models.BPE(vocab={word: n for n, word in enumerate(words)}, merges=[]))
    bytewise.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    bytewise.decoder = decoders.ByteLevel()
    return PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]  # transformers leaves it so
        tokenizer_object=bytewise,
        pad_token="<pad>",
        eos_token="<eos>",
        extra_special_tokens=NAMED,
    )


def processor() -> Any:
    return MiniCPMV4_6Processor(  # type: ignore[no-untyped-call]  # transformers leaves it so
        image_processor=MiniCPMV4_6ImageProcessorPil(slice_mode=False, scale_resolution=112),
        video_processor=MiniCPMV4_6VideoProcessor(),
        tokenizer=tokenizer(),
        chat_template=TEMPLATE,
    )


def model(words: Any) -> Any:
    text = {
        "model_type": "qwen3_5_text",
        "vocab_size": len(words),
        "hidden_size": 32,
        "intermediate_size": 64,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "num_key_value_heads": 1,
        "head_dim": 16,
        "layer_types": ["full_attention", "full_attention"],
        "eos_token_id": words.eos_token_id,
        "pad_token_id": words.pad_token_id,
    }
    vision = {
        "hidden_size": 32,
        "intermediate_size": 64,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "image_size": 112,
        "patch_size": 14,
    }
    config = MiniCPMV4_6Config(
        text_config=text,
        vision_config=vision,
        insert_layer_id=0,
        image_size=112,
        image_token_id=words.image_token_id,
        video_token_id=words.video_token_id,
    )
    torch.manual_seed(0)
    made: Any = MiniCPMV4_6ForConditionalGeneration(config)
    return made.eval()


def taught(made: Any, words: Any, picture: NDArray[np.uint8], answer: str, steps: int = 500) -> Any:
    """The model after it learned one answer to one picture by heart."""
    inputs = asked(words, picture)
    told = words.tokenizer(answer + words.tokenizer.eos_token, return_tensors="pt")["input_ids"]
    whole = torch.cat((inputs["input_ids"], told), dim=1)
    labels = whole.clone()
    labels[:, : inputs["input_ids"].shape[1]] = -100
    optimizer = torch.optim.Adam(made.parameters(), lr=1e-2)
    for _ in range(steps):
        loss = made(
            input_ids=whole,
            attention_mask=torch.ones_like(whole),
            pixel_values=inputs["pixel_values"],
            target_sizes=inputs["target_sizes"],
            labels=labels,
        ).loss
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if float(loss.detach()) < 0.005:
            break
    return made.eval()
