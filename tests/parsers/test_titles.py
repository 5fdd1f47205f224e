"""The grammar of titles, against titles as they are published; expected values are read off by eye."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.titles import LONGEST, Title, read_short_title, read_title, scope_of

# text, publisher, year, scope
REPORTS = [
    # place or agency first
    ("沭阳县发展和改革局2023年政府信息公开年度报告-沭阳县发改局", "沭阳县发展和改革局", 2023, "department"),
    ("靖州县2024年政府信息公开工作年度报告", "靖州县", 2024, "jurisdiction"),
    ("淮安市人民政府2024年政府信息公开工作年度报告", "淮安市人民政府", 2024, "jurisdiction"),
    ("龙游县人民政府办公室2023年政府信息公开工作年度报告", "龙游县人民政府办公室", 2023, "office"),
    ("遂溪县人民政府2023年度政府信息公开工作年度报告", "遂溪县人民政府", 2023, "jurisdiction"),
    ("科尔沁右翼中旗2023年政府信息公开工作年度报告", "科尔沁右翼中旗", 2023, "jurisdiction"),
    ("石家庄市长安区人民政府2024年政府信息公开工作年度报告", "石家庄市长安区人民政府", 2024, "jurisdiction"),
    ("工农区人民政府2024年政府信息公开工作年度报告", "工农区人民政府", 2024, "jurisdiction"),
    ("三都水族自治县人民政府2022年政府信息公开工作年度报告", "三都水族自治县人民政府", 2022, "jurisdiction"),
    ("道里区2025年政府信息公开年报", "道里区", 2025, "jurisdiction"),
    ("中村乡2020年政府信息公开工作年度报告", "中村乡", 2020, "township"),
    ("锡盟商务局2021年政府信息公开工作报告", "锡盟商务局", 2021, "department"),
    ("西安市高陵区行政审批服务局2021年政府信息公开工作年度报告", "西安市高陵区行政审批服务局", 2021, "department"),
    ("吴兴区统计局2024年政府信息公开工作年度报告", "吴兴区统计局", 2024, "department"),
    ("渝中区财政局2024年度政府信息公开年报", "渝中区财政局", 2024, "department"),
    ("县委编办2023年政府信息公开年度报告", "县委编办", 2023, "department"),
    ("溧阳市2025年政府信息公开工作年度报告", "溧阳市", 2025, "jurisdiction"),
    ("安徽省人民政府2017年政府信息公开年度报告", "安徽省人民政府", 2017, "jurisdiction"),
    ("广西壮族自治区人民政府办公厅2020年政府信息公开工作年度报告", "广西壮族自治区人民政府办公厅", 2020, "office"),
    ("吉林省人民政府办公厅2025年政府信息公开工作年度报告", "吉林省人民政府办公厅", 2025, "office"),
    ("兴安盟行署办公室2025年政府信息公开工作年度报告", "兴安盟行署办公室", 2025, "office"),
    ("府谷县政府办2022年度政府信息公开工作年度报告", "府谷县政府办", 2022, "office"),
    ("湖口县政府办公室2025年政府信息公开年度报告", "湖口县政府办公室", 2025, "office"),
    ("正蓝旗扎格斯台苏木2023年政府信息公开工作年度报告", "正蓝旗扎格斯台苏木", 2023, "township"),
    ("柳城县古砦仫佬族乡2025年政府信息公开工作年度报告", "柳城县古砦仫佬族乡", 2025, "township"),
    ("大余县吉村镇人民政府办公室2023年政府信息公开工作年度报告", "大余县吉村镇人民政府办公室", 2023, "township"),
    ("西安市长安区砲里街道办事处2022年政府信息公开年报", "西安市长安区砲里街道办事处", 2022, "township"),
    ("赣州经济技术开发区2023年政府信息公开工作年度报告", "赣州经济技术开发区", 2023, "zone"),
    ("潜江市熊口管理区2025年政府信息公开工作年度报告", "潜江市熊口管理区", 2025, "zone"),
    ("两江新区管委会办公室2023年政府信息公开年报", "两江新区管委会办公室", 2023, "zone"),
    ("蓬安工业园区管委会2025年政府信息公开工作年度报告", "蓬安工业园区管委会", 2025, "zone"),
    ("如皋高新区2025年政府信息公开工作年度报告", "如皋高新区", 2025, "zone"),
    ("如东县外农区(苴镇街道)2025年政府信息公开年报", "如东县外农区(苴镇街道)", 2025, "zone"),
    ("靖州县教育局关于2023年度政府信息公开工作的年度报告", "靖州县教育局", 2023, "department"),
    ("关于靖州县教育局2023年政府信息公开工作年度报告", "靖州县教育局", 2023, "department"),
    # year first
    ("2022年上海市政府信息公开工作年度报告", "上海市", 2022, "jurisdiction"),
    ("2022年度螅镇政府信息公开工作年度报告", "螅镇", 2022, "township"),
    ("2023年靖州县人民政府信息公开工作年度报告", "靖州县人民政府", 2023, "jurisdiction"),
    ("2023年靖州县人民政府政府信息公开工作年度报告", "靖州县人民政府", 2023, "jurisdiction"),
    ("2023年度靖州县教育局关于政府信息公开工作的年度报告", "靖州县教育局", 2023, "department"),
    ("2024年全县政府信息公开工作年度报告", "全县", 2024, "jurisdiction"),
    ("2023年县政府政府信息公开工作年度报告", "县政府", 2023, "jurisdiction"),
    # year in the middle, at the end, in brackets
    ("伊宁县政府信息公开工作2023年度报告", "伊宁县", 2023, "jurisdiction"),
    ("靖州县政府信息公开2023年度工作报告", "靖州县", 2023, "jurisdiction"),
    ("靖州县政府信息公开年度报告（2023年）", "靖州县", 2023, "jurisdiction"),
    ("靖州县政府信息公开年报(2023)", "靖州县", 2023, "jurisdiction"),
    ("靖州县政府信息公开工作年度报告2023年度", "靖州县", 2023, "jurisdiction"),
    ("靖州县（2023年）政府信息公开年度报告", "靖州县", 2023, "jurisdiction"),
    ("大余县2023年吉村镇政府信息公开年度报告", "大余县吉村镇", 2023, "township"),
    # words of the report
    ("通化县人民政府2025年度政府信息公开工作报告", "通化县人民政府", 2025, "jurisdiction"),
    ("泽州县人民政府2024年政府信息公开年度工作报告", "泽州县人民政府", 2024, "jurisdiction"),
    ("西山区2025年度政府信息公开工作年度报告", "西山区", 2025, "jurisdiction"),
    ("沙依巴克区2023年政务信息公开年度报告", "沙依巴克区", 2023, "jurisdiction"),
    ("靖州县2023年政务公开工作年度报告", "靖州县", 2023, "jurisdiction"),
    ("靖州县2023年信息公开年报", "靖州县", 2023, "jurisdiction"),
    ("靖州县2023年政府信息公开情况年度报告", "靖州县", 2023, "jurisdiction"),
    ("靖州县2023年政府信息公开工作情况报告", "靖州县", 2023, "jurisdiction"),
    ("靖州县2023年政府信息和政务公开工作年度报告", "靖州县", 2023, "jurisdiction"),
    ("靖州县2023年政府信息公开与政务公开年度报告", "靖州县", 2023, "jurisdiction"),
    ("靖州县2023年政府信息工作公开年度报告", "靖州县", 2023, "jurisdiction"),
    ("靖州县2023年政府信息公开工作年报汇总", "靖州县", 2023, "jurisdiction"),
    ("靖州县2023年政府信息公开工作年度报告（汇总）", "靖州县", 2023, "jurisdiction"),
    ("靖州县2023年政府信息公开工作年度报告公示", "靖州县", 2023, "jurisdiction"),
    ("关于公布靖州县2023年政府信息公开工作年度报告的公告", "靖州县", 2023, "jurisdiction"),
    # characters
    ("靖州县二〇二四年政府信息公开年报", "靖州县", 2024, "jurisdiction"),
    ("靖州县二○二四年度政府信息公开年报", "靖州县", 2024, "jurisdiction"),
    ("靖州县二零一九年政府信息公开年报", "靖州县", 2019, "jurisdiction"),
    ("靖州县二O二四年政府信息公开年报", "靖州县", 2024, "jurisdiction"),
    ("靖州县二 ○ 二 四 年政府信息公开年报", "靖州县", 2024, "jurisdiction"),
    ("二〇二〇年靖州县政府信息公开年报", "靖州县", 2020, "jurisdiction"),
    ("靖州县２０２４年政府信息公开工作年度报告", "靖州县", 2024, "jurisdiction"),
    ("靖州县人民政府\n2024年政府信息公开工作年度报告", "靖州县人民政府", 2024, "jurisdiction"),
    ("靖州县2024年政府信息公开年度工作\r\n报告", "靖州县", 2024, "jurisdiction"),
    ("靖州县 2024 年 政府信息公开 工作 年度报告", "靖州县", 2024, "jurisdiction"),
    ("靖州县\u30002024年\xa0政府信息公开工作年度报告", "靖州县", 2024, "jurisdiction"),
    ("★靖州县2024年◆政府信息公开工作年度报告■", "靖州县", 2024, "jurisdiction"),
    ("《靖州县2024年政府信息公开工作年度报告》", "靖州县", 2024, "jurisdiction"),
    ("・靖州县2024年政府信息公开工作年度报告", "靖州县", 2024, "jurisdiction"),
    ("1. 靖州县教育局2024年政府信息公开工作年度报告", "靖州县教育局", 2024, "department"),
    ("（3）靖州县教育局2024年政府信息公开工作年度报告", "靖州县教育局", 2024, "department"),
    # what stands around it
    ("靖州县2023年政府信息公开工作年度报告_XX县人民政府门户网站", "靖州县", 2023, "jurisdiction"),
    ("靖州县人民政府门户网站-靖州县2023年政府信息公开工作年度报告", "靖州县", 2023, "jurisdiction"),
    ("靖州县2023年政府信息公开工作年度报告_政府信息公开年报_靖州县人民政府网", "靖州县", 2023, "jurisdiction"),
    ("政府信息公开年报：靖州县2023年政府信息公开工作年度报告", "靖州县", 2023, "jurisdiction"),
    ("首页 > 政府信息公开年报 > 靖州县2023年政府信息公开工作年度报告", "靖州县", 2023, "jurisdiction"),
    ("靖州县人民政府 政府信息公开年报 靖州县教育局2023年政府信息公开年度报告", "靖州县教育局", 2023, "department"),
    ("2024-01-17 靖州县教育局2023年政府信息公开工作年度报告", "靖州县教育局", 2023, "department"),
    ("靖州县教育局2023年政府信息公开工作年度报告 [2024-01-17]", "靖州县教育局", 2023, "department"),
    ("靖州县教育局2023年政府信息公开工作年度报告(01-17)", "靖州县教育局", 2023, "department"),
    ("靖州县教育局2023年政府信息公开工作年度报告（2024年1月17日）", "靖州县教育局", 2023, "department"),
    ("【年报】靖州县教育局2023年政府信息公开工作年度报告", "靖州县教育局", 2023, "department"),
    ("【靖州县教育局】2023年政府信息公开工作年度报告", "靖州县教育局", 2023, "department"),
    ("靖州县教育局：2023年政府信息公开工作年度报告", "靖州县教育局", 2023, "department"),
    ("靖州县教育局—2023年政府信息公开工作年度报告", "靖州县教育局", 2023, "department"),
    ("2023年政府信息公开工作年度报告（靖州县教育局）", "靖州县教育局", 2023, "department"),
    # cut off
    ("邢台市人民政府办公室2023年政府信息公开工作年…", "邢台市人民政府办公室", 2023, "office"),
    ("靖州县2023年政府信息公开工作年度...", "靖州县", 2023, "jurisdiction"),
    # no publisher, no year
    ("2023年政府信息公开工作年度报告", None, 2023, "unknown"),
    ("2023年度政府信息公开年报", None, 2023, "unknown"),
    ("2025年度政府信息公开工作报告", None, 2025, "unknown"),
    ("关于2023年度政府信息公开工作年度报告", None, 2023, "unknown"),
    ("2023年政府信息公开工作年度报告-靖州县人民政府", None, 2023, "unknown"),
    ("政府信息公开年报", None, None, "unknown"),
    ("政府信息公开工作年度报告", None, None, "unknown"),
    ("靖州县政府信息公开年报", "靖州县", None, "jurisdiction"),
]

DECOYS = [
    ("靖州县2023年政府网站工作年度报表", "website_report", 2023),
    ("靖州县人民政府2023年政府网站年度报表", "website_report", 2023),
    ("2023年政府网站监管年度报表", "website_report", 2023),
    ("靖州县政务新媒体2023年度报表", "website_report", 2023),
    ("关于做好2023年政府信息公开工作年度报告编制发布工作的通知", "notice", 2023),
    ("靖州县人民政府办公室关于做好2023年度政府信息公开年报编制工作的通知", "notice", 2023),
    ("关于报送2023年政府信息公开年度报告的函", "notice", 2023),
    ("关于2022年政府信息公开工作年度报告的通报", "notice", 2022),
    ("2023年政府信息公开工作年度报告（格式）", "template", 2023),
    ("政府信息公开工作年度报告统一模板", "template", None),
    ("政府信息公开工作年度报告填报说明", "template", None),
    ("靖州县2023年上半年政府信息公开工作情况", "half_year", 2023),
    ("靖州县2023年第一季度政府信息公开工作报告", "half_year", 2023),
    ("靖州县2023年上半年政府信息公开工作报告", "half_year", 2023),
    ("2023年1-6月政府信息公开统计", "half_year", 2023),
    ("靖州县2023年政务公开工作总结", "summary", 2023),
    ("靖州县2023年政务公开工作报告", "summary", 2023),
    ("2023年政府信息公开工作总结", "summary", 2023),
    ("靖州县2023年政务公开工作要点", "plan", 2023),
    ("2024年政务公开工作实施方案", "plan", 2024),
    ("靖州县2023年法治政府建设年度报告", "rule_of_law", 2023),
    ("靖州县教育局2023年度法治政府建设情况报告", "rule_of_law", 2023),
    ("一图读懂：靖州县2023年政府信息公开工作年度报告", "explainer", 2023),
    ("一图读懂靖州县2023年政府信息公开工作年度报告", "explainer", 2023),
    ("【图解】靖州县2023年政府信息公开工作年度报告", "explainer", 2023),
    ("莘县王庄集镇2023年政府信息公开年度报告(解读)", "explainer", 2023),
    ("靖州县2023年政府信息公开年报解读", "explainer", 2023),
    ("靖州县2023年政府信息公开年度报告-图解", "explainer", 2023),
    ("靖州县2023年部门预算", "budget", 2023),
    ("2023年度财政决算公开报告", "budget", 2023),
    ("靖州县2023年三公经费预算公开", "budget", 2023),
    ("2023年靖州县政府工作报告", "work_report", 2023),
    ("2024年政府工作报告（全文）", "work_report", 2024),
    ("政府信息公开指南", "guide", None),
    ("靖州县2023年政府信息公开指南", "guide", 2023),
    ("政府信息公开制度", "system", None),
    ("政府信息公开年度报告制度", "system", None),
    ("政府信息公开目录", "catalogue", None),
    ("靖州县2023年主动公开基本目录（政务公开）", "catalogue", 2023),
    ("2023年政府信息公开工作考核结果", "evaluation", 2023),
    ("2023年度行政执法统计年报", "law_enforcement", 2023),
    ("2023年度统计年鉴", "statistics", 2023),
    ("某公司2023年企业年度报告", "other_report", 2023),
    ("2023年度事业单位法人年度报告书", "other_report", 2023),
    ("靖州县第一中学2022-2023学年信息公开年度报告", "other_report", 2023),
    ("某厂2023年环境信息公开年度报告", "other_report", 2023),
]

NEITHER = [
    "",
    "   ",
    "首页",
    "办事指南",
    "政策解读",
    "通知公告",
    "联系我们",
    "年报",
    "年度报告",
    "靖州县人民政府",
    "教育局",
    "关于召开全县经济工作会议的通知",
    "本报告是根据《中华人民共和国政府信息公开条例》编制的2023年政府信息公开工作年度报告。",
    "现将2023年政府信息公开工作年度报告公布如下：",
    "动态：" * 300 + "靖州县2023年政府信息公开工作年度报告",
    "按照要求，编制2023年政府信息公开年度报告",
    "靖州县2023年政府信息公开工作年度报告" + "很长" * LONGEST,
]

SHORT = [
    ("2023年", None, 2023, "unknown"),
    ("2023年度", None, 2023, "unknown"),
    ("2023", None, 2023, "unknown"),
    ("二〇二三年", None, 2023, "unknown"),
    ("2023年年报", None, 2023, "unknown"),
    ("2023年报", None, 2023, "unknown"),
    ("2023年度报告", None, 2023, "unknown"),
    ("交口县2023", "交口县", 2023, "jurisdiction"),
    ("马港镇2023年度", "马港镇", 2023, "township"),
    ("2023年马港镇年报", "马港镇", 2023, "township"),
    ("吴兴区统计局2024", "吴兴区统计局", 2024, "department"),
    ("安居区综合行政执法局2022年年度报告", "安居区综合行政执法局", 2022, "department"),
    ("来凤县政务服务和大数据管理局2021年", "来凤县政务服务和大数据管理局", 2021, "department"),
    ("宽城满族自治县人民政府办公室2023年度", "宽城满族自治县人民政府办公室", 2023, "office"),
]

SCOPES = [
    ("山西省", "jurisdiction"),
    ("黔南州", "jurisdiction"),
    ("浦东新区", "jurisdiction"),
    ("新乡市红旗区", "jurisdiction"),
    ("景德镇市", "jurisdiction"),
    ("神农架林区", "jurisdiction"),
    ("六枝特区", "jurisdiction"),
    ("鄂温克族自治旗", "jurisdiction"),
    ("靖州县人民政府（本级）", "jurisdiction"),
    ("大兴安岭地区行政公署", "jurisdiction"),
    ("城口县人民政府机关", "office"),
    ("桐柏县人民政府办公室", "office"),
    ("包头市人民政府外事办公室", "department"),
    ("包头市外事办", "department"),
    ("开江县乡村振兴局", "department"),
    ("河南省发改委", "department"),
    ("易门县气象局", "department"),
    ("靖州县公共资源交易中心", "department"),
    ("靖州县城市管理行政执法大队", "department"),
    ("国家税务总局靖州县税务局", "department"),
    ("靖州县人民政府驻北京办事处", "department"),
    ("靖州县残疾人联合会", "department"),
    ("高新区财政局", "department"),
    ("靖州县住房保障和人民公园", "department"),
    ("九龙坡区二郎街道", "township"),
    ("东至县花园乡人民政府", "township"),
    ("长桥乡政府", "township"),
    ("西溪街道党政综合办公室", "township"),
    ("武汉东湖风景区", "zone"),
    ("两江新区管委会", "zone"),
    ("北票市下府开发区", "zone"),
    ("阳新县城东管理区", "zone"),
    ("南宁经开区", "zone"),
    ("临夏州农产品", "unknown"),
    (None, "unknown"),
    ("", "unknown"),
]


@pytest.mark.parametrize(("text", "publisher", "year", "scope"), REPORTS)
def test_a_report_is_read_with_publisher_year_and_scope(text, publisher, year, scope):
    title = read_title(text)
    assert title is not None
    assert (title.publisher, title.year, title.scope, title.decoy) == (publisher, year, scope, None)


@pytest.mark.parametrize(("text", "decoy", "year"), DECOYS)
def test_a_decoy_is_named(text, decoy, year):
    title = read_title(text)
    assert title is not None
    assert (title.decoy, title.year) == (decoy, year)


@pytest.mark.parametrize("text", NEITHER)
def test_what_is_neither_report_nor_decoy_is_no_title(text):
    assert read_title(text) is None


@pytest.mark.parametrize(("text", "publisher", "year", "scope"), SHORT)
def test_a_short_title_is_read_only_where_the_column_vouches_for_it(text, publisher, year, scope):
    title = read_short_title(text)
    assert title is not None
    assert (title.publisher, title.year, title.scope, title.decoy) == (publisher, year, scope, None)
    loose = read_title(text)
    assert loose is None or loose.decoy is not None


@pytest.mark.parametrize(("text", "publisher", "year", "scope"), [row for row in REPORTS if row[2]])
def test_a_full_title_is_a_short_one_too(text, publisher, year, scope):
    title = read_short_title(text)
    assert title is not None
    assert (title.publisher, title.year, title.scope) == (publisher, year, scope)


@pytest.mark.parametrize(("text", "decoy", "year"), [row for row in DECOYS if row[2]])
def test_a_decoy_stays_one_inside_a_column(text, decoy, year):
    title = read_short_title(text)
    assert title is not None
    assert title.decoy == decoy


@pytest.mark.parametrize("text", ["首页", "教育局", "下一页", "2", "联系电话：0745-8222023", "共2023条", "第3页"])
def test_navigation_is_no_short_title(text):
    assert read_short_title(text) is None


@pytest.mark.parametrize(("publisher", "scope"), SCOPES)
def test_the_scope_follows_from_the_publisher(publisher, scope):
    assert scope_of(publisher) == scope


def test_the_text_of_a_title_is_without_the_name_of_the_site():
    title = read_title("沭阳县发展和改革局 2023年政府信息公开年度报告 - 沭阳县发改局")
    assert title == Title(
        "沭阳县发展和改革局2023年政府信息公开年度报告", "沭阳县发展和改革局", 2023, "department", None
    )


def test_a_decoy_has_a_publisher_only_where_one_is_named():
    named = read_title("靖州县教育局关于报送2023年政府信息公开年度报告的函")
    unnamed = read_title("关于做好2023年政府信息公开工作年度报告编制发布工作的通知")
    assert named is not None
    assert unnamed is not None
    assert (named.publisher, unnamed.publisher) == ("靖州县教育局", None)


PLACES = st.sampled_from(["靖州县", "淮安市", "道里区", "科尔沁右翼前旗", "安徽省", "积石山保安族东乡族撒拉族自治县"])
AGENCIES = st.sampled_from(["", "人民政府", "人民政府办公室", "教育局", "马港镇", "长桥乡", "经济开发区"])
YEARS = st.integers(2008, 2035)
FORMS = st.sampled_from(
    ["政府信息公开工作年度报告", "政府信息公开年度报告", "政府信息公开年报", "政务信息公开年度报告"]
)
UNITS = st.sampled_from(["年", "年度"])
SITES = st.sampled_from(["", "-靖州县人民政府", "_靖州县人民政府门户网站", " | 政府信息公开"])


@given(PLACES, AGENCIES, YEARS, UNITS, FORMS, SITES, st.integers(0, 40))
def test_every_combination_of_the_grammar_is_read(place, agency, year, unit, form, site, cut):
    title = f"{place}{agency}{year}{unit}{form}"
    broken = title[:cut] + "\n" + title[cut:]
    read = read_title(broken + site)
    assert read is not None
    assert (read.publisher, read.year, read.text, read.decoy) == (place + agency, year, title, None)


@given(st.text(alphabet="县市区年度政府信息公开工作报告20234〇（）()_-：…解读通知 \n", max_size=60))
def test_any_text_is_read_without_an_error(text):
    title = read_title(text)
    assert title is None or title.year is None or 2000 <= title.year <= 2099
    read_short_title(text)
