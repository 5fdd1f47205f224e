"""Trains the second reader of digits and writes its weights: `python -m tests.scans.training.learn --minutes 25`."""

import argparse
import multiprocessing
import time
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax

from tests.scans.training.export import write_onnx
from tests.scans.training.glyphs import ALPHABET, HEIGHT, WIDTH, samples

LAYERS = (
    ((5, 5, 1, 24), (2, 2)),
    ((3, 3, 24, 40), (2, 1)),
    ((3, 3, 40, 56), (2, 1)),
    ((3, 3, 56, 64), (2, 1)),
    ((2, 3, 64, 96), (1, 1)),
    ((1, 3, 96, 96), (1, 1)),
)
"""(shape of the kernel, stride) of each layer."""
LONGEST = 14
POOL = 160_000
BATCH = 64
NARROW = 96
FASTEST = 2e-3
SLOWEST = 0.02
Params = dict[str, Any]


def normalised(grey: np.ndarray) -> np.ndarray:
    """Return images as ink (1) on paper (0); the reader does the same."""
    flat = grey.reshape(len(grey), -1).astype(np.float32)
    paper = np.median(flat, axis=1)[:, None, None]
    ink = np.percentile(flat, 1, axis=1)[:, None, None]
    return np.clip((paper - grey) / np.maximum(paper - ink, 40), -0.5, 1.5).astype(np.float32)


def initial(seed: int) -> Params:
    """Return random weights (He), and means and variances to be followed."""
    keys = jax.random.split(jax.random.PRNGKey(seed), len(LAYERS) + 1)
    layers = [
        {
            "w": jax.random.normal(key, shape) * np.sqrt(2 / np.prod(shape[:3])),
            "gain": jnp.ones(shape[3]),
            "bias": jnp.zeros(shape[3]),
        }
        for key, (shape, _) in zip(keys, LAYERS, strict=False)
    ]
    width = LAYERS[-1][0][3]
    out = {"w": jax.random.normal(keys[-1], (width, len(ALPHABET) + 1)) * 0.05, "b": jnp.zeros(len(ALPHABET) + 1)}
    return {"layers": layers, "out": out}


