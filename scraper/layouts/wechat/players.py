"""Players in WeChat articles: videos, recordings, songs.  Pure.

    media(node)    what a player element plays

Videos are described, never downloaded.  `iframe.video_iframe` with `v.qq.com` (2013 to today) or `data-mpvid`
(WeChat's own, since 2018), `mpvoice` and `mp-common-mpaudio` (recordings), `qqmusic` and `mp-common-qqmusic`
(songs), `mpvideosnap` and `mp-common-videosnap` (a Channels video).
"""

import re
from urllib.parse import parse_qs, unquote, urlsplit

from selectolax.lexbor import LexborNode

from archive.article import Video
from scraper.layouts.renditions import web

_VID = re.compile(r"/(?:page|cover(?:/\w+)?)/(\w+)\.html")
_RECORDINGS = ("mpvoice", "mp-common-mpaudio")
_SONGS = ("qqmusic", "mp-common-qqmusic")
_SNAPS = ("mpvideosnap", "mp-common-videosnap")


def media(node: LexborNode) -> Video | None:
    """What a player element plays; None when it does not say, or plays nothing (a vote, a card)."""
    says = {name: value.strip() for name, value in node.attributes.items() if value}
    tag = node.tag
    if tag in _RECORDINGS:
        return _recording(says)
    if tag in _SONGS:
        return _song(says)
    if tag in _SNAPS:
        return _snap(says)
    return _video(says)


def _recording(says: dict[str, str]) -> Video | None:
    key = says.get("voice_encode_fileid", "")
    if not key:
        return None
    length = says.get("play_length", "")
    return Video(
        key=key,
        url=f"https://res.wx.qq.com/voice/getvoice?mediaid={key}",
        title=unquote(says.get("name", "")),
        duration=int(length) // 1000 if length.isdecimal() and len(length) < 12 else 0,
        kind="audio",
    )


def _song(says: dict[str, str]) -> Video | None:
    key = says.get("mid") or says.get("musicid", "")
    address = says.get("otherid") or says.get("audiourl", "")
    if says.get("mid"):
        address = f"https://y.qq.com/n/ryqq/songDetail/{says['mid']}"
    if not key or not address.startswith(("http://", "https://")):
        return None
    title = " – ".join(filter(None, (says.get("music_name"), says.get("singer"))))
    return Video(
        key=key, url=address, title=title, cover=web(says.get("albumurl", "")), kind="audio"
    )


def _snap(says: dict[str, str]) -> Video | None:
    key = says.get("data-id", "")
    if not key:
        return None
    return Video(
        key=key,
        url=f"https://channels.weixin.qq.com/web/pages/feed?eid={key}",
        title=" ".join(says.get("data-desc", "").split()),
        cover=web(says.get("data-url", "")),
    )


def _video(says: dict[str, str]) -> Video | None:
    address = says.get("data-src") or says.get("src", "")
    cover = web(unquote(says.get("data-cover", "")))
    own = says.get("data-mpvid", "")
    try:
        parts = urlsplit(address)
        query = parse_qs(parts.query)
    except ValueError:
        return None
    vid = own or next(iter(query.get("vid", ())), "")
    if not vid and (found := _VID.search(parts.path)):
        vid = found[1]
    if not vid:
        return None
    if own or vid.startswith("wxv_"):
        link = f"https://mp.weixin.qq.com/mp/readtemplate?t=pages/video_player_tmpl&action=mpvideo&vid={vid}"
    else:
        link = f"https://v.qq.com/x/page/{vid}.html"
    return Video(key=vid, url=link, title=says.get("data-title", ""), cover=cover)
