"""The commented config.yaml that comes with the program."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]


def shipped() -> str:
    """Its text: from the package where it was installed, from the top of the checkout otherwise."""
    installed = _PACKAGE / "config.yaml"
    path = installed if installed.is_file() else _PACKAGE.parent / "config.yaml"
    return path.read_text("utf-8")
