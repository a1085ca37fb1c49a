"""The page eras of qq.com: one module each, recognised by looking at the page, never by its date.  Pure.

`LAYOUTS` is the list written out; its order never matters, because at most one of them claims a page.  What none
claims is read by `generic`.

What they share is no layout:

    parts       what a layout finds on a page, and what every layout can do
    facts       lines, headlines, times and keywords, made plain
    embedded    bodies that come as a string of HTML with comments for pictures and videos
    listed      bodies that come as a list of paragraphs, pictures and videos
    captions    captions that only their place and their words tell
    renditions  the addresses under which the picture hosts keep one picture
"""

from scraper.layouts import gallery, inews, kuaibao, om, omn, rain, static, wechat, xw
from scraper.layouts.parts import Layout

LAYOUTS: tuple[Layout, ...] = (wechat, rain, omn, static, inews, xw, kuaibao, om, gallery)
