"""What links are, by text and address, inside a report column and outside; and which ones lead to the column."""

import re

import pytest

from scraper.discovery.columns import SURE, judge, rank
from scraper.discovery.items import classify, is_article, is_document, is_under
from scraper.discovery.links import Link

ROOT = "http://www.anping.gov.cn"
COLUMN = f"{ROOT}/zwgk/zfxxgknb/index.html"

INSIDE = [
    ("安平县2023年政府信息公开工作年度报告", "/zwgk/zfxxgknb/t20240117_1.html", "report"),
    ("安平县2023年政府信息公开工作年度报告", "/zwgk/x/", "report"),
    ("2023年政府信息公开年报", "/zwgk/2023/", "report"),
    ("安平县政府信息公开2023年年报", "/a.pdf", "report"),
    ("马港镇2023年度报告", "/a/b/", "report"),
    ("安平县2023年", "/zwgk/zfxxgknb/t20230101_3.html", "report"),
    ("2023年", "/zwgk/zfxxgknb/202401/t20230101_3.html", "report"),
    ("2022年", "/OpennessAnnualReport/year/show/341/2022.html", "report"),
    ("2017年", "/module/xxgk/xxgkAnnualReport.jsp?fbtime=2017&area=11", "report"),
    ("2023年", "/zwgk/zfxxgknb/2023n/", "folder"),
    ("2023", "/x/2023/index.html", "folder"),
    ("2023年度", "/zfxxgknb/2023nian/c1.shtml", "folder"),
    ("2023年年报", "/zfxxgknb/2023/", "folder"),
    ("2023年部门政府信息公开年报", "/zfxxgknb/2023/bm/", "folder"),
    ("部门", "/bm/", "folder"),
    ("县直部门", "/bm/", "folder"),
    ("县政府各部门", "/bm/", "folder"),
    ("各县（市、区）", "/xsq/", "folder"),
    ("乡镇（街道）", "/x/", "folder"),
    ("乡镇、街道", "/x/", "folder"),
    ("乡镇年报", "/x/", "folder"),
    ("县政府", "/x/", "folder"),
    ("县政府办公室", "/zwgk/zfxxgknb/bgs/", "folder"),
    ("教育局", "/zwgk/zfxxgknb/jyj/", "folder"),
    ("永靖县", "/zwgk/zfxxgknb/yjx/", "folder"),
    ("教育局", "/jyj/", None),
    ("政府信息公开指南", "/zn/", "decoy"),
    ("2023年财政预算", "/ys.html", "decoy"),
    ("安平县2023年政府网站工作年度报表", "/zwgk/zfxxgknb/t20240117_1.html", "decoy"),
    ("联系我们", "/zwgk/zfxxgknb/lx.html", None),
    ("首页", "/", None),
    ("下一页", "/zwgk/zfxxgknb/index_1.html", None),
    ("3", "/zwgk/zfxxgknb/index_2.html", None),
    ("政府信息公开年报", "/zwgk/zfxxgknb/", None),
    ("年报", "/nb/", None),
    ("政府信息公开目录", "/ml/", None),
    ("", "/zwgk/zfxxgknb/x/", None),
]


@pytest.mark.parametrize(("text", "path", "sort"), INSIDE)
def test_what_a_link_is_inside_the_column(text, path, sort):
    item = classify(Link(ROOT + path, text), COLUMN)
    assert (item.sort if item else None) == sort


@pytest.mark.parametrize(("text", "path", "sort"), INSIDE)
def test_outside_a_column_only_full_titles_count(text, path, sort):
    item = classify(Link(ROOT + path, text), None)
    full = sort == "report" and "政府信息公开" in text
    assert (item.sort if item else None) == ("report" if full else "report" if "部门政府" in text else None)


def test_a_title_without_a_year_counts_by_the_date_beside_it():
    link = Link(f"{ROOT}/zwgk/zfxxgknb/t20240117_1.html", "安平县政府信息公开工作年度报告", "2024-01-17")
    item = classify(link, COLUMN)
    assert item is not None
    assert (item.sort, item.year) == ("report", 2023)
    assert classify(link, None) is None
    assert classify(Link(f"{ROOT}/zwgk/zfxxgknb/", link.text, link.date), COLUMN) is None


