"""WeChat articles: `mp.weixin.qq.com/s…`, 2012 to 2026.  Pure.

    claims, parts    the layout (`scraper.layouts`)
    variables        what the page tells its own scripts
    posts            bodies that stand in a script and not on the page: text, pictures, video
    pictures, players  what its pictures and players show
    items              list items that print their own bullets

The page's item type (`item_show_type`: 0 article, 5 video, 7 audio, 8 pictures, 10 text, 11 and 17 shares)
is not trusted to say where the body stands: pages of every type were seen with it in `#js_content`, and articles
with an empty one.  The page is asked first, its script second.  The first template, until about 2013, had no
`#js_content`: its body is the `.text` of `.page-content`.  Pages that say why they show nothing (该内容已被发布者删除)
are known to `scraper.notices`.
"""

import base64
import binascii
import html
import re
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.layouts import captions
from scraper.layouts.facts import beijing, first, line, mapping, text, words
from scraper.layouts.parts import Parts
from scraper.layouts.renditions import cover
from scraper.layouts.wechat import items, posts, variables
from scraper.layouts.wechat.pictures import picture
from scraper.layouts.wechat.players import media
from scraper.layouts.wechat.variables import Variables
from scraper.markdown import Body, Dialect, write
from scraper.page import Page

CHROME = ", ".join(
    (
        "#js_top_profile, .share_notice",  # the account, title and hint over a text post
        "mp-common-profile, mpprofile, .wx-profile-card-cover",
        "mp-common-product, mpcps, .js_product_container",
        "mp-common-miniprogram, mp-miniprogram, mp-weapp",
        "mp-common-vote, .vote_area, iframe.vote_iframe, iframe.card_iframe",
        "mp-style-type",
        ".code-snippet__line-index",
        ".original_panel_tool, .reward_area, #js_tags, .article-tag__list",
        # What scripts put beside a player or card that they found; a saved page has both.
        "[id^=js_mpvedio_wrapper], .mp-video-player, .js_wap_qqmusic, .js_audio_frame, .wxw_wechannel_card",
        ".wx_profile_card, .weapp_card, .minishop_card, .ct_geography_loc_card, .js_wap_redpacketcover, .topic_wrp",
        "mpcpc, .mpad_cpc",  # an advert amid the text
        ".gif_img_tips, .underline__tag",  # that a picture moves; how many readers marked a sentence
    )
)
"""Elements that stand in a body and are not part of what its author wrote."""
_TAG = re.compile(r"</?(?:a|br|p|span|em|strong)\b[^<>]{0,2000}>", re.IGNORECASE)
"""Markup in the description of a post whose text has links: WeChat takes it over as it stands."""
_DIALECT = Dialect(
    base="https://mp.weixin.qq.com/",
    picture=picture,
    media=media,
    player=".video_iframe",  # a `span` in pages saved by a reading app
    leave_out=CHROME,
    caption=captions.MARKED,
    code="section.code-snippet__fix",
)
_BODY = "#js_content, #js_image_content"
_FIRST_BODY = ".page-content div.text"
_SIGNED = "#js_author_name_text, #js_author_name"
_SIGNED_BESIDE_THE_DATE = (
    ".rich_media_meta_list > .rich_media_meta_text"
    ":not([id]):not(.rich_media_meta_nickname):not(.meta_tag_text),"
    " .activity-info > .activity-meta:not([id])"
)
"""Who signs it, until the end of 2018 (`作者 …` below the date in May 2018).  Later the name stands in there, twice."""
_FIRST_PRINTED_BY = (
    "#copyright_info .original_cell_nickname,"
    " #copyright_info > .tips_global ~ .original_cell > .flex_cell_primary"
)
"""The account that a reprint of 2018 names below itself."""
_ACCOUNT = "#js_name, #post-user, .rich_media_meta_list .profile_nickname"
_TEMPLATE = "#js_content.rich_media_content, #activity-name ~ #js_content"
_MOST_FORMULAS = 1_000
_WORD = re.compile(r"\w")
_ARTICLE = re.compile(r"https?://mp\.weixin\.qq\.com/(?:s[?/]|mp/appmsg)")


