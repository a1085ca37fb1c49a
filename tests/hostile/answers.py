"""How a whole answer can go wrong: statuses, redirects, pictures, robots.txt."""

import asyncio
import gzip
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from tests.hostile.bombs import (
    gzip_bomb,
)
from tests.hostile.faults import FAULTS, PAGE, PICTURE, fault, head, simply, status, whole
from tests.hostile.server import Line

# Statuses.

for number in (
    400,
    401,
    403,
    404,
    405,
    406,
    408,
    410,
    414,
    418,
    423,
    425,
    451,
    500,
    501,
    502,
    503,
    504,
    505,
    520,
    523,
    525,
    530,
    545,
    566,
    567,
    599,
    999,
):
    status(f"/{number}", f"{number} Because")

status("/429", "429 Too Many Requests")
status("/429-seconds", "429 Too Many Requests", Retry_After=120)
status("/429-absurd", "429 Too Many Requests", Retry_After="999999999999")
status("/429-word", "429 Too Many Requests", Retry_After="soon")
status("/429-negative", "429 Too Many Requests", Retry_After="-5")
status("/429-past", "429 Too Many Requests", Retry_After="Thu, 01 Jan 2015 00:00:00 GMT")
status("/429-far", "429 Too Many Requests", Retry_After="Fri, 31 Dec 9999 23:59:59 GMT")
status("/503-seconds", "503 Service Unavailable", Retry_After=30)


simply("/503-brotli", whole(b"no", "503 Service Unavailable", Content_Encoding="br"), keep=True)
simply("/567-short", whole(PAGE, "567 Blocked")[:-100])
simply("/500-short", whole(PAGE, "500 Oops")[:-100])


@fault("/429-hang")
async def limited_and_silent(line: Line) -> None:
    await line.send(whole(PAGE, "429 Too Many Requests")[:-100])
    await asyncio.sleep(60)


@fault("/429-endless")
async def limited_without_end(line: Line) -> None:
    await line.send(head("429 Too Many Requests"))
    while True:
        await line.send(b"a" * 65536)


@fault("/429-date")
async def limited_until(line: Line) -> bool:
    until = format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True)
    await line.send(whole(PAGE, "429 Too Many Requests", Retry_After=until))
    return True


@fault("/429-two")
async def limited_twice(line: Line) -> bool:
    body = head("429 Too Many Requests", Content_Length=0)[:-2]
    await line.send(body + b"Retry-After: 5\r\nRetry-After: 500\r\n\r\n")
    return True


@fault("/429-once")
async def limited_once(line: Line) -> bool:
    await line.send(
        whole(PAGE, "429 Too Many Requests", Retry_After=1) if line.times == 1 else whole()
    )
    return True


@fault("/503-once")
async def unavailable_once(line: Line) -> bool:
    await line.send(whole(PAGE, "503 Service Unavailable") if line.times == 1 else whole())
    return True


@fault("/500-twice")
async def broken_twice(line: Line) -> bool:
    await line.send(whole(PAGE, "500 Oops") if line.times <= 2 else whole())
    return True


@fault("/403-once")
async def forbidden_once(line: Line) -> bool:
    await line.send(whole(PAGE, "403 Forbidden") if line.times == 1 else whole())
    return True


@fault("/reset-once")
async def reset_once(line: Line) -> bool | None:
    if line.times == 1:
        return line.reset()
    await line.send(whole())
    return True


# Redirects.


def redirect(path: str, to: str, text: str = "302 Found") -> None:
    simply(path, whole(b"<p>moved", text, Location=to), keep=True)


redirect("/to-ok", "/ok")
redirect("/to-ok-301", "/ok", "301 Moved Permanently")
redirect("/to-ok-303", "/echo", "303 See Other")
redirect("/to-ok-307", "/echo", "307 Temporary Redirect")
redirect("/to-other-host", "//view.inews.qq.com/ok")
redirect("/to-self", "/to-self")
redirect("/circle-a", "/circle-b")
redirect("/circle-b", "/circle-a")
for step in range(8):
    redirect(f"/hop-{step}", f"/hop-{step + 1}")
simply("/hop-5-ok", whole(), keep=True)
redirect("/hop-ok", "/hop-ok-1")
for step in range(1, 5):
    redirect(f"/hop-ok-{step}", f"/hop-ok-{step + 1}" if step < 4 else "/ok")