def forward(params: Params, x: jax.Array, moments: list[Any] | None) -> tuple[jax.Array, list[Any]]:
    """Return the scores (batch, step, sign; sign 0 is none) and the moments; those given are used where there are."""
    seen = []
    for index, (layer, (shape, stride)) in enumerate(zip(params["layers"], LAYERS, strict=True)):
        across = (shape[1] // 2, shape[1] // 2)
        padding = ((0, 0) if shape[0] == 2 else (shape[0] // 2, shape[0] // 2), across)
        x = jax.lax.conv_general_dilated(x, layer["w"], stride, padding, dimension_numbers=("NHWC", "HWIO", "NHWC"))
        mean, variance = moments[index] if moments else (x.mean((0, 1, 2)), x.var((0, 1, 2)))
        seen.append((mean, variance))
        x = jax.nn.relu((x - mean) * jax.lax.rsqrt(variance + 1e-4) * layer["gain"] + layer["bias"])
    return x[:, 0] @ params["out"]["w"] + params["out"]["b"], seen


def loss_of(params: Params, x: jax.Array, labels: jax.Array, padding: jax.Array) -> tuple[jax.Array, list[Any]]:
    """Return the mean CTC loss of a batch and its moments."""
    logits, seen = forward(params, x, None)
    loss = optax.ctc_loss(logits, jnp.zeros(logits.shape[:2]), labels, padding, blank_id=0)
    return loss.mean(), seen


def _feed(queue: Any, seed: int) -> None:
    made = samples(seed)
    while True:
        batch = [next(made) for _ in range(500)]
        queue.put((np.stack([image for image, _, _ in batch]), [(text, width) for _, text, width in batch]))


def encoded(texts: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Return labels and their padding as the loss wants them."""
    labels, padding = np.zeros((len(texts), LONGEST), np.int32), np.ones((len(texts), LONGEST), np.float32)
    for row, text in enumerate(texts):
        labels[row, : len(text)] = [ALPHABET.index(sign) + 1 for sign in text]
        padding[row, : len(text)] = 0
    return labels, padding


def decoded(scores: np.ndarray) -> list[str]:
    """Return the likeliest signs of each row of scores."""
    best = scores.argmax(-1)
    texts = []
    for row in best:
        kept = [sign for index, sign in enumerate(row) if sign and (index == 0 or sign != row[index - 1])]
        texts.append("".join(ALPHABET[sign - 1] for sign in kept))
    return texts


class Pool:
    """The samples made so far; old ones give way to new ones."""

    def __init__(self, queue: Any) -> None:
        self.queue = queue
        self.images = np.zeros((POOL, HEIGHT, WIDTH), np.uint8)
        self.widths = np.zeros(POOL, np.int32)
        self.texts: list[str] = []
        self.made = 0

    def take(self) -> None:
        """Take what was made since, waiting for the first samples."""
        while not self.texts or not self.queue.empty():
            images, texts = self.queue.get()
            for image, (text, width) in zip(images, texts, strict=True):
                if len(text) > LONGEST:
                    continue
                at = self.made % POOL
                self.images[at] = image
                self.widths[at] = width
                self.texts[at : at + 1] = [text]
                self.made += 1

    def pick(self, rng: np.random.Generator) -> tuple[np.ndarray, int]:
        """Return the indexes of a batch, and the width that it needs: narrow samples go together, for speed."""
        room = NARROW if rng.random() < 0.7 else WIDTH
        fitting = np.flatnonzero(self.widths[: len(self.texts)] <= room)
        return rng.choice(fitting, BATCH), room


class Trainer:
    """The weights being learnt, with the moments of their layers, and the optimiser's state (Adam)."""

    def __init__(self, seed: int) -> None:
        self.params = initial(seed)
        self.moments: list[Any] | None = None
        chain = (optax.clip_by_global_norm(5.0), optax.scale_by_adam(), optax.add_decayed_weights(1e-4))
        self._optimiser = optax.chain(*chain)
        self._state = self._optimiser.init(self.params)
        self._gradient = jax.jit(jax.value_and_grad(loss_of, has_aux=True))
        self._update = jax.jit(self._optimiser.update)

    def step(self, images: np.ndarray, texts: list[str], speed: float) -> float:
        """Learn from one batch and return its loss."""
        labels, padding = encoded(texts)
        (loss, seen), grads = self._gradient(self.params, normalised(images)[..., None], labels, padding)
        updates, self._state = self._update(grads, self._state, self.params)
        self.params = jax.tree.map(lambda value, change: value - speed * change, self.params, updates)
        last = self.moments or seen
        self.moments = jax.tree.map(lambda old, new: 0.99 * old + 0.01 * new, last, seen)
        return float(loss)


def train(minutes: float, out: Path, seed: int) -> None:
    """Train for some minutes, ever slower, and write the weights, also in between."""
    context = multiprocessing.get_context("spawn")
    queue: Any = context.Queue(8)
    worker = context.Process(target=_feed, args=(queue, seed + 1), daemon=True)
    worker.start()
    pool, trainer, rng = Pool(queue), Trainer(seed), np.random.default_rng(seed)
    begun, step, mean_loss = time.monotonic(), 0, 3.0
    while (spent := time.monotonic() - begun) < 60 * minutes:
        if step % 20 == 0:
            pool.take()
        picked, room = pool.pick(rng)
        left = 1 - spent / (60 * minutes)
        speed = FASTEST * min(1.0, max(SLOWEST, 1.3 * left))
        loss = trainer.step(pool.images[picked][:, :, :room], [pool.texts[i] for i in picked], speed)
        mean_loss, step = 0.99 * mean_loss + 0.01 * loss, step + 1
        if step % 100 == 0:
            print(f"{step} steps, {spent:.0f} s, {pool.made} samples, loss {mean_loss:.4f}", flush=True)  # noqa: T201
            write_onnx(trainer.params, trainer.moments, LAYERS, out)
    write_onnx(trainer.params, trainer.moments, LAYERS, out)
    worker.terminate()


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.scans.training.learn", description=__doc__)
    parser.add_argument("--minutes", type=float, default=25)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=Path("parsers/ocr/digits.onnx"))
    options = parser.parse_args()
    train(options.minutes, options.out, options.seed)


if __name__ == "__main__":
    main()
