"""Takes a secret out of what the other side sent, however it is spelled there."""

import re

HIDDEN = b"[key]"

_PERCENT = rb"(?:%|\\+u0025)(?:25)*"
_AMPERSAND = rb"(?:&|\\+u0026)(?:amp;)*"


def without_secret(body: bytes, secret: str) -> bytes:
    """`body` without `secret`, as it is or with characters escaped for JSON, for a URL or for HTML, also twice.

    `secret` is of ASCII characters. A body that does not hold it is given back as it is.
    """
    return re.sub(b"".join(_spellings(character) for character in secret), HIDDEN, body)


def _spellings(character: str) -> bytes:
    code = ord(character)
    plain, hexadecimal = re.escape(character).encode(), b"(?i:%02x)" % code
    return (
        rb"(?:" + plain
        + rb"|\\+u00" + hexadecimal
        + rb"|" + _PERCENT + hexadecimal
        + rb"|" + _AMPERSAND + rb"#(?:0*%d|[xX]0*" % code + hexadecimal + rb");)"
    )  # fmt: skip
