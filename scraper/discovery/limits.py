"""The bounds of a walk through one site."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How far a walk goes; every number is counted per site unless it says otherwise.

    `expected_year` is the newest report year that should be out by now, as a caller with a clock knows it: where a
    known column has only older reports, the home page is searched as well. None leaves that out.
    """

    hops: int = 4  # from the home page to the column
    levels: int = 3  # of sub-folders below the column
    tries: int = 24  # pages looked at in search of the first column
    list_pages: int = 600  # pages of lists in all
    pages_of_list: int = 60  # pages of one list
    barren_pages: int = 3  # pages of one list in a row without a report or decoy, where the list states no end
    attachments: int = 30  # of one report
    expected_year: int | None = None
