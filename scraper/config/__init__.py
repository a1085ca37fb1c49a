"""`config.yaml` and its kin → one typed value.

load           find the settings, lay them over each other: options > `QQNEWS_*` > config.yaml > defaults
Config         everything that can be set; each section is the settings of one room
shipped        the commented config.yaml that comes with the program, and states every default

`guarded` reads YAML as a stranger may have written it, `typed` makes settings of plain values, `shown` writes them as a
person would, and `beyond` looks at what they name: files, and pages to be asked for.
"""

from scraper.config.load import Loaded, load
from scraper.config.settings import (
    AddressFile,
    ArchiveSettings,
    Config,
    OutputSettings,
    RunSettings,
)
from scraper.config.shipped import shipped

__all__ = [
    "AddressFile",
    "ArchiveSettings",
    "Config",
    "Loaded",
    "OutputSettings",
    "RunSettings",
    "load",
    "shipped",
]
