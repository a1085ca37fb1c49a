"""Every fault of the hostile server, met by the whole program.

Settings from a file, an archive on disk, `qqnews` called as a shell calls it: what is stored, what waits, how often the
site was asked, the one line a person reads, the exit code.  The waits of the shipped settings are scaled down, and
nothing else.

    bench       the program, an archive for each test, and what can be read off them
    conftest    the server, the settings, an archive that holds one good article
"""