def claims(page: Page) -> bool:
    """Whether it is a WeChat page: it has the places of the template, and names WeChat's hosts or no other."""
    if not page.tree.css_first("#js_content, #js_article, #activity-name"):
        return False
    if "//mp.weixin.qq.com/" in page.url or any(
        host.encode(page.charset) in page.capture.body
        for host in ("res.wx.qq.com", "mmbiz.qpic.cn", "mp.weixin.qq.com")
    ):
        return True
    # Of a page without pictures and scripts, as programs save it, nothing but the template is left.
    return not page.url.startswith("http") and page.tree.css_first(_TEMPLATE) is not None


def parts(page: Page) -> Parts:
    """What stands on the page."""
    says = variables.read(page)
    body, source = _body(page, says)
    kind = posts.kind(says)
    silent = kind is not None and kind.state is not None and not posts.is_read(body)
    return Parts(
        title=_title(page, says, body),
        body=body,
        source=source,
        id=_id(says),
        state=kind.state if kind and silent else None,
        rule=f"item_show_type {kind.number}: a {kind.name} and hardly a word"
        if kind and silent
        else "",
        addresses=_addresses(page, says),
        published=_published(page, says),
        updated=beijing(says.get("modify_time")),
        outlet=line(says.get("nick_name")) or _text(page, _ACCOUNT),
        outlet_id=line(says.get("user_name")) or line(says.get("bizuin")),
        author=_author(page, says),
        place=_place(page, says),
        tags=_tags(page, says),
        summary=line(_TAG.sub("", text(says.get("desc")))),
        cover=_cover(page, says),
        comment_id=_number(says.get("comment_id")),
        statement=_statement(page, says),
        declarations=_declarations(page, says),
    )


def _body(page: Page, says: Variables) -> tuple[Body | None, str]:
    """The body and where it stood: on the page or in its script, whichever holds one."""
    readers = [_on_page, _in_script]
    if posts.is_drawn(says):
        readers.reverse()
    for reader in readers:
        body, place = reader(page, says)
        if body and (body.images or body.videos or _WORD.search(body.markdown)):
            return body, place
    return None, ""


def _on_page(page: Page, _says: Variables) -> tuple[Body | None, str]:
    if container := page.tree.css_first(_BODY):
        return written(container), f"#{container.id}"
    if container := page.tree.css_first(_FIRST_BODY):
        return written(container), _FIRST_BODY
    return None, ""


def _in_script(page: Page, says: Variables) -> tuple[Body | None, str]:
    content, source = posts.body_html(says | variables.read_content(page))
    tree = LexborHTMLParser(content)
    return (written(tree.body), source) if content and tree.body else (None, "")


def written(root: LexborNode) -> Body:
    """A body element of a WeChat page as Markdown."""
    captions.mark(root)
    items.unmark(root)
    _spell_out_formulas(root)
    return write(root, _DIALECT)


def _spell_out_formulas(root: LexborNode) -> None:
    """Put what a formula was written as in the place of its drawing, which has no words."""
    # From the last to the first, so that one inside another is done before it goes.
    for node in reversed(root.css("[data-formula], .katex")[:_MOST_FORMULAS]):
        source = node.css_first("annotation")
        told = node.attributes.get("data-formula") or (source.text() if source else "")
        if said := line(html.escape(told)):
            node.inner_html = f"<code>{html.escape(said)}</code>"


def _title(page: Page, says: Variables, body: Body | None) -> str:
    """The title, or what a post that has none begins with."""
    shown = _text(page, "#activity-name, #js_text_title")
    title = text(says.get("title"))
    if not title and not shown:
        title = variables.unescaped(page.metas.get("og:title", ""))
    if title and not posts.has_title(says | {"title": title}):
        return posts.title_from(html.unescape(title))
    return first(line(title), shown) or (posts.title_of(body) if body else "")


def _id(says: Variables) -> str:
    """`wx-…-…-…` of the long address, from the variables; empty when one of them is missing."""
    biz, mid, idx = (str(says.get(name) or "") for name in ("bizuin", "mid", "idx"))
    try:
        account = base64.b64decode(biz, validate=True).decode("ascii")
    except (binascii.Error, ValueError):
        return ""
    numbers = (account, mid, idx)
    return f"wx-{'-'.join(numbers)}" if all(number.isdecimal() for number in numbers) else ""


