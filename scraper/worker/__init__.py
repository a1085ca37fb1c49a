"""Where untrusted bytes are parsed: a process that can be killed.

    pool       Workers: hands out pages and pictures, with a deadline and a memory limit for each
    child      what runs in the process
    messages   what the two say to each other                                               pure
    settings   what may be set

Parsing half a megabyte of `<div>` takes Lexbor a minute, a few kilobytes of PNG ask for gigabytes, and a decoder may
crash outright; none of it can be interrupted from within.
"""