redirect("/to-file", "file:///etc/passwd")
redirect("/to-ftp", "ftp://news.qq.com/a")
redirect("/to-data", "data:text/html,hello")
redirect("/to-javascript", "javascript:alert(1)")
redirect("/to-user", "https://editor:secret@news.qq.com/ok")
redirect("/to-http", "http://news.qq.com/ok")
redirect("/to-stranger", "https://news.qq.com.evil.example/ok")
redirect("/to-loopback", "https://127.0.0.1/ok")
redirect("/to-metadata", "https://169.254.169.254/latest/meta-data/")
redirect("/to-ssh-port", "https://news.qq.com:22/ok")
redirect("/to-nonsense", "https://[::1")
redirect("/to-no-name", "https://news..qq.com/ok")
redirect("/to-dot-name", "https://.qq.com/ok")
redirect("/to-long-name", f"https://{'a' * 64}.qq.com/ok")
redirect("/to-no-idn", "https://xn--a.qq.com/ok")
redirect("/to-control", "/ok\tnot")
redirect("/to-long", "/" + "a" * 4000)
redirect("/withdrawn", "https://www.qq.com/babygohome/?pgv_ref=404")
redirect("/withdrawn-mobile", "https://xw.qq.com/404.html")
redirect("/firewall", "https://waf.tencent.com/501page.html?u=x&id=y")
redirect("/captcha", "https://mp.weixin.qq.com/mp/wappoc_appmsgcaptcha?poc_token=x")
simply("/to-nowhere", head("302 Found", Content_Length=0), keep=True)
simply(
    "/to-chinese",
    head("302 Found", Content_Length=0, Location="/ok?词=新闻".encode().decode("latin-1")),
    keep=True,
)
simply(
    "/to-gbk",
    head("302 Found", Content_Length=0, Location="/ok?词=新闻".encode("gbk").decode("latin-1")),
    keep=True,
)
simply(
    "/to-ok-at-last",
    head("302 Found", Content_Length=0, **{f"X{n}": n for n in range(200)}, Location="/ok"),
    keep=True,
)
simply(
    "/to-bomb-body",
    head("302 Found", Location="/ok", Content_Encoding="gzip", Content_Length=len(gzip_bomb()))
    + gzip_bomb(),
)


@fault("/to-endless-body")
async def to_endless_body(line: Line) -> None:
    await line.send(head("302 Found", Location="/ok"))
    while True:
        await line.send(b"a" * 65536)


# Pictures.

simply("/picture-html", whole(PAGE, Content_Type="image/jpeg"), keep=True)
simply("/picture-empty", whole(b"", Content_Type="image/jpeg"), keep=True)
simply("/picture-short", whole(PICTURE, Content_Type="image/jpeg")[:-100])
simply("/picture-large", head(Content_Type="image/png", Content_Length=21 * 2**20))
simply("/picture-wrong-type", whole(PICTURE, Content_Type="text/plain"), keep=True)
simply(
    "/picture-gzip",
    whole(gzip.compress(PICTURE), Content_Type="image/jpeg", Content_Encoding="gzip"),
    keep=True,
)


@fault("/picture-slow")
async def picture_slow(line: Line) -> bool:
    await asyncio.sleep(0.1)
    await line.send(whole(PICTURE, Content_Type="image/jpeg"))
    return True


# robots.txt


@fault("/robots.txt")
async def robots(line: Line) -> bool | None:
    """There is none, unless the test chose a fault for this host."""
    host = line.seen.headers.get("host", "").partition(":")[0]
    return await FAULTS[line.server.robots.get(host, "/no-robots")](line)


def rules(path: str, *lines: str) -> None:
    simply(path, whole("\n".join(lines).encode(), Content_Type="text/plain"), keep=True)


simply("/no-robots", whole(b"no rules", "404 Not Found", Content_Type="text/plain"), keep=True)
rules("/robots-private", "User-agent: *", "Disallow: /private", "Allow: /private/open")
rules("/robots-articles", "User-agent: *", "Disallow: /rain/")
rules("/robots-us", "User-agent: qqnews", "Disallow: /", "", "User-agent: *", "Allow: /")
rules("/robots-others", "User-agent: GPTBot", "Disallow: /")
rules("/robots-delay", "User-agent: *", "Crawl-delay: 7")
rules("/robots-bom", "\ufeffUser-agent: *", "Disallow: /private")
rules("/robots-second", "User-agent: *", "Crawl-delay: 1")
BEFORE_THE_CUT = [
    "User-agent: *",
    "# ".ljust(512 * 1024 - len("User-agent: *\n\nDisallow: /"), "x"),
]
rules("/robots-cut", *BEFORE_THE_CUT, "Disallow: /private")
redirect("/robots-moved", "/robots-private")
simply("/binary-robots", whole(bytes(range(256)) * 40, Content_Type="text/plain"), keep=True)