def _addresses(page: Page, says: Variables) -> tuple[str, ...]:
    """Every address by which the page names itself: the long form first, then as it links to itself."""
    found = []
    biz, mid, idx, sn = (str(says.get(name) or "") for name in ("bizuin", "mid", "idx", "sn"))
    if biz and mid and idx:
        query = {"__biz": biz, "mid": mid, "idx": idx} | ({"sn": sn} if sn else {})
        found.append(f"https://mp.weixin.qq.com/s?{urlencode(query, safe='=')}")
    for named in (text(says.get("link")), page.metas.get("og:url", "")):
        address = html.unescape(html.unescape(named.strip()))  # `\\x26amp;amp;` was met
        if _ARTICLE.match(address):
            found.append(address.partition("#")[0].replace("http://", "https://", 1))
    return tuple(dict.fromkeys(found))


def _published(page: Page, says: Variables) -> datetime | None:
    """When it was published: to the second by the variables, to the minute or day by what the page shows."""
    for name in ("create_timestamp", "ori_create_time", "create_time"):
        if at := beijing(says.get(name)):
            return at
    return beijing(_text(page, "#publish_time, #post-date"))


def _cover(page: Page, says: Variables) -> str:
    """The picture that stands for it; templates until 2016 may show it above the text, in `#media`."""
    if told := cover(html.unescape(text(says.get("cdn_url")))):
        return told
    above = page.tree.css_first("#media img")
    addresses = (above.attributes.get(name) for name in ("data-backsrc", "src")) if above else ()
    named = (cover(address or "") for address in (*addresses, page.metas.get("og:image")))
    return next(filter(None, named), "")


def _author(page: Page, says: Variables) -> str:
    """Who signs it; pages of 2017 and 2018 say so only beside the date."""
    return (
        line(says.get("author"))
        or _text(page, _SIGNED)
        or _text(page, _SIGNED_BESIDE_THE_DATE).removeprefix("作者 ")
        or page.metas.get("author", "")
        or page.metas.get("og:article:author", "")
    )


def _tags(page: Page, says: Variables) -> tuple[str, ...]:
    """The collections (合集) it is filed under; a script draws them where the page does not hold them."""
    listed = mapping(says.get("public_tag_info")).get("tags") or says.get("album_info_list")
    filed = [mapping(one) for one in listed] if isinstance(listed, list) else []
    shown = [node.text().strip().removeprefix("#") for node in page.tree.css(".article-tag__item")]
    return words([*(one.get("tag_name") or one.get("title") for one in filed), *shown])


def _place(page: Page, says: Variables) -> str:
    """Where it was published from: a province, or a country."""
    wording = says.get("ip_wording")
    if isinstance(wording, dict):
        for name in ("province_name", "provinceName", "country_name", "countryName"):
            if place := line(wording.get(name)):
                return place
    return _text(page, "#js_ip_wording")


def _statement(page: Page, says: Variables) -> str:
    """Whose article it is, when it is a reprint: 以下文章来源于…"""
    if shown := _text(page, ".original_primary_card_tips"):
        return shown.replace(" ，", "，")
    rights = says.get("copyright_info")
    platform = line(rights.get("platform")) if isinstance(rights, dict) else ""
    platform = platform or _text(page, _FIRST_PRINTED_BY)
    return f"以下文章来源于{platform}" if platform else ""


def _declarations(page: Page, says: Variables) -> tuple[str, ...]:
    """What the author declared: 原创, and the words of `claim_source` (个人观点，仅供参考; 内容由AI生成)."""
    rights = says.get("copyright_info")
    kept = rights.get("copyright_stat") if isinstance(rights, dict) else says.get("copyright_stat")
    found = ["原创"] if _number(kept) == "1" or page.tree.css_first("#copyright_logo") else []
    claim = says.get("claim_source")
    if isinstance(claim, dict):
        found.append(line(claim.get("claim_source")))
    else:
        found.append(_text(page, "#js_claim_source_content").removeprefix("作者提示:").strip())
    return tuple(dict.fromkeys(filter(None, found)))


def _number(value: Any) -> str:
    """The digits of a number that is not zero; empty for anything else."""
    digits = line(value)
    return digits if digits.isascii() and digits.isdecimal() and digits.strip("0") else ""


def _text(page: Page, selector: str) -> str:
    """The text of the first element that has any, as one line."""
    for node in page.tree.css(selector):
        # Titles of 2018 carry a script that writes the title once more.
        if not node.css_first("script") and (words := line(node.text())):
            return words
    return ""
