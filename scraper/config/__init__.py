"""`config.yaml` and its kin → one typed value.

load           find the settings, lay them over each other: options > `QQNEWS_*` > config.yaml > defaults
Config         everything that can be set; each section is the settings of one room
shipped        the commented config.yaml that comes with the program, and states every default
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
