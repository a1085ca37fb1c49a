"""What can be polled for new articles: each source says what to ask and reads what came.  Pure.

    found       Find, Finds: what a source brought; Source: what every source can do
    channel     the feed of a channel of news.qq.com
    hot         the hot list
    author      the articles of one author or outlet
    search      what the site's own search finds
    tag         the articles under one tag; the morning digest
    sitemap     the sitemap, an index and its files
    page        any page that links to articles
    addresses   a file of addresses, or any text handed in
    rows        what the rows of feeds and lists mean
    answer      JSON answers of qq.com, with their errors told apart from "nothing new"
    request     one request
    given       what a person may give a source in its settings

Asking is left to `scraper.fetch`, and what to do with the finds to `scraper.pipeline`.
"""
