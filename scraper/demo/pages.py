"""Stories as qq.com prints them: the page of today with `window.DATA`, and the GBK page of ten years ago.  Pure.

The structure is that of real pages, cut down to what is read; the words are those of `scraper.demo.stories`.
"""

import json
from html import escape

from scraper.demo.stories import Story

CDN = "https://inews.gtimg.com/om_bt"


def rain(story: Story) -> bytes:
    """`news.qq.com/rain/a/ID` as served since late 2024: the body in `originContent`, and again in the page."""
    data = {
        "article_id": story.id,
        "cms_id": story.id,
        "title": story.title,
        "media": story.outlet,
        "media_id": "5107513",
        "pubtime": story.published,
        "userAddress": story.place,
        "catalog1": story.category,
        "desc": _summary(story),
        "comment_id": "8812345678",
        "article_type": "0",
        "atype": "0",
        "article_is_pay": 0 if story.lines else 1,
        "originContent": {"text": _origin_text(story), "version": "v2"},
        "originAttribute": {f"IMG_{n}": _picture(one) for n, one in enumerate(story.pictures)},
    }
    return f"""<!DOCTYPE html>
<html lang="zh-CN">
<head>
<title>{escape(story.title)}_腾讯新闻</title>
<meta name="keywords" content="{escape(",".join(story.tags))}">
<meta name="description" content="{escape(_summary(story))}">
<meta name="author" content="腾讯网">
<meta property="og:type" content="article">
<meta property="og:title" content="{escape(story.title)}_腾讯新闻">
<meta property="og:url" content="https://news.qq.com/rain/a/{story.id}">
<meta property="article:author" content="{escape(story.outlet)}">
<meta property="article:published_time" content="{story.published}">
<meta property="category" content="{story.category}">
<meta charset="utf-8">
<script>window.DATA = {_in_script(data)};
</script>
</head>
<body id="dc-normal-body">
<div class="qqweb-main-container"><div class="qqweb-pc-content"><div class="content-left"><div class="content">
<div class="content-article">
<h1 id="article-title">{escape(story.title)}</h1>
<div id="article-author"><p class="media-name">{escape(story.outlet)}</p></div>
<div id="article-content">{_comps(story)}</div>
</div>
</div></div></div></div>
</body>
</html>
""".encode()


