"""Pages that stand in the place of content: challenges, refusals and error pages, whatever their status says.

A barrier is recognised, named and left alone; nothing here helps to pass one.
"""

import re
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from parsers.decode import decode
from scraper.messages import Response

STATUSES = {401: "login", 403: "forbidden", 412: "script_challenge", 451: "legal", 521: "cdn_challenge"}

_SCANNED_BYTES = 256 * 1024
_HEAD_BYTES = 32 * 1024
_SHORT_TEXT = 400  # characters that a challenge or an error page shows at most
_NO_TEXT = 40
_FEW_LINKS = 5  # back, home, contact; a short list of announcements has more

_SCRIPT_REASONS = (
    (
        "cdn_challenge",
        re.compile(r"__jsl(?:uid|_clearance)|acw_sc__v2|\barg1\s*=|_waf_|cf-challenge|cf_chl_", re.IGNORECASE),
    ),
    (
        "script_challenge",
        re.compile(r"\$_ts\b|document\.cookie\s*=[\s\S]*?\blocation\b|\blocation\b[\s\S]*?document\.cookie\s*="),
    ),
)
_TEXT_REASONS = (
    (
        "javascript_required",
        re.compile(r"(?:请|須|需要?)(?:先)?(?:开启|启用|打开)\s*JavaScript|enable\s+JavaScript", re.IGNORECASE),
    ),
    (
        "captcha",
        re.compile(r"(?:请|滑动|拖动|完成)[^。]{0,12}(?:验证码|安全验证|滑块|人机验证)|人机(?:身份)?验证|访问验证"),
    ),
    (
        "blocked_page",
        re.compile(
            r"(?:访问|请求|IP)[^。]{0,12}(?:被(?:拦截|拒绝|禁止|阻断|限制)|过于频繁|存在(?:威胁|风险|异常))"
            r"|非法(?:访问|请求)|安全狗|云锁|创宇盾"
            r"|Access Denied|Request (?:has been )?(?:blocked|rejected)|Web\s*Application\s*Firewall",
            re.IGNORECASE,
        ),
    ),
    ("maintenance", re.compile(r"(?:系统|网站|服务器?)(?:正在)?(?:升级|维护|割接)|(?:升级|维护)中")),
    (
        "error_page",
        re.compile(
            r"(?:页面|网页|文件|内容|信息|文章|栏目|资源|网址)[^。]{0,10}(?:不存在|未找到|找不到|已(?:被)?(?:删除|移除|下线)|无法(?:访问|显示)|丢失)"
            r"|(?:没有|未能?|无法)(?:找到|打开)[^。]{0,10}(?:页面|网页|文件|内容)"
            r"|(?:系统|服务器|页面|程序|运行时)(?:内部)?(?:出现)?(?:错误|异常|出错)"
            r"|页面(?:走丢|飞走|迷路)|出错(?:了|啦)|^\W*(?:HTTP\s*)?(?:40[34]|50[0234])\b"
            r"|(?:错误|error|HTTP|状态码|代码)\W{0,3}(?:40[34]|50[0234])\b|\b(?:40[34]|50[0234])\W{0,3}(?:错误|error|页面)"
            r"|Not Found|Internal Server Error|Bad Gateway",
            re.IGNORECASE,
        ),
    ),
)
_TITLE = re.compile(rb"<title[^>]*>(.*?)</title>", re.IGNORECASE | re.DOTALL)
_LINK = re.compile(rb"<a\s[^>]*?\bhref\b", re.IGNORECASE)
_ERROR_TITLE = re.compile(
    r"^\W*(?:HTTP\s*)?(?:404|403|500|502|503)\b|404\s*(?:Not Found|页面|错误)|(?:页面|网页)(?:不存在|未找到|找不到)"
    r"|^(?:错误|出错|error)\W*$",
    re.IGNORECASE,
)
_ERROR_PATH = re.compile(r"/(?:404|403|500|error|errorpage|notfound|not_found)(?:\.\w+)?/?$", re.IGNORECASE)
_HOME_PATHS = frozenset({"", "/", "/index.html", "/index.htm", "/index.shtml", "/index.jsp", "/index.php"})


def barrier(response: Response) -> str | None:
    """Name the barrier that a response is, None where it is content, or an error that says so by its status."""
    by_status = STATUSES.get(response.status)
    if by_status is not None or response.status >= 400:
        return by_status
    if not response.body.strip():
        return "empty_page"
    if _ERROR_PATH.search(urlsplit(response.url).path):
        return "error_page"
    return _barrier_in_markup(response) if _is_markup(response) else None


def ends_at_home(final: str, requested: str) -> bool:
    """Tell whether a page deep in a site was answered with the home page, as some sites answer for what is gone."""
    home, wanted = urlsplit(final), urlsplit(requested)
    return home.path in _HOME_PATHS and not home.query and wanted.path not in _HOME_PATHS


def _is_markup(response: Response) -> bool:
    start = response.body[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    return start.startswith(b"<") or "html" in (response.content_type or "")


def _barrier_in_markup(response: Response) -> str | None:
    body = response.body
    title = _TITLE.search(body, 0, _HEAD_BYTES)
    if title is not None and _ERROR_TITLE.search(decode(title[1]).strip()):
        return "error_page"
    if len(body) > _SCANNED_BYTES or len(_LINK.findall(body)) > _FEW_LINKS:
        return None
    return _barrier_in_text(decode(body, response.content_type), response.status)


def _barrier_in_text(source: str, status: int) -> str | None:
    text = _visible_text(LexborHTMLParser(source))
    if len(text) <= _NO_TEXT:
        for reason, pattern in _SCRIPT_REASONS:
            if pattern.search(source):
                return reason
        if status == 202:
            return "script_challenge"
    if len(text) > _SHORT_TEXT:
        return None
    return next((reason for reason, pattern in _TEXT_REASONS if pattern.search(text)), None)


def _visible_text(tree: LexborHTMLParser) -> str:
    notes = " ".join(node.text() for node in tree.css("noscript"))
    for node in tree.css("noscript, script, style, template"):
        node.decompose()
    body = tree.body
    seen = body.text(separator=" ", strip=True) if body is not None else ""
    return " ".join(f"{seen} {notes if len(seen) <= _NO_TEXT else ''}".split())
