"""Faults of the characters themselves: scripts, annotations, injected signs, radicals of PDF fonts."""

import re
from collections.abc import Callable
from functools import cache
from random import Random

from opencc import OpenCC

VALUES = frozenset({"value", "extra"})
SCRIPTS = ("traditional", "taiwan")
ANNOTATIONS = (
    "發fā 時shí 間jiān 務wù 國guó 導dǎo 開kāi 關guān 數shù 據jù 縣xiàn 結jié 轉zhuǎn "
    "書shū 請qǐng 報bào 對duì 復fù 複fù 辦bàn 處chǔ 廢fèi 規guī 範fàn 議yì 訴sù "
    "訟sòng 當dāng 機jī 構gòu 業yè 現xiàn 強qiáng 許xǔ 決jué 額é 單dān 費fèi 屬shǔ "
    "於yú 護hù 權quán 內nèi 補bǔ 無wú 舉jǔ 認rèn 確què 獲huò 總zǒng 計jì 糾jiū "
    "審shěn 維wéi 續xù 與yǔ 為wéi 動dòng 項xiàng 題tí 進jìn 還huán 經jīng 過guò "
)
PINYIN = {note[0]: note[1:] for note in ANNOTATIONS.split()}
BARE = {
    "公": "gong",
    "信": "xin",
    "息": "xi",
    "政": "zheng",
    "府": "fu",
    "行": "xing",
    "理": "li",
    "申": "shen",
    "年": "nian",
}
TAIWAN = (("政府信息", "政府資訊"), ("信息", "訊息"), ("文件", "檔案"), ("制作", "製作"), ("數據", "資料"))
LOOKALIKES = (
    "一二八十人入力又口土大女子小工己干心手文斤方日月木止比水火父片牛犬生用田目矢石示立竹米老自至行衣見角言谷",
    "⼀⼆⼋⼗⼈⼊⼒⼜⼝⼟⼤⼥⼦⼩⼯⼰⼲⼼⼿⽂⽄⽅⽇⽉⽊⽌⽐⽔⽕⽗⽚⽜⽝⽣⽤⽥⽬⽮⽯⽰⽴⽵⽶⽼⾃⾄⾏⾐⾒⾓⾔⾕",
)
RADICALS = str.maketrans(*LOOKALIKES)
SIGNS = "★◆■"
Change = Callable[[str, Random], str]


@cache
def _converter(name: str) -> OpenCC:
    return OpenCC(name)


def traditional(text: str, rng: Random) -> str:
    """Convert to traditional script."""
    return str(_converter("s2t").convert(text))


def taiwan(text: str, rng: Random) -> str:
    """Convert to traditional script with the words Taiwan uses."""
    converted = str(_converter("s2tw").convert(text))
    for mainland, island in TAIWAN:
        converted = converted.replace(mainland, island)
    return converted.replace("複議", rng.choice(("複議", "覆議", "復議")))


def _annotated(text: str, rng: Random, table: dict[str, str], share: float, times: int) -> str:
    return "".join(
        char + f"({table[char]})" * times if char in table and rng.random() < share else char for char in text
    )


def pinyin(text: str, rng: Random) -> str:
    """Leave tone-marked pinyin behind some characters: 發(fā)布."""
    return _annotated(text, rng, PINYIN, 0.6, 1)


def bare_pinyin(text: str, rng: Random) -> str:
    """Leave bare pinyin behind some characters, repeated: 公(gong)(gong)(gong)."""
    return _annotated(text, rng, BARE, 0.15, rng.randint(1, 3))


def signs(text: str, rng: Random) -> str:
    """Insert ★ ◆ ■ before or inside some texts."""
    if len(text) < 3 or rng.random() < 0.6:
        return text
    at = 0 if text[:4].isdecimal() or "20" in text else rng.choice((0, rng.randint(1, len(text) - 1)))
    return text[:at] + rng.choice(SIGNS) + text[at:]


def questions(text: str, rng: Random) -> str:
    """Begin some texts with the ?? that a non-breaking space became."""
    return "??" * rng.randint(1, 2) + text if rng.random() < 0.4 else text


def doubled(text: str, rng: Random) -> str:
    """Double the commas."""
    return re.sub("[，,]", lambda match: match.group() * 2, text)


def radicals(text: str, rng: Random) -> str:
    """Put the radicals of a PDF's font in the place of characters that look the same."""
    return text.translate(RADICALS)


def spaced(text: str, rng: Random) -> str:
    """Insert blanks in some words: 总 计."""
    if rng.random() < 0.7 or len(text) > 6 or not text.isalpha():
        return text
    return rng.choice((" ", "\u3000", "\u00a0")).join(text)


GLYPHS: dict[str, Change] = {
    "traditional": traditional,
    "taiwan": taiwan,
    "pinyin": pinyin,
    "bare-pinyin": bare_pinyin,
    "signs": signs,
    "questions": questions,
    "doubled": doubled,
    "radicals": radicals,
    "spaced": spaced,
}


def changed(text: str, role: str, names: tuple[str, ...], rng: Random) -> str:
    """Return the text with the faults of those names; numbers and marks change their script only."""
    if role in ("picture", "link"):
        return text
    for name, change in GLYPHS.items():
        if name in names and (role not in VALUES or name in SCRIPTS):
            text = change(text, rng)
    return text
