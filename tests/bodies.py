"""Made-up bodies and a plain dialect to read them in."""

from selectolax.lexbor import LexborHTMLParser, LexborNode

from archive.article import Image, Video
from scraper.markdown import Body, Dialect, write
from tests.roundtrip import complaints


def picture(node: LexborNode) -> Image | None:
    """An `<img>` by its address; `图片` says nothing."""
    address = node.attributes.get("data-src") or node.attributes.get("src") or ""
    if address.startswith("//"):
        address = f"https:{address}"
    if not address.startswith("http"):
        return None
    alt = node.attributes.get("alt") or ""
    return Image(url=address, renditions=(address,), key=address, alt="" if alt == "图片" else alt)


def media(node: LexborNode) -> Video | None:
    """A player by its address; those without one are `v1`, 65 seconds long."""
    attributes = node.attributes
    address = attributes.get("data-src") or attributes.get("src") or ""
    name = attributes.get("name") or attributes.get("title") or ""
    kind = "audio" if node.tag == "mpvoice" else "video"
    if address:
        return Video(key=address, url=address, title=name, kind=kind)
    return Video(key="v1", url="", title="演示", duration=65) if node.tag == "div" else None


def insert(said: str) -> Image | Video | None:
    """IMG_0 is a plain picture, IMG_1 one with a caption, VIDEO_0 a video; other placeholders stand for nothing."""
    if said in ("IMG_0", "IMG_1"):
        address = f"https://i.example/{said}"
        return Image(
            url=address,
            renditions=(address,),
            key=address,
            caption="题图" if said == "IMG_1" else "",
        )
    if said == "VIDEO_0":
        return Video(key="v0", url="https://v.example/v0", title="现场", duration=3725)
    return None


PLAIN = Dialect(
    base="https://news.example/a/1",
    picture=picture,
    media=media,
    insert=insert,
    player="div.player",
    leave_out=".ad",
    caption="i.desc, p.caption",
    code=".snippet, .listing",
)


def root_of(html: str) -> LexborNode:
    """The element around a fragment."""
    root = LexborHTMLParser(f"<div id='root'>{html}</div>").css_first("#root")
    assert root is not None
    return root


def body(html: str) -> Body:
    """A fragment, written."""
    return write(root_of(html), PLAIN)


def complaints_of(html: str) -> list[str]:
    """What any renderer shows otherwise than the fragment does."""
    root = root_of(html)
    return complaints(root, PLAIN, write(root, PLAIN))
