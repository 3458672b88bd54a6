"""Fine-tune the base engine's encoder: stages from its last layer, likeness from the original's space.

Checkpointed after every epoch, seeded, on the processor. Half precision (bfloat16) in the layers
where the processor is made for it, single in the heads and the optimiser.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import nn
from torch.nn import functional

from journeyseo.stages import STAGES
from journeyseo.training.e5 import E5
from journeyseo.training.network import LONGEST, Encoder, padded

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Recipe:
    """How the encoder is trained; models/README.md holds what was tried.

    Attributes:
        layers: Layers of the encoder that are kept, from the first.
        middle: Layer whose states serve likeness together with the last one's.
        epochs: Passes over the data.
        batch: Texts a step.
        rate: Learning rate of the last layer; one cycle with a warm-up of a tenth.
        decay: Each layer below learns at this share of the rate of the one above.
        head_rate: Learning rate of the two heads.
        similarity: Weight of the loss that keeps the original encoder's space.
        steadiness: Weight of the loss that gives a query and its harmless change one answer.
        dropout: Of the stage head's input.
        members: Networks that are trained alike but for their seeds, and averaged weight by weight
            (Wortsman et al. 2022, "Model soups").
        seed: Of the order, the changes and the dropout; each further member's is one more.
    """

    layers: int = 10
    middle: int = 6
    epochs: int = 3
    batch: int = 64
    rate: float = 8e-5
    decay: float = 0.9
    head_rate: float = 1e-3
    similarity: float = 0.3
    steadiness: float = 1.0
    dropout: float = 0.1
    members: int = 2
    seed: int = 0


@dataclass(frozen=True)
class Tuned:
    """The fine-tuned network.

    Attributes:
        encoder: The encoder.
        stages: From the last layer's mean state to the scores of the stages.
        likeness: From both mean states to the sentence vector.
        recipe: How it was trained.
    """

    encoder: Encoder
    stages: nn.Linear
    likeness: nn.Linear
    recipe: Recipe

    def scores(self, tokens: Sequence[Sequence[int]]) -> Floats:
        """Return the scores of the stages, one row a text."""
        out = np.zeros((len(tokens), len(STAGES)), np.float32)
        for rows in _by_length(tokens, 128):
            with torch.no_grad(), _half():
                _, last = self.encoder(padded([tokens[i] for i in rows]), self.recipe.middle)
            out[rows] = self.stages(last).detach().numpy()
        return out


def _half() -> AbstractContextManager[Any]:
    """Half precision where the processor has instructions for it: elsewhere it is slower than single."""
    if torch.ops.mkldnn._is_mkldnn_bf16_supported():  # noqa: SLF001  # torch has no public name for it
        return torch.autocast("cpu", dtype=torch.bfloat16)
    return nullcontext()


def _by_length(tokens: Sequence[Sequence[int]], size: int) -> Iterator[list[int]]:
    order = sorted(range(len(tokens)), key=lambda i: len(tokens[i]))
    for start in range(0, len(order), size):
        yield order[start : start + size]


def original_vectors(e5: E5, tokens: Sequence[Sequence[int]], prefix: Sequence[int]) -> torch.Tensor:
    """Return the original encoder's sentence vectors, centred, of length one.

    Args:
        e5: The original.
        tokens: Token lists of the texts.
        prefix: Tokens of the words that the original wants before a query.
    """
    encoder = Encoder(e5.tensors, e5.heads, e5.epsilon, e5.layers)
    out = torch.zeros(len(tokens), e5.tensors["word"].shape[1])
    for rows in _by_length(tokens, 128):
        with torch.no_grad(), _half():
            _, last = encoder(padded([[*prefix, *tokens[i]][: LONGEST - 2] for i in rows]), 1)
        out[rows] = functional.normalize(last)
    # The original's vectors all lie in a narrow cone; their differences are what tells texts apart.
    return functional.normalize(out - out.mean(0))


def fine_tune(
    e5: E5,
    tokens: Sequence[Sequence[int]],
    changed: Callable[[int], Sequence[Sequence[int]]],
    target: Floats,
    original: Callable[[], torch.Tensor],
    *,
    recipe: Recipe,
    work: Path,
    notify: Callable[[str], None],
    after_epoch: Callable[[Tuned], str] = lambda _: "",
) -> Tuned:
    """Train, and return the network.

    Args:
        e5: The encoder to start from.
        tokens: Token lists of the training texts.
        changed: Returns them for a pass, the first being 0, some changed without harm: these are
            read both ways.
        target: Their soft labels.
        original: Returns their vectors in the original's space.
        recipe: How to train.
        work: Folder for checkpoints; a run that was cut off goes on after its last whole epoch.
        notify: Called with a sentence now and then.
        after_epoch: Called with the network after each epoch; its answer is told.
    """
    torch.manual_seed(0)  # all members begin alike: only then can their weights be averaged
    width = e5.tensors["word"].shape[1]
    encoder = Encoder(e5.tensors, e5.heads, e5.epsilon, recipe.layers)
    stages, likeness = nn.Linear(width, len(STAGES)), nn.Linear(2 * width, width, bias=False)
    tuned = Tuned(encoder, stages, likeness, recipe)
    groups: list[dict[str, Any]] = [
        {"params": list(layer.parameters()), "lr": recipe.rate * recipe.decay ** (recipe.layers - 1 - i)}
        for i, layer in enumerate(encoder.layers)
    ]
    heads = [*stages.parameters(), *likeness.parameters()]
    groups.append({"params": heads, "lr": recipe.head_rate})
    every = [p for g in groups for p in g["params"]]
    optimiser = torch.optim.AdamW(groups, weight_decay=0.01, fused=True)
    a_pass = -(-len(target) // recipe.batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, [float(g["lr"]) for g in groups], total_steps=recipe.epochs * a_pass + 1, pct_start=0.1
    )
    parts = {"encoder": encoder, "stages": stages, "likeness": likeness}
    stateful = {**parts, "optimiser": optimiser, "schedule": schedule}
    begin = _resume(work, stateful)
    if begin == recipe.epochs:
        return tuned
    likes = original()
    labels, clock = torch.from_numpy(target), time.monotonic()
    for epoch in range(begin, recipe.epochs):
        total, ways = 0.0, changed(epoch)
        generator = torch.Generator().manual_seed(recipe.seed * 1000 + epoch)
        torch.manual_seed(recipe.seed * 1000 + epoch)
        for step, batch in enumerate(_batches(tokens, recipe.batch, generator), 1):
            # The rows that are read both ways follow the batch, in the batch's order.
            twice = [place for place, i in enumerate(batch) if list(ways[i]) != list(tokens[i])]
            read = [*(tokens[i] for i in batch), *(ways[batch[place]] for place in twice)]
            with _half():
                between, last = encoder(padded(read), recipe.middle)
            guess = stages(functional.dropout(last, recipe.dropout)).log_softmax(-1)
            rows = [*batch, *(batch[place] for place in twice)]
            loss = -(labels[rows] * guess).sum(1).mean()
            total += loss.item()
            if twice:
                plain, other = guess[twice], guess[len(guess) - len(twice) :]
                apart = ((plain.exp() - other.exp()) * (plain - other)).sum(1) / 2
                loss = loss + recipe.steadiness * apart.sum() / len(guess)
            vectors = likeness(torch.cat([between, last], 1))
            far = 1 - functional.cosine_similarity(vectors, likes[rows])
            loss = loss + recipe.similarity * far.mean()
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(every, 1.0)
            optimiser.step()
            schedule.step()
            if step % 200 == 0:
                notify(
                    f"epoch {epoch + 1}, step {step:,} of {a_pass:,}: loss {total / step:.3f}, "
                    f"likeness {1 - far.mean().item():.3f}, {time.monotonic() - clock:,.0f} s"
                )
        _checkpoint(work, stateful, epoch + 1)
        notify(f"epoch {epoch + 1} done: {after_epoch(tuned)}")
    return tuned


def averaged(members: Sequence[Tuned]) -> Tuned:
    """Return the network whose every weight is the mean of the members' weights: the first one, changed."""
    whole = members[0]
    with torch.no_grad():
        for part in ("encoder", "stages", "likeness"):
            others = [dict(getattr(member, part).named_parameters()) for member in members]
            for name, weight in getattr(whole, part).named_parameters():
                weight.copy_(torch.stack([own[name] for own in others]).mean(0))
    return whole


