"""The registry of fields: what every column of the dataset is called, holds, and means when it is missing."""

from dataclasses import dataclass
from typing import Literal, cast

TABLES = ("disclosure", "requests", "appeals")

FieldType = Literal["string", "integer", "number", "boolean"]


@dataclass(frozen=True, slots=True)
class Field:
    """One column: its name, type and labels, the unit of its numbers, and what a missing value means.

    `place` is where the form has it: (form id, table code, row code, column code), once per form.
    """

    name: str
    type: FieldType
    label: str
    label_en: str
    missing: str = ""
    unit: str = ""
    values: tuple[str, ...] = ()
    place: tuple[tuple[str, str, str, str], ...] = ()


STATUSES = ("printed", "blank", "derived", "unreadable", "absent")
GRADES = ("verified", "consistent", "inconsistent", "partial")
OUTCOMES = ("pass", "fail", "undecidable")
SCOPES = ("jurisdiction", "office", "department", "township", "zone", "unknown")
REASONS = ("revised", "parsed_again", "better_document")

_NO_DIVISION = "publisher's division unknown or ambiguous"
_NOT_FOUND = "table not in the document"

ID = Field("report_id", "string", "报告标识", "Report, stable from run to run")
YEAR = Field("report_year", "integer", "报告年度", "Year that the report is about", "not stated in the document")
VERSION = Field("version", "integer", "版本", "Version of the report, from 1, in the order of fetching")

_DIVISION = (
    Field("division_code", "string", "行政区划代码", "GB/T 2260 code of the publisher's division", _NO_DIVISION),
    Field("division_name", "string", "行政区划名称", "Name of the publisher's division", _NO_DIVISION),
    Field(
        "prefecture", "string", "所属地级行政区", "Prefecture", "a province, directly under one, or division unknown"
    ),
    Field("province", "string", "所属省级行政区", "Province", _NO_DIVISION),
)
_LINEAGE = (
    Field("series", "string", "区划序列", "Series that a division keeps through changes of code or name", _NO_DIVISION),
    Field("successor_code", "string", "后继区划代码", "Code today of a former code's area", "stands today, or divided"),
)
_PUBLISHER = Field("publisher", "string", "发布机关", "Publisher as printed", "not stated")
_SCOPE = Field("scope", "string", "报告范围", "Whose report it is", values=SCOPES)
_TITLE = Field("title", "string", "标题", "Title", "none found")
_GRADE = Field("grade", "string", "报告评级", "Grade of the report", "no table found", values=GRADES)
_URL = Field("url", "string", "网址", "Address of the document")
_OFFICIAL = Field("host_is_official", "boolean", "官方域名", "Host under gov.cn, which alone proves an official one")
_FETCHED = Field("fetched_at", "string", "抓取时间", "First fetch of this version, ISO 8601 in UTC")

_TABLE_FIELDS = tuple(
    field
    for table, label in zip(TABLES, ("主动公开", "依申请公开", "复议诉讼"), strict=True)
    for field in (
        Field(f"{table}_form", "string", f"{label}表式", f"Form of the {table} table", _NOT_FOUND),
        Field(f"{table}_grade", "string", f"{label}评级", f"Grade of the {table} table", _NOT_FOUND, values=GRADES),
    )
)

_DOCUMENT = (
    _URL,
    Field("host", "string", "域名", "Host of the address"),
    _OFFICIAL,
    Field("media", "string", "文件类别", "A page, or a file attached to one", values=("page", "attachment")),
    Field("found_on", "string", "来源页面", "Page whose link led to the document", "not recorded"),
    Field("site_code", "string", "采集站点代码", "Division code of the harvested site", "not recorded"),
    _FETCHED,
    Field("sha256", "string", "文件哈希", "SHA-256 of the document's bytes"),
)
_PARSER = Field("parser_version", "string", "解析器版本", "Version of the parser that read the document")
_DIGEST = Field("content", "string", "内容摘要", "Digest of title, cells and sections; equal digests, equal content")

