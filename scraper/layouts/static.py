"""`{channel}.qq.com/a/YYYYMMDD/NNNNNN.htm`, about 2004 to 2019: pages written once, in GBK.  Pure.

The newest (2014 on) name their facts in `ARTICLE_INFO = window.ARTICLE_INFO || {…}`, a JavaScript literal; the oldest
only print them.  The title is `#C-Main-Article-QQ .hd h1` or `.qq_article .hd h1`, before about 2011 `#ArticleTit` or
`#ArtTit`; the body `#Cnt-Main-Article-QQ`, before that `#ArticleCnt` or `#ArtCnt`.  From 2011 to 2015 outlet, author
and time are spans named by their colours (`color-a-1`, `color-a-3`, `article-time`).  Galleries show one picture and
load the others from `….hdBigPic.js`; those of large pictures (`#Main-P-QQ`) have not even a body, and tell their facts
to the script that loads them: `para = {name: …, time: …, auth: …, aid: …}`.  Comments such as
`<!--[if !IE]>|xGv00|…<![endif]-->` stand everywhere and mean nothing.
"""

import re
from datetime import datetime
from typing import Any

from selectolax.lexbor import LexborNode

from archive.article import Image
from archive.state import State
from scraper.layouts import captions
from scraper.layouts.embedded import player
from scraper.layouts.facts import (
    beijing,
    first,
    headline,
    line,
    mapping,
    text,
    web_addresses,
    words,
)
from scraper.layouts.parts import Parts
from scraper.layouts.renditions import shown
from scraper.markdown import Body, Dialect, write
from scraper.markdown.addresses import followed
from scraper.page import Page
from scraper.urls.pages import last_of, page_of, pages

_INFO = re.compile(r"ARTICLE_INFO\s{0,9}=\s{0,9}window\.ARTICLE_INFO\s{0,9}\|\|\s{0,9}")
_TITLES = (
    "#C-Main-Article-QQ .hd h1, .qq_article .hd h1, #ArticleTit, #ArtTit, #Main-Article-QQ h1,"
    " #Main-P-QQ h1"
)
_FRAMES = "#Main-Article-QQ, #C-Main-Article-QQ, #Main-P-QQ, #cntL"
"""What holds title, body and the line between them; the page around it is many times larger."""
_BODIES = "#Cnt-Main-Article-QQ, .Cnt-Main-Article-QQ, #ArticleCnt, div#ArtCnt, #qnews-content"
_LARGE_PICTURES = "#Main-P-QQ"
_PARA = re.compile(r"\bpara\s{0,9}=\s{0,9}(?=\{)")
_TIMES = ".a_time, .pubTime, .article-time, #ArtFrom, .titBar .info, .pubtime"
_OUTLETS = '.a_source, [bosszone="jgname"], .titBar .where, .where, .color-a-1, #ArtFrom .lblack, .tomobile'
_AUTHORS = '.a_author, [bosszone="author"], .color-a-3, .hd .auth'
_EDITORS = "#QQeditor, .qq_editor, .QQeditor"
_PAGES = "#ArtPLink a, #ArticlePageLinkB a, #ArticlePageLinks a, .pageNav a"
_ON_ONE_PAGE = re.compile(r"/a/\d{8}/\d{6}_all\.s?html?(?:[?#]|$)")
"""A public program asks for it wherever there is `#ArtPLink`; here only where the page itself leads there."""
_GALLERY = "#picWrap, #Gallery, .gallery, #PicWrap"
_LEAVE_OUT = (
    ".mbArticleShareBtn, .rv-root-v2, .rv-js-root, #tipsWBzf, .qq_editor, .QQeditor, #QQeditor, #videokg, #modle,"
    " .adpip_Aritcle_QQ, .PinP-Main-Article-QQ, .ad-box, #invideocon, #relInfo, #sobarLink, #AppendToQQ, #backqqcom,"
    " #Reading, #focusHub, #goRead, #cmenu, #picInPic, .dayuw_ad, #MorePic, #flashCff,"
    " #ArtPLink, #ArtInfo, #ArticlePageLinks, #ArticlePageLinkB, .pageNav, #qnews-content > .tomobile,"
    ' img[src*="albumcd.gif"], iframe[style*="display:none"]'
)
"""`.rv-root-v2` plays a related video; `#backqqcom`, at the end of the last paragraph, leads back to www.qq.com."""
_CAPTION = f".image_desc, p.pic_desc, .pictext, {captions.MARKED}"
_EDITOR = re.compile(
    r"^\W{0,3}(?:责任编辑|责编|本文编辑|编辑)\s{0,3}[：:]\s{0,3}((?:(?!\s\w{1,5}[：:])[^\]】）)]){1,40})"
)
_LABEL = re.compile(r"^(?:来源|作者)\s?[：:]\s?")
_COMMENT = re.compile(r"cmt_id\s{0,9}=\s{0,9}[\"']?(\d{4,20})")
_COMMENTED_AT = re.compile(r"cmt_site\s{0,9}=\s{0,9}[\"'](\w{2,20})[\"']")
"""The channel whose comments the page shows, which is its own."""


def claims(page: Page) -> bool:
    """By its containers: `ARTICLE_INFO` alone also stands in channel pages of the same template."""
    return page.tree.css_first(f"{_BODIES}, {_LARGE_PICTURES}") is not None


