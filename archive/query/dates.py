"""The stretches of time that a word can name.  Pure."""

import re
from datetime import datetime, timedelta

from archive.article import BEIJING
from archive.errors import QueryError

_DATE = re.compile(r"(\d{4})(?:[-/.年]?(\d{1,2}))?(?:[-/.月]?(\d{1,2}))?[年月日]?", re.ASCII)
_AGO = re.compile(r"(\d{1,5})(h|d|w|m|y)", re.ASCII)
_HOURS = {"h": 1, "d": 24, "w": 24 * 7, "m": 24 * 30, "y": 24 * 365}
_DAYS = {"today": 0, "今天": 0, "yesterday": 1, "昨天": 1}


def span(text: str, *, now: datetime) -> tuple[datetime, datetime]:
    """The stretch of time a word names, from its start to just after its end; raises `QueryError`.

    `2025` a year, `2025-02` a month, `2025-02-08` a Beijing day, `2025-02-08T07:22` a minute, `7d` the last seven
    days, `today`, `yesterday`.
    """
    word = text.strip().translate({code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)})
    today = now.astimezone(BEIJING).replace(hour=0, minute=0, second=0, microsecond=0)
    try:
        if word.lower() in _DAYS:
            start = today - timedelta(days=_DAYS[word.lower()])
            return start, start + timedelta(days=1)
        if ago := _AGO.fullmatch(word.lower()):
            return now - timedelta(hours=int(ago[1]) * _HOURS[ago[2]]), now
        if day := _DATE.fullmatch(word):
            return _calendar(int(day[1]), int(day[2] or 0), int(day[3] or 0))
        moment = datetime.fromisoformat(word)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=BEIJING)
        return moment, moment + timedelta(minutes=1)
    except (ValueError, OverflowError) as error:
        raise QueryError(
            f"{text!r} is no date", hint="write 2025, 2025-02, 2025-02-08 or 7d"
        ) from error


def _calendar(year: int, month: int, day: int) -> tuple[datetime, datetime]:
    start = datetime(year, month or 1, day or 1, tzinfo=BEIJING)
    if day:
        return start, start + timedelta(days=1)
    if month:
        return start, datetime(year + month // 12, month % 12 + 1, 1, tzinfo=BEIJING)
    return start, datetime(year + 1, 1, 1, tzinfo=BEIJING)
