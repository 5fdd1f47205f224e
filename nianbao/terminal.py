"""The terminal as the commands write to it: plain text, without colour codes where it is none."""

from rich.console import Console


class Terminal(Console):
    """A console of rich that leaves page texts as they are and passes a lost reader on to the command line."""

    def __init__(self, *, stderr: bool = False) -> None:
        super().__init__(stderr=stderr, highlight=False, markup=False, emoji=False)

    def on_broken_pipe(self) -> None:
        """Raise the BrokenPipeError again, where rich would end the process with a status of its own."""
        raise
