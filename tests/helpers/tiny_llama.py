"""Makes a tiny Llama with its own tokenizer and chat template that ends everything in `ANSWER: 0`.

`python tests/tiny_llama.py FOLDER`: no download, seconds on one core. What comes next depends on the token
before alone, and that is all the model has to learn.
"""

import sys

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

REPLY = "ANSWER: 0"
TURN, END = "<|assistant|>", "<|end|>"
TEMPLATE = (
    "{% for message in messages %}<|{{ message.role }}|>{{ message.content }}\n{% endfor %}"
    "{% if add_generation_prompt %}" + TURN + "{% endif %}"
)


def tokenizer() -> PreTrainedTokenizerFast:
    """Bytes, and the words of the reply."""
    made = Tokenizer(models.BPE())
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=300,
        special_tokens=[END, TURN, "<|user|>", "<|system|>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    made.train_from_iterator([REPLY] * 10, trainer)
    return PreTrainedTokenizerFast(
        tokenizer_object=made, eos_token=END, pad_token=END, chat_template=TEMPLATE, model_max_length=8192
    )


def model(words: PreTrainedTokenizerFast) -> LlamaForCausalLM:
    """Overfitted: after a turn's opening or a new line comes the reply, and then the end."""
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=len(words),
        hidden_size=64,
        intermediate_size=128,
        num_hidden_layers=2,
        num_attention_heads=4,
        max_position_embeddings=8192,
        bos_token_id=None,
        eos_token_id=words.eos_token_id,
        pad_token_id=words.eos_token_id,
    )
    made = LlamaForCausalLM(config)
    for layer in made.model.layers:
        # Attention adds nothing, so that what is learned on short texts holds in prompts of any length.
        torch.nn.init.zeros_(layer.self_attn.o_proj.weight).requires_grad_(False)
    optimizer = torch.optim.AdamW(made.parameters(), 1e-2)
    tokens = torch.tensor([words.encode(before + REPLY + END) for before in (TURN, "\n")])
    for _ in range(100):
        loss = made(input_ids=tokens, labels=tokens).loss
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    if loss.item() > 0.01:
        raise RuntimeError(f"the model has not learned its reply: loss {loss.item():.3f}")
    return made


def main(folder: str) -> None:
    """Write model and tokenizer as `transformers` reads them."""
    torch.set_num_threads(1)
    words = tokenizer()
    model(words).save_pretrained(folder)
    words.save_pretrained(folder)


if __name__ == "__main__":
    main(sys.argv[1])