REPORT_FIELDS = (
    ID,
    VERSION,
    *_DIVISION,
    *_LINEAGE,
    _PUBLISHER,
    _SCOPE,
    _TITLE,
    YEAR,
    Field("published_at", "string", "发布日期", "Publication date, as precise as printed", "not printed"),
    *_DOCUMENT,
    _GRADE,
    *_TABLE_FIELDS,
    Field("failed_checks", "integer", "不符的核对项数", "Its own checks that fail, narrative included", unit="条"),
    Field("unread_cells", "integer", "未读出的单元格数", "Cells of the tables found, unreadable or absent", unit="个"),
    Field("warnings", "string", "解析提示", "Warnings of the parser, one a line", "none"),
    _PARSER,
    _DIGEST,
)
CELL_FIELDS = (
    ID,
    YEAR,
    Field("table", "string", "表", "Statutory table", values=TABLES),
    Field("form", "string", "表式", "Form of the table"),
    Field("row", "string", "行", "Row of the form"),
    Field("column", "string", "列", "Column of the form"),
    Field("value", "number", "数值", "Number as published, in the unit of its column", "see status"),
    Field("status", "string", "状态", "How the value was read", values=STATUSES),
    Field("raw", "string", "原文", "What stands in the document, untouched", "nothing stands there"),
    Field("where", "string", "位置", "Place in the document, counted from 1", "no such place"),
    Field("unit", "string", "单位", "Unit printed where the form states none", "none printed, or the form's own"),
)
CHECK_FIELDS = (
    ID,
    YEAR,
    Field("table", "string", "表", "Statutory table", values=TABLES),
    Field("id", "string", "核对项", "Check: an identity, narrative.*, or across.*"),
    Field("at", "string", "所在行列", "Row or column over which the identity repeats"),
    Field("left", "number", "左边", "Left side", "cannot be known"),
    Field("right", "number", "右边", "Right side", "cannot be known"),
    Field("outcome", "string", "结果", "Outcome", values=OUTCOMES),
)
SECTION_FIELDS = (
    ID,
    YEAR,
    Field("number", "integer", "序号", "Number of the section in the form, 1 to 6"),
    Field("heading", "string", "小标题", "Heading as printed"),
    Field("text", "string", "正文", "Narrative without tables"),
)
SUPERSEDED_FIELDS = (
    Field("superseded_at", "string", "被取代时间", "First fetch of what replaced this version, ISO 8601 in UTC"),
    Field("reason", "string", "取代原因", "Why it was replaced", values=REASONS),
)
REVISION_FIELDS = (
    ID,
    YEAR,
    VERSION,
    *CELL_FIELDS[2:6],
    *(
        Field(f"{when}_{name}", cast(FieldType, kind), f"{label}{what}", f"{what_en} {when_en}", missing)
        for when, label, when_en in (("old", "原", "before"), ("new", "现", "after"))
        for name, kind, what, what_en, missing in (
            ("value", "number", "数值", "Value", "see the status"),
            ("status", "string", "状态", "Status", "the table or its form was not there"),
            ("raw", "string", "原文", "Text in the document", "nothing stands there"),
            ("first_seen", "string", "首次抓取", "First fetch of the version", ""),
        )
    ),
)
COVERAGE_FIELDS = (
    Field("code", "string", "行政区划代码", "GB/T 2260 code"),
    Field("name", "string", "行政区划名称", "Name of the division"),
    *_DIVISION[2:],
    YEAR,
    Field(
        "published", "boolean", "已发布", "The division's own report is known to exist, if only by a copy", "not known"
    ),
    Field("found", "boolean", "已找到", "A link to it was found on an official host"),
    Field("fetched", "boolean", "已抓取", "It was fetched from an official host"),
    Field("parsed", "boolean", "已解析", "Its three tables were found"),
    Field("verified", "boolean", "已验证", "Its grade is verified"),
    Field("report_id", "string", "报告标识", "The report", "none"),
    Field("reason", "string", "原因", "Why it is not verified", "verified"),
)
PANEL_HEAD_FIELDS = (
    ID,
    *_DIVISION,
    YEAR,
    *_LINEAGE,
    _SCOPE,
    _PUBLISHER,
    _URL,
    _OFFICIAL,
    _GRADE,
    *_TABLE_FIELDS,
)
DOCUMENT_FIELDS = (
    ID,
    YEAR,
    _TITLE,
    *_DOCUMENT,
    _PARSER,
    _DIGEST,
    Field("same_content", "boolean", "内容相同", "Title, cells and sections equal those of the report"),
    Field("differing", "string", "不同的单元格", "Cells unlike those of its page, one a line", "none, or not compared"),
)