def parts(page: Page) -> Parts:
    says = mapping(page.json_after(_INFO, "window.ARTICLE_INFO"))
    meta = page.metas
    tree = page.tree.css_first(_FRAMES) or page.tree.root
    assert tree
    title = first(_text(tree, _TITLES), headline(says.get("title")), headline(page.title))
    root = tree.css_first(_BODIES)
    large = root is None
    para = mapping(page.json_after(_PARA, "para")) if large else {}
    editor = _editor(tree, root)
    if root:
        captions.mark(root)
    body = write(root, _dialect(page)) if root else Body(markdown="")
    gallery = (
        large
        or tree.css_first(_GALLERY) is not None
        or text(says.get("type")) in ("gallery", "hdpic", "pic")
    )
    few = len(body.images) <= 1
    elsewhere = _pictures_of(page.url, text(says.get("article_url"))) if gallery and few else ""
    comments = page.script_with("cmt_id")
    which, count, on_one_page = _paging(page, tree)
    outlet, _, writer = _outlet(tree).partition(" 作者：")
    return Parts(
        title=title,
        body=body,
        source=_place(root, which, count),
        state=State.GALLERY if gallery and few else None,
        rule=f"the pictures of the gallery are in {elsewhere or 'another file'}",
        elsewhere=elsewhere,
        page=which,
        pages=_pages(count, page.url, text(says.get("article_url"))),
        on_one_page=on_one_page,
        id=line(says.get("id")),
        addresses=web_addresses(text(says.get("article_url"))),
        published=_published(tree, says)
        or beijing(para.get("time"))
        or beijing(meta.get("_pubtime")),
        outlet=_LABEL.sub("", first(outlet, line(para.get("name")))),
        author=_LABEL.sub("", first(_text(tree, _AUTHORS), writer, line(para.get("auth")))),
        editor=editor,
        category=first(line(says.get("site")), _channel(page.url), _told(comments, _COMMENTED_AT)),
        tags=words(says.get("tags")) or words(meta.get("keywords"), but=title),
        summary=_summary(line(meta.get("description")), title),
        comment_id=first(_told(comments, _COMMENT), line(para.get("aid"))),
    )


def _place(root: LexborNode | None, page: int, pages: int) -> str:
    """Where the body stood, and on which page of the article."""
    if root is None:
        return _LARGE_PICTURES
    which = f"; page {page + 1} of {pages}" if pages > 1 else ""
    return "#" + (root.attributes.get("id") or "") + which


def _paging(page: Page, frame: LexborNode) -> tuple[int, int, str]:
    """Which page of the article this is, from 0; how many there are; the address of all in one, if it leads there."""
    links = [link.attributes.get("href") or "" for link in frame.css(_PAGES)[:100]]
    last = last_of(links, page.url)
    whole = next((followed(link, page.url) for link in links if _ON_ONE_PAGE.search(link)), "")
    which = page_of(page.capture.url)
    # The second of two leads only to the first, whose address has no number.
    if not last and not (which and links):
        return 0, 1, whole
    return which, max(last, which) + 1, whole


def _pages(count: int, *addresses: str) -> tuple[str, ...]:
    """The addresses of all pages; the first address that is an article's tells."""
    return next(filter(None, (pages(one, count) for one in addresses)), ()) if count > 1 else ()


def _channel(url: str) -> str:
    """The channel that an address names: `tech` of tech.qq.com."""
    found = re.match(r"https?://(\w{2,20})\.qq\.com/a/", url)
    return found[1] if found else ""


def _told(script: str, pattern: re.Pattern[str]) -> str:
    found = pattern.search(script)
    return found[1] if found else ""


def _text(frame: LexborNode, selector: str) -> str:
    node = frame.css_first(selector)
    return headline(node.text()) if node else ""


def _summary(says: str, title: str) -> str:
    """Pages of 2010 to 2016 repeat the title as their description."""
    return "" if says == title else says


def _outlet(frame: LexborNode) -> str:
    """Where the article is from.  The oldest pages do not mark it: of three links the first leads to the channel, the
    last to the comments.
    """
    if node := frame.css_first(_OUTLETS):
        return line(node.text()).removesuffix("我要评论").rstrip()
    links = frame.css("#ArtFrom a")
    return line(links[1].text()) if len(links) > 2 else ""


def _published(frame: LexborNode, says: dict[str, Any]) -> datetime | None:
    if when := beijing(says.get("pubtime")):
        return when
    for node in frame.css(_TIMES)[:4]:
        if when := beijing(node.text()):
            return when
    return None


def _editor(frame: LexborNode, root: LexborNode | None) -> str:
    """Who edited it: named below the body; before about 2011 at its end, where a line that says no
    more is taken out.
    """
    for node in frame.css(_EDITORS)[:4]:
        if found := _EDITOR.search(line(node.text())):
            return found[1].strip()
    last = root.css("p, div")[-3:] if root else []
    for node in reversed(last):
        words_there = line(node.text())
        if len(words_there) < 60 and (found := _EDITOR.search(words_there)):
            if not re.search(r"\w", words_there[found.end() :]):
                node.decompose()
            return found[1].strip()
    return ""


_ADDRESS = re.compile(r"(https?://[\w.-]{1,80}/a/\d{8}/\d{1,12})(?:_\d{1,3})?\.html?(?:[?#]|$)")


def _pictures_of(*addresses: str) -> str:
    """Where a gallery's pictures are; the first address that is an article's tells.  Empty when none is."""
    found = next(filter(None, map(_ADDRESS.match, addresses)), None)
    return f"{found[1]}.hdBigPic.js" if found else ""


def _dialect(page: Page) -> Dialect:
    def picture(node: LexborNode) -> Image | None:
        return shown(node, page.url)

    return Dialect(
        base=page.url, picture=picture, media=player, leave_out=_LEAVE_OUT, caption=_CAPTION
    )
