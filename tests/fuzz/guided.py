"""The target of a coverage-guided fuzzer; see README.md. Needs atheris, which the project does not install.

python -m tests.fuzz.guided CORPUS -max_total_time=300
"""

import sys
from pathlib import Path

from tests.fuzz.confined import examine
from tests.fuzz.run import SLOW
from tests.fuzz.seeds import seeds


def target(body: bytes) -> None:
    """Parse a body; raise on anything that no document may cause."""
    seconds, wrong = examine(body)
    if wrong:
        raise AssertionError(wrong[0])
    if seconds > 10 * SLOW:  # the code is slowed down by its instruments
        raise AssertionError(f"{seconds:.1f} s")


def write_corpus(folder: Path) -> None:
    """Write the good documents there, where the folder is empty."""
    folder.mkdir(parents=True, exist_ok=True)
    if not any(folder.iterdir()):
        for number, body in enumerate(seeds()):
            (folder / f"{number:04}").write_bytes(body)


def main() -> None:
    """Run the fuzzer with the arguments of the command line, the first of which is the corpus."""
    import atheris  # type: ignore[import-not-found, import-untyped, unused-ignore]

    folders = [argument for argument in sys.argv[1:] if not argument.startswith("-")]
    if folders:
        write_corpus(Path(folders[0]))
    atheris.instrument_all()
    atheris.Setup(sys.argv, target)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
