"""The encoder in PyTorch, its ONNX file, and the table's fit, on small ones made here."""

import itertools

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs the extra 'train'")
pytest.importorskip("onnx", reason="needs the extra 'train'")

from journeyseo.classifier.ngrams import NgramOptions
from journeyseo.training.base import Recipe, Tuned, averaged, fine_tune, original_vectors
from journeyseo.training.e5 import E5
from journeyseo.training.graph import four_bits, graph_bytes
from journeyseo.training.network import PAD, Encoder, padded
from journeyseo.training.student import Course, buckets_of, fit_table, rarity

WIDTH, INNER, WORDS = 64, 96, 40


@pytest.fixture(scope="module")
def e5():
    dice = np.random.default_rng(0)

    def draw(*shape):
        return (dice.normal(size=shape) * 0.08).astype(np.float32)

    # As the original's: numbers of 4 bits, so that writing them in 4 bits loses nothing.
    words = dice.integers(-8, 8, size=(WORDS, WIDTH))
    words[:, ::32] = -8
    tensors = {"word": (words * 0.05).astype(np.float32)}
    tensors |= {"position": draw(64, WIDTH), "type": draw(WIDTH)}
    tensors |= {"norm.w": np.ones(WIDTH, np.float32), "norm.b": np.zeros(WIDTH, np.float32)}
    for layer in range(2):
        for name, (out, into) in {
            "q": (WIDTH, WIDTH), "k": (WIDTH, WIDTH), "v": (WIDTH, WIDTH), "ao": (WIDTH, WIDTH),
            "fi": (INNER, WIDTH), "fo": (WIDTH, INNER),
        }.items():  # fmt: skip
            tensors[f"{layer}.{name}.w"], tensors[f"{layer}.{name}.b"] = draw(out, into), draw(out)
        for name in ("aln", "oln"):
            tensors[f"{layer}.{name}.w"] = np.ones(WIDTH, np.float32)
            tensors[f"{layer}.{name}.b"] = np.zeros(WIDTH, np.float32)
    pieces = tuple(f"p{i}" for i in range(WORDS))
    return E5(pieces, (0.0,) * WORDS, tensors, 4, 1e-12, 2)


@pytest.fixture(scope="module")
def tuned(e5):
    torch.manual_seed(0)
    encoder = Encoder(e5.tensors, e5.heads, e5.epsilon, 2)
    likeness = torch.nn.Linear(2 * WIDTH, WIDTH, bias=False)
    return Tuned(encoder, torch.nn.Linear(WIDTH, 6), likeness, Recipe(layers=2, middle=1))


def texts(count, seed=1):
    dice = np.random.default_rng(seed)
    return [dice.integers(4, WORDS, size=dice.integers(1, 9)).tolist() for _ in range(count)]


def run(graph, ids):
    import onnxruntime

    session = onnxruntime.InferenceSession(graph, providers=["CPUExecutionProvider"])
    return session.run(None, {"input_ids": ids, "attention_mask": (ids != PAD).astype(np.int64)})


def test_four_bits_keep_what_was_four_bits():
    dice = np.random.default_rng(0)
    numbers = dice.integers(-8, 8, size=(5, 2, 32))
    numbers[..., 0] = -8
    words = (numbers * 0.25).reshape(5, 64).astype(np.float32)
    packed, scales = four_bits(words)
    low, high = (packed & 15).astype(np.int8), (packed >> 4).astype(np.int8)
    back = np.stack([low, high], -1).reshape(5, 64)
    back = np.where(back > 7, back - 16, back).reshape(5, 2, 32) * scales[..., None].astype(np.float32)
    np.testing.assert_allclose(back.reshape(5, 64), words, atol=1e-6)


def test_the_graph_says_what_the_network_says(tuned):
    own = padded(texts(16))
    scores, vectors = run(graph_bytes(tuned), own.numpy())
    with torch.no_grad():
        between, last = tuned.encoder(own, 1)
        wanted = tuned.stages(last).numpy()
        likeness = torch.nn.functional.normalize(tuned.likeness(torch.cat([between, last], 1))).numpy()
    # 8 bits lose a little; scores here spread over about 2.
    assert np.abs(scores - wanted).mean() < 0.03
    assert (vectors * likeness).sum(axis=1).min() > 0.98


def test_the_graph_gives_a_row_the_same_bits_beside_any_other(tuned):
    graph, own = graph_bytes(tuned), padded(texts(30)).numpy()
    whole = run(graph, own)
    loud = own.copy()
    loud[2:] = np.roll(loud[2:], 5, axis=0)
    for a, b in zip(whole[:2], run(graph, loud)[:2], strict=True):
        np.testing.assert_array_equal(a[:2], b[:2])