ARTICLES = re.findall(
    r"\S+",
    """
/zwgk/xxgknb/202501/t20250127_146820.html /xzf/gknb/t947244.shtml /zfb/zfxxgknb/t_7158622.html
/zfxxgknb/xzfbm/zfbgs/202102/t20210203_8862455_wap.html /art/2024/1/30/art_1229114055_89890.html
/xxgk/art/2025/art_c3adb681a5194c23a37c711261924866.html /zwgk/xxgknb/content/post_1872167.html /info/2381/644672.htm
/jsx/c107184/202401/d35a2163ee5646aa809c14b27083234d.shtml /hebmlx/c111204/202309/c01_925848.shtml
/OpennessAnnualReport/show/7179.html /OpennessAnnualReport/year/show/341/2022.html /XxgkAnnualReport/show/6587.html
/Xxgknb/show/616527.html?type=1 /public/content/1259510299 /public/6596035/1260855690.html /Content-2673984.html
/columns/46a69ba8-6983-4991-a5f0-2bb20825f779/202502/17/171893c3-58f2-42c4-beaf-d4e012f8e33b.html
/module/xxgk/xxgkAnnualReport.jsp?area=11371082004363781R&fbtime=2025 /1969/1984/1988/content_1716819.html
/xxgk-show-68331.html /zfxxgknb/xj/1753311688616128514.html /html/5845/322280.html /2024/03-18/750009.html
/c/2026-02-03/7104080.shtml /kyqq/2026-01/30/article_2026013016545054839.html /Pages_183_59307.aspx
/gongkai/site_x/channel_c/doc_697b12ce48630dd964c7a75f.html /zfxxgk_lcs/artview/195/345407.html?nbYear=2025
/c/www/2024nszfnb/390824.jhtml /zwgk/xxgknb/20260115/i3849993.html /zwgk/xxgknb/63ae9ee5f8fd1c4c2133970d.html
""",
)
LISTS = re.findall(
    r"\S+",
    """
/ /zwgk/ /zwgk/zfxxgknb/ /zwgk/xxgknb/index.html /zwgk/xxgknb/index_2.html /col/col5985/index.html /zwgk/zfxxgknb.htm
/zwgk/zfxxgknb/3.htm /anping/c112945/list.shtml /anping/c112945/column-index-2.shtml /gkmlpt/index
/OpennessContent/showList/12/340/page_1.html /public/column/12251?type=3&timeFrame=2023 /zfxxgk/zfxxgknb/2023n
/list.php?cat=9 /zwgk/zfxxgknb/szfnb/2022n/1.html
""",
)


@pytest.mark.parametrize("path", ARTICLES)
def test_shapes_of_articles(path):
    assert is_article(ROOT + path)


@pytest.mark.parametrize("path", LISTS)
def test_shapes_of_lists(path):
    assert not is_article(ROOT + path)


@pytest.mark.parametrize("name", ["a.pdf", "a.PDF", "a.doc", "a.docx", "a.wps", "a.xls", "a.xlsx", "a.ofd", "a.zip"])
def test_documents(name):
    assert is_document(f"{ROOT}/att/{name}?x=1")


def test_places_below_a_column():
    assert is_under(f"{ROOT}/zwgk/zfxxgknb/bm/", COLUMN)
    assert not is_under(f"{ROOT}/zwgk/other/", COLUMN)
    assert not is_under("http://other.gov.cn/zwgk/zfxxgknb/bm/", COLUMN)
    assert not is_under(f"{ROOT}/bm/", f"{ROOT}/list.php?cat=9")


LEADS = [
    ("政府信息公开年报", "column"),
    ("信息公开年报", "column"),
    ("公开年报", "column"),
    ("年度报告", "column"),
    ("政府信息公开年度报告", "column"),
    ("政府信息公开工作年度报告", "column"),
    ("政务信息公开年报", "column"),
    ("政府信息年度公开", "column"),
    ("【政府信息公开年报】", "column"),
    ("· 年 报", "column"),
    ("安平县政府信息公开年报", "column"),
    ("各部门政府信息公开年报", "column"),
    ("乡镇年报", "column"),
    ("政府信息公开", "disclosure"),
    ("政务公开", "disclosure"),
    ("信息公开", "disclosure"),
    ("政府信息公开专栏", "disclosure"),
    ("政府信息公开目录", "disclosure"),
    ("政府信息公开平台", "disclosure"),
    ("法定主动公开内容", "disclosure"),
    ("安平县政府信息公开", "disclosure"),
    ("政府信息公开指南", None),
    ("政府信息公开制度", None),
    ("依申请公开", None),
    ("政府网站工作年度报表", None),
    ("法治政府建设年度报告", None),
    ("企业年报", None),
    ("财政预决算公开", None),
    ("安平县2023年政府信息公开年报", None),
    ("2023年", None),
    ("政策解读", None),
    ("首页", None),
    ("", None),
]


@pytest.mark.parametrize(("text", "kind"), LEADS)
def test_which_links_lead_to_the_column(text, kind):
    candidate = judge(Link(f"{ROOT}/x/", text), ROOT)
    assert (candidate.kind if candidate else None) == kind


def test_the_column_comes_before_the_disclosure_page_and_the_own_host_before_another():
    links = (
        Link(f"{ROOT}/a/", "政务公开"),
        Link(f"{ROOT}/b/", "政府信息公开"),
        Link("http://xxgk.anping.gov.cn/c/", "政府信息公开年报"),
        Link(f"{ROOT}/d/", "年报"),
        Link(f"{ROOT}/e/", "政府信息公开年报"),
        Link("http://www.raoyang.gov.cn/", "政府信息公开年报"),
        Link(f"{ROOT}/f/zfxxgknb/", "信息公开年报"),
    )
    ranked = rank(links, f"{ROOT}/")
    assert [candidate.link.url.rsplit("/", 2)[-2] for candidate in ranked] == ["zfxxgknb", "e", "c", "d", "b", "a"]
    assert [candidate.score >= SURE for candidate in ranked] == [True, True, True, False, False, False]
