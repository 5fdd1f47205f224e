"""The words around the tables: introductions and the six sections, with numbers of their own as real reports have."""

from random import Random

from tests.zoo.truths import Truth

OPENINGS = (
    "根据《中华人民共和国政府信息公开条例》（国务院令第711号）的要求，现公布{who}{year}年政府信息公开工作年度报告。",
    "本报告由{who}编制，所列数据的统计期限自{year}年1月1日起至{year}年12月31日止，联系电话：0{a}-{b}{c}。",
    "现将{year}年度本机关公开工作的情况报告如下，全文由六个部分组成。",
)
OVERVIEW = (
    "{year}年，本机关把公开贯穿于决策、执行和服务的全过程，全年办理会议议题{a}个。",
    "（一）主动公开情况。全年通过网站发布各类信息{b}条，其中动态{c}条、公告{a}条；微信公众号推送{c}条。",
    "（二）依申请公开情况。{requests}",
    "（三）政府信息管理情况。一是梳理目录{a}项；二是清理失效文件{d}件；三是落实审查登记，做到每件留痕。",
    "（四）平台建设情况。完成栏目调整{d}处，整改错链{a}个，专区接待群众{c}人次。",
    "（五）监督保障情况。组织培训{d}场，参加{c}人，开展社会评议1次，未发生责任追究。",
)
PROBLEMS = (
    "过去一年的工作中仍有不足：一是解读形式较为单一；二是基层人员更替较快，业务不够熟练。",
    "{next}年，将从两方面改进：1.扩大公开范围，增加图表和视频；2.每季度培训{d}次，由专人答疑。",
)
OTHERS = (
    "{year}年按照有关办法收取信息处理费{fee}元。",
    "没有其他需要报告的事项。",
    "{year}年承办人大建议{a}件、政协提案{d}件，答复全文均已公开。",
)
FOOTERS = (
    "主办：{who}　版权所有",
    "网站标识码：3213220037　备案号：苏ICP备1900{a}号",
    "您是第{c}{b}位访客",
    "打印本页　关闭窗口",
)


def statements(report: Truth) -> dict[str, int] | None:
    """Return the numbers of tables 3 and 4 that the narrative tells; None where the tables do not settle them."""
    keys = {
        "new": ("requests.new.total",),
        "handled": ("requests.handled.total",),
        "carried_out": ("requests.carried_out.total",),
        "reviews": ("appeals.reconsideration.total",),
        "suits": ("appeals.direct_suit.total", "appeals.later_suit.total"),
    }
    numbers: dict[str, int] = {}
    for name, cells in keys.items():
        values = [report.cells[key] for key in cells]
        if report.mistakes or None in values:
            return None
        numbers[name] = sum(int(value or 0) for value in values)
    return numbers


def _told_numbers(report: Truth, *, wrong: bool) -> str:
    numbers = statements(report)
    if numbers is None:
        return "依申请渠道畅通，均按期办理。"
    if wrong:
        numbers = {name: value + 3 for name, value in numbers.items()}
    if not numbers["new"] and not numbers["handled"]:
        return "本年度没有收到政府信息公开申请。"
    return (
        "全年新收政府信息公开申请{new}件，办结{handled}件，结转下年度继续办理{carried_out}件。"
        "因政府信息公开引起的行政复议{reviews}件，行政诉讼{suits}件。"
    ).format(**numbers)


def _filled(sentences: tuple[str, ...], report: Truth, rng: Random, *, wrong: bool = False) -> list[str]:
    def values() -> dict[str, object]:
        return {
            "who": report.publisher,
            "year": report.report_year,
            "next": report.report_year + 1,
            "requests": _told_numbers(report, wrong=wrong),
            "a": rng.randint(3, 99),
            "b": rng.randint(100, 9_999),
            "c": rng.randint(100, 999),
            "d": rng.randint(1, 9),
            "fee": rng.choice(("0", "400", "1250.5")),
        }

    return [sentence.format(**values()) for sentence in sentences]


def opening(report: Truth, rng: Random) -> list[str]:
    """Return the paragraphs between the title and the first section."""
    return _filled(OPENINGS[: rng.randint(1, 3)], report, rng)


def section(number: int, report: Truth, rng: Random, *, wrong: bool = False) -> list[str]:
    """Return the paragraphs of a section, those that hold a table have none; `wrong`: they contradict the tables."""
    pools = {1: OVERVIEW, 5: PROBLEMS, 6: OTHERS[:: rng.choice((1, 2, -1))]}
    return _filled(pools.get(number, ()), report, rng, wrong=wrong)


def told(report: Truth, rng: Random) -> list[str]:
    """Return sections two to four as sentences with numbers, for a report without tables."""
    sentences = (
        "本年制发行政规范性文件{d}件，废止{a}件，现行有效{c}件；办理行政许可{b}件，行政处罚{c}件。",
        "本年新收政府信息公开申请{a}件，均为自然人提出；予以公开{d}件，部分公开{d}件，无法提供{a}件。",
        "行政复议{d}件，结果维持{d}件；没有因政府信息公开引起的行政诉讼。",
    )
    return _filled(sentences, report, rng)


def about_other_work(report: Truth, rng: Random) -> list[str]:
    """Return paragraphs that tell of the same field, but not of a report's six sections."""
    sentences = (
        "{year}年，{who}围绕年度任务开展工作，发布信息{b}条，回应关切{a}次。",
        "全年办理行政许可{c}件、行政处罚{a}件，收到申请{d}件，均已按期答复。",
        "（一）抓好任务分解。各单位要在{next}年1月{d}日前报送，联系电话：0{a}-{b}。",
        "1.健全制度{d}项；2.开展检查{d}次；3.培训{c}人次。",
    )
    return _filled(sentences, report, rng)


def footers(report: Truth, rng: Random) -> list[str]:
    """Return what a site prints under every page."""
    return rng.sample(_filled(FOOTERS, report, rng), rng.randint(1, 3))