def test_fine_tuning_learns_goes_on_and_repeats(e5, tmp_path):
    # The label is whether the first token is in the upper half.
    own = texts(200)
    target = np.eye(6, dtype=np.float32)[[int(t[0] >= WORDS // 2) for t in own]]
    original = original_vectors(e5, own, [])
    recipe = Recipe(layers=2, middle=1, epochs=6, batch=20, rate=3e-3)
    notes = []
    options = {"recipe": recipe, "notify": notes.append}
    first = fine_tune(e5, own, lambda _: own, target, lambda: original, work=tmp_path / "a", **options)
    assert (first.scores(own).argmax(axis=1) == target.argmax(axis=1)).mean() > 0.9
    again = fine_tune(e5, own, lambda _: own, target, lambda: original, work=tmp_path / "b", **options)
    np.testing.assert_array_equal(first.scores(own), again.scores(own))
    notes.clear()
    resumed = fine_tune(e5, own, lambda _: own, target, lambda: original, work=tmp_path / "a", **options)
    assert not notes
    np.testing.assert_array_equal(first.scores(own), resumed.scores(own))


def test_members_begin_alike_and_their_mean_is_of_every_weight(e5, tmp_path):
    own = texts(60)
    target = np.eye(6, dtype=np.float32)[[int(t[0] >= WORDS // 2) for t in own]]
    original = original_vectors(e5, own, [])

    def member(seed: int, epochs: int):
        recipe = Recipe(layers=2, middle=1, epochs=epochs, batch=20, rate=3e-3, seed=seed)
        work = tmp_path / f"{seed}-{epochs}"
        return fine_tune(
            e5, own, lambda _: own, target, lambda: original, recipe=recipe, work=work, notify=lambda _: None
        )

    np.testing.assert_array_equal(member(0, 0).scores(own), member(1, 0).scores(own))
    first, second = member(0, 2), member(1, 2)
    names = ("encoder", "stages", "likeness")
    before = [
        [w.detach().clone() for w in getattr(m, n).parameters()] for m in (first, second) for n in names
    ]
    whole = averaged([first, second])
    for i, name in enumerate(names):
        for now, one, other in zip(getattr(whole, name).parameters(), before[i], before[3 + i], strict=True):
            torch.testing.assert_close(now, (one + other) / 2)
    assert any((one != other).any() for one, other in zip(before[0], before[3], strict=True))


def test_a_query_and_its_change_come_to_one_answer(e5, tmp_path):
    # The label is in the first token, which the change takes to the other half in three of ten texts.
    own = texts(200)
    turned = [[4 + (t[0] + 14) % (WORDS - 4), *t[1:]] if i % 10 < 3 else t for i, t in enumerate(own)]
    target = np.eye(6, dtype=np.float32)[[int(t[0] >= WORDS // 2) for t in own]]
    original = original_vectors(e5, own, [])

    def apart(steadiness: float) -> float:
        recipe = Recipe(layers=2, middle=1, epochs=6, batch=20, rate=3e-3, steadiness=steadiness)
        work = tmp_path / str(steadiness)
        tuned = fine_tune(
            e5,
            own,
            lambda _: turned,
            target,
            lambda: original,
            recipe=recipe,
            work=work,
            notify=lambda _: None,
        )
        return float(np.abs(tuned.scores(own) - tuned.scores(turned)).mean())

    assert apart(10.0) < 0.5 * apart(0.0)


def test_the_table_learns():
    words = ["buy", "what is"]
    queries = [f"{words[i % 2]} thing{i // 2}" for i in range(200)]
    target = np.eye(2, dtype=np.float32)[[i % 2 for i in range(200)]]
    options = NgramOptions(bits=12)
    found = buckets_of(queries, options)
    weights = rarity(found, 2**12)
    notes = []
    table, bias = fit_table(
        found, target, np.ones(200, np.float32), weights, course=Course(batch=32), notify=notes.append
    )
    assert table.shape == (2**12, 2)
    assert len(notes) == Course().epochs
    judged = buckets_of(["buy kayak", "what is kayak"], options)
    scores = [
        (table * weights[:, None])[judged.buckets[a:b]].sum(axis=0) + bias
        for a, b in itertools.pairwise(judged.offsets)
    ]
    assert [int(np.argmax(s)) for s in scores] == [0, 1]
