"""A jurisdiction against its agencies: when all of them are there, and what their numbers add up to.

A jurisdiction's report need not cover its agencies, and no list says which ones it has. So the sum is taken only where
the report itself says how many agencies it was put together from, that very number of agencies have a report of that
year in the dataset, and each of those numbers is known; all else is undecidable. A jurisdiction of whose agencies the
dataset has none is not compared.
"""

import re
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

_AGENCIES = ("office", "department", "township", "zone")

_SENTENCE = re.compile(r"[^。；;\n]+")
_PUT_TOGETHER = re.compile(r"汇总|汇编")
_COUNTED = re.compile(r"(\d{1,4})[个家](?P<what>[^\d，,、。；;（(]{1,12})")
_AGENCY = re.compile(r"部门|单位|机关|机构|委办局|乡|镇|街道|苏木|管委会|办事处|开发区|园区")
_LOWER = re.compile(r"^(县|市|区|旗|县区|区县|县市|市县)(?![直级属政])")
_BREAKDOWN = re.compile(r"其中|[（(].*")

Texts = Callable[[list[str]], dict[str, str]]


def agency_sums(
    panel: pa.Table, columns: list[str], texts: Texts
) -> tuple[npt.NDArray[np.int64], dict[str, npt.NDArray[np.float64]]]:
    """Return the rows of the jurisdictions that have agencies in the panel of a year, and for each column the sums.

    A sum is NaN unless all agencies are there and each has that number.
    """
    official = panel.filter(pc.and_(panel.column("host_is_official"), pc.is_valid(panel.column("division_code"))))
    agencies = official.filter(pc.is_in(official.column("scope"), value_set=pa.array(_AGENCIES)))
    exact = pc.ScalarAggregateOptions(skip_nulls=False, min_count=0)
    grouped = agencies.group_by("division_code").aggregate(
        [([], "count_all"), *((name, "sum", exact) for name in columns)]
    )
    rows = _jurisdictions(panel, grouped.column("division_code"))
    where = pc.index_in(panel.column("division_code").take(pa.array(rows)), value_set=grouped.column("division_code"))
    found = grouped.take(where)
    complete = _complete(panel.column("report_id").take(pa.array(rows)).to_pylist(), found.column("count_all"), texts)
    return rows, {
        name: np.where(complete, found.column(f"{name}_sum").to_numpy().astype(np.float64), np.nan) for name in columns
    }


def declared_agencies(text: str) -> int | None:
    """Return of how many agencies a narrative says that its numbers were put together, None where it does not.

    `汇总了全县42个部门和16个乡镇的数据` is 58. A total beside its parts counts once; a sentence that counts
    counties too, and sentences that disagree, say nothing.
    """
    said = {_declared(sentence) for sentence in _SENTENCE.findall(text) if _PUT_TOGETHER.search(sentence)}
    said.discard(None)
    return (said.pop() or None) if len(said) == 1 else None


def _declared(sentence: str) -> int | None:
    """Return what one sentence says: None where it counts nothing, 0 where what it counts are not agencies alone."""
    counted = list(_COUNTED.finditer(_BREAKDOWN.split(sentence)[0]))
    if any(_LOWER.match(match["what"]) for match in counted):
        return 0
    counts = [int(match[1]) for match in counted if _AGENCY.search(match["what"])]
    if not counts:
        return None
    largest = max(counts)
    return largest if len(counts) > 1 and largest * 2 == sum(counts) else sum(counts)


def _jurisdictions(panel: pa.Table, codes: pa.ChunkedArray) -> npt.NDArray[np.int64]:
    own = pc.and_(pc.equal(panel.column("scope"), "jurisdiction"), panel.column("host_is_official"))
    with_agencies = pc.is_in(panel.column("division_code"), value_set=codes.combine_chunks())
    return np.flatnonzero(pc.fill_null(pc.and_(own, with_agencies), fill_value=False).to_numpy())


def _complete(ids: list[str], counts: pa.ChunkedArray, texts: Texts) -> npt.NDArray[np.bool_]:
    told = texts(ids) if ids else {}
    declared = [declared_agencies(told.get(identifier, "")) for identifier in ids]
    pairs = zip(declared, counts.to_pylist(), strict=True)
    return np.array([said == there for said, there in pairs], dtype=np.bool_)