def _in_script(data: object) -> str:
    """JSON as qq.com writes it into a script, where no tag may begin."""
    text = json.dumps(data, ensure_ascii=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _summary(story: Story) -> str:
    return next(iter(story.lines), "订阅专栏，查看全文")[:60] + "..."


def _picture(token: str) -> dict[str, object]:
    address = f"{CDN}/{token}"
    entry: dict[str, object] = {
        "url": f"{address}/641",
        "origUrl": f"{address}/641",
        "compressUrl": f"{address}/641",
        "imgurl1000": f"{address}/1000",
        "imgurl0": f"{address}/0",
        "bigOrigUrl": f"{address}/0",
        "thumb": f"{address}_181x181s/0",
        "width": 641,
        "height": 361,
        "desc": "",
        "islong": 0,
    }
    if token.startswith("G"):
        entry |= {"isGif": 1, "gifUrl": f"{address}/0", "bigOrigUrl": f"{address}/641"}
    return entry


def _origin_text(story: Story) -> str:
    """The body with its placeholders, as `originContent.text` has it."""
    if not story.lines:
        return ""
    written = []
    items: list[str] = []
    for line in (*story.lines, ""):
        if items and not line.startswith("- "):
            written.append(f"<ul>{''.join(items)}</ul>")
            items = []
        if line.startswith("- "):
            items.append(f"<li><p>{_inline(line[2:])}</p></li>")
        elif line.startswith("["):
            number, _, caption = line[1:-1].partition("|")
            written.append(f"<p><!--IMG_{number}--></p>")
            written.append(f'<p class="caption">{escape(caption)}</p>')
        elif line.startswith("# "):
            written.append(f"<p><strong>{escape(line[2:])}</strong></p>")
        elif line:
            written.append(f"<p>{_inline(line)}</p><p><br/></p>")
    return f'<div class="rich_media_content">{"".join(written)}<!--EOP_0--></div>'


def _inline(text: str) -> str:
    parts = escape(text, quote=False).split("**")
    return "".join(f"<strong>{part}</strong>" if n % 2 else part for n, part in enumerate(parts))


def _comps(story: Story) -> str:
    """The same body as the server renders it."""
    body = _origin_text(story)
    for n, token in enumerate(story.pictures):
        source = f"{CDN}/{token}/641"
        body = body.replace(
            f"<!--IMG_{n}-->",
            f'<img class="qnt-img-img" src="{source}" data-src="{source}" alt="图片">',
        )
    return f'<div class="comps-contentify-wrap">{body}</div>' if body else ""


def static(story: Story) -> bytes:
    """`news.qq.com/a/YYYYMMDD/NNNNNN.htm` as served until 2019: GBK, and a JavaScript literal for the facts."""
    day, number = story.id[3:11], story.id[11:17]
    address = f"http://news.qq.com/a/{day}/{number}.htm"
    body = []
    for line in story.lines:
        if line.startswith("["):
            n, _, caption = line[1:-1].partition("|")
            source = f"//inews.gtimg.com/om_bt/{story.pictures[int(n)]}/641"
            body.append(f'<p align="center"><img alt="" src="{source}"></p>')
            body.append(f'<p class="text image_desc" style="TEXT-INDENT:2em">{escape(caption)}</p>')
        elif line.startswith("# "):
            body.append(
                f'<p class="text" style="TEXT-INDENT:2em"><strong>{escape(line[2:])}</strong></p>'
            )
        else:
            body.append(f'<p class="text" style="TEXT-INDENT:2em">{escape(line)}</p>')
    tags = ",".join(f"'{tag}'" for tag in story.tags)
    return f"""<!DOCTYPE html>
<html>
<head>
<meta http-equiv="Content-Type" content="text/html; charset=gb2312">
<title>{escape(story.title)}_新闻_腾讯网</title>
<script>
ARTICLE_INFO = window.ARTICLE_INFO || {{
  site:'news', site_cname:'新闻', title:'{story.title}', id:'{day}{number}', pubtime:'{story.published}',
  type:'正文', article_url:'{address}', tags:[{tags}], catalog:'社会新闻'
}};
</script>
</head>
<body>
<div id="Main-Article-QQ"><div class="qq_article">
<div class="hd"><h1>{escape(story.title)}</h1></div>
<div class="a_Info"><span class="a_catalog">社会新闻</span><span class="a_source">{escape(story.outlet)}</span>
<span class="a_time">{story.published}</span></div>
<div id="Cnt-Main-Article-QQ" class="Cnt-Main-Article-QQ" bosszone="content">{"".join(body)}</div>
<div class="qq_editor" id="QQeditor">责任编辑：白露</div>
</div></div>
</body>
</html>
""".encode("gb18030")


def feed(stories: list[Story], *, withdrawn: str) -> bytes:
    """What `web_feed/getPCList` answers: the newest articles of a channel, among them one that is gone by now."""
    items = [_item(story.id, story.title, story.outlet, story.published) for story in stories]
    items.insert(1, _item(withdrawn, "一篇已经看不到的文章", "青屿晚报", "2026-11-19 20:00:00"))
    return json.dumps({"code": 0, "message": "", "data": items}, ensure_ascii=False).encode()


def _item(id: str, title: str, outlet: str, published: str) -> dict[str, object]:
    address = f"https://new.qq.com/rain/a/{id}"
    return {
        "id": id,
        "articletype": "0",
        "title": title,
        "publish_time": published,
        "desc": "",
        "link_info": {"url": address, "share_url": address},
        "media_info": {"chl_name": outlet},
        "pic_info": {"big_img": []},
    }
