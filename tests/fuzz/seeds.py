"""Good documents to spoil: the committed sample pages and documents of the zoo."""

from functools import cache
from pathlib import Path

from tests.zoo.documents import document
from tests.zoo.plans import plain_plans

SAMPLES = Path(__file__).resolve().parents[2] / "data" / "samples" / "sites"
LARGEST = 150_000


@cache
def seeds(documents: int = 120) -> tuple[bytes, ...]:
    """Return sample pages and zoo documents of every layout, arrangement and noise, evenly spread."""
    pages = [path.read_bytes() for path in sorted(SAMPLES.rglob("*")) if path.is_file()]
    every = max(1, len(plain_plans()) // documents)
    made = [document(number, seed=7).body for number in range(0, len(plain_plans()), every)]
    return tuple(body for body in (*pages, *made) if len(body) < LARGEST)
