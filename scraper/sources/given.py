"""What a person may give a source in its settings.  Pure."""


def must_be_within(what: str, number: int, *, most: int) -> None:
    """Raise ValueError for a number that is below 1 or above the most.  what: the setting's name."""
    if not 1 <= number <= most:
        raise ValueError(f"{what} must be between 1 and {most}")


def must_be_web_address(url: str) -> None:
    """Raise ValueError for what is no address on the web."""
    if not url.startswith(("https://", "http://")):
        raise ValueError(f"{url!r} is no web address")