def _batches(tokens: Sequence[Sequence[int]], size: int, generator: torch.Generator) -> Iterator[list[int]]:
    """Yield batches of like length, in an order that is shuffled: padding costs time."""
    order = torch.randperm(len(tokens), generator=generator).tolist()
    batches = []
    for start in range(0, len(order), size * 40):
        chunk = sorted(order[start : start + size * 40], key=lambda i: len(tokens[i]))
        batches += [chunk[i : i + size] for i in range(0, len(chunk), size)]
    for i in torch.randperm(len(batches), generator=generator).tolist():
        yield batches[i]


def _checkpoint(work: Path, parts: dict[str, object], epoch: int) -> None:
    work.mkdir(parents=True, exist_ok=True)
    state = {name: part.state_dict() for name, part in parts.items()}  # type: ignore[attr-defined]
    torch.save({"epoch": epoch, **state}, work / "new.pt")
    (work / "new.pt").replace(work / "last.pt")


def _resume(work: Path, parts: dict[str, object]) -> int:
    """Load the last checkpoint, if there is one, and return how many epochs are done."""
    if not (work / "last.pt").exists():
        return 0
    state = torch.load(work / "last.pt", weights_only=True)
    for name, part in parts.items():
        part.load_state_dict(state[name])  # type: ignore[attr-defined]
    return int(state["epoch"])
