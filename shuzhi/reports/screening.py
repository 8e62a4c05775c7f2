"""What is taken out of a text before the public sees it: numbers that are somebody's own."""

import re

#: Numbers of identity cards and mobile telephones that somebody typed into a text (GB 11643; MIIT numbering plan).
_IDENTITY = re.compile(r"(?<!\d)\d{6}(?:19|20)\d{2}(?:0\d|1[0-2])(?:[0-2]\d|3[01])\d{3}[\dXx](?!\d)")
_MOBILE = re.compile(r"(?<!\d)(1[3-9]\d)\d{4}(\d{4})(?!\d)")


def screened(text: str) -> str:
    """A text without numbers of identity cards, and with the middle of mobile numbers hidden (个人信息保护法第二十五条)."""
    return _MOBILE.sub(r"\1****\2", _IDENTITY.sub("（身份证号已隐去）", text))
