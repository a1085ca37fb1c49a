"""What keeps a whole archive sound, and takes it elsewhere.

    verify                     whether what is stored is what was written
    repair                     what is to be done about it, and doing it: files first, then the index
    mending, restoring         the files of an archive mended; a lost text out of the page it was read from
    rebuild, ahead             the index made again from the files; texts read on processors that would be idle
    unfinished                 what a crash left between two steps
    backup, merge, history     a copy; two archives as one; what happened to one, to be told to another
    doctor                     what of the machine would trouble an archive

Each works on an archive that nobody else writes to; keeping single articles is left to `archive.archive`.
"""
