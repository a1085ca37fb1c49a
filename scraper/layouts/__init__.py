"""The page eras of qq.com: one module each, recognised by looking at the page, never by its date.  Pure.

`LAYOUTS` is the list written out; its order never matters, because at most one of them claims a page.  What none
claims is read by `generic`.
"""

from scraper.layouts import gallery, inews, kuaibao, om, omn, rain, static, wechat, xw
from scraper.layouts.parts import Layout

LAYOUTS: tuple[Layout, ...] = (wechat, rain, omn, static, inews, xw, kuaibao, om, gallery)
