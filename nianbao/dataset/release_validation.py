"""What a release says of its own checks, and that a dataset that contradicts itself is not released."""

from nianbao.dataset.reader import Dataset
from nianbao.dataset.validation import validate
from nianbao.dataset.validation_report import validation_markdown
from parsers.errors import DatasetError


def validation_report(dataset: Dataset) -> str:
    """Run all checks and return the report in Markdown; checks that fail as published are part of it.

    Raises DatasetError if the dataset is damaged or does not agree with itself: nobody should cite that.
    """
    findings = validate(dataset.folder)
    if not findings.sound:
        first, count = findings.defects[0], len(findings.defects)
        more = f" and {count - 1} more defects" if count > 1 else ""
        raise DatasetError(f"{dataset.folder}: {first}{more}; run `nianbao check` on the store before a release")
    return validation_markdown(findings)
