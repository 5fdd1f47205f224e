"""The grades that a table read without fault can have, worked out from the published cells alone."""

from tests.zoo.placing import total
from tests.zoo.statute import form
from tests.zoo.truths import Side, Truth, sides

READ_GRADES = frozenset({"verified", "consistent", "inconsistent"})


def _known(side: Side) -> bool:
    return any(value is not None for value in side)


def outcomes(left: Side, right: Side, *, totalled: bool) -> set[str]:
    """Return the outcomes a check can have.

    `totalled`: the left side is the total of the right. A total left blank beside parts that are not is undecidable, an
    identity without any printed term too.
    """
    if not _known(left) and not _known(right):
        return {"undecidable"}
    if totalled and not _known(left):
        return {"undecidable"}
    return {"pass" if abs(total(tuple(left)) - total(tuple(right))) < 1e-9 else "fail"}


def _blank_totals(report: Truth, table: str) -> frozenset[str]:
    """Return the keys of totals (`total`, `handled`) left blank beside parts that are not: nobody knows them."""
    keys = set()
    for item in form(report.forms[table]).identities:
        if item.table == table and item.id != "requests.balance":
            for at, left, right in sides(report, table, item.id):
                if left[0] is None and _known(right):
                    keys.add(f"{table}.{at}.{item.left[0]}" if item.per == "row" else f"{table}.{item.left[0]}.{at}")
    return frozenset(keys)


def _checks(report: Truth, table: str) -> list[set[str]]:
    """Return the outcomes each check of a table can have; a term nobody knows leaves it open or passing."""
    unknown, checks = _blank_totals(report, table), []
    for item in form(report.forms[table]).identities:
        if item.table == table:
            for at, left, right in sides(report, table, item.id):
                terms = {
                    f"{table}.{t}.{at}" if item.per == "column" else f"{table}.{at}.{t}"
                    for t in (*item.left, *item.right)
                }
                found = outcomes(left, right, totalled=item.id != "requests.balance")
                checks.append((found - {"fail"}) | {"undecidable"} if terms & unknown else found)
    return checks


def grades(report: Truth, table: str) -> frozenset[str]:
    """Return the grades that a faultless reading of the table can have."""
    checks = _checks(report, table)
    if not checks:
        return frozenset({"consistent"})
    if any(check == {"fail"} for check in checks):
        return frozenset({"inconsistent"})
    possible = {"inconsistent"} if any("fail" in check for check in checks) else set()
    if any("undecidable" in check for check in checks):
        possible |= {"consistent"}
    if all(check & {"pass"} for check in checks):
        possible |= {"verified"}
    return frozenset(possible)
