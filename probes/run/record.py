"""Reproducible text: rounded numbers, messages without paths, JSON with sorted keys."""

import json
import os
import re
import sys
from math import isfinite

DIGITS = 6
_AT_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")
_ADDRESS = re.compile(r"\b0x[0-9a-fA-F]{5,}")  # a shorter one is an ordinary number
_LINE = 100  # characters
_SITE_PACKAGES = re.compile(r"(?:[^\s'\"(]*/)?site-packages/")


def rounded(value, digits=DIGITS):
    """Return ``value`` with every float in it rounded to ``digits`` significant digits."""
    if isinstance(value, float):
        return float("%.*g" % (digits, value))
    if isinstance(value, dict):
        return {key: rounded(item, digits) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [rounded(item, digits) for item in value]
    return value


def clean(text, *folders):
    """Return a message without memory addresses and paths of this machine.

    These paths are ``folders``, the interpreter's, and the home and current directory.
    """
    text = _ADDRESS.sub("0x…", _AT_ADDRESS.sub("", str(text)))
    known = {sys.prefix, sys.base_prefix, os.path.expanduser("~"), os.getcwd()}.union(folders)
    for folder in sorted(known, key=len, reverse=True):  # one may contain another
        written = os.fsencode(folder).decode("utf-8", "replace")  # in any locale
        text = text.replace(written, "…") if len(written) > 1 else text
    return _SITE_PACKAGES.sub("", text).strip()


def error_text(error):
    """Return the class and the message of an exception as one text."""
    try:
        message = str(error)
    except Exception:
        message = "its text can't be had"
    return clean("%s: %s" % (type(error).__name__, message))


def dump(value):
    """Return JSON with sorted keys, ending in a newline.

    A list of scalars is on one line, and so is everything that fits there. A lone surrogate, which
    UTF-8 can't hold, becomes a question mark.
    """
    return _layout(value, 0).encode("utf-8", "replace").decode("utf-8") + "\n"


def shared(symbols):
    """Return symbols with each evidence once, as many are other public paths of one object.

    ``same_as`` is the name of the first symbol with equal evidence.
    """
    names = {}
    return [_shared(symbol, names) for symbol in symbols]


def _shared(symbol, names):
    if "evidence" not in symbol:
        return symbol
    first = names.setdefault(_encode(symbol["evidence"]), symbol["name"])
    if first == symbol["name"]:
        return symbol
    own = {key: symbol[key] for key in symbol if key != "evidence"}
    return dict(own, same_as=first)


_encode = json.JSONEncoder(sort_keys=True, allow_nan=False, ensure_ascii=False).encode


def _layout(value, depth):
    line = _encode(value)
    if depth + len(line) <= _LINE:
        return line
    if isinstance(value, dict):
        items = [_encode(key) + ": " + _layout(value[key], depth + 1) for key in sorted(value)]
        return _block("{", items, "}", depth)
    if isinstance(value, (list, tuple)) and any(isinstance(v, (dict, list)) for v in value):
        return _block("[", [_layout(item, depth + 1) for item in value], "]", depth)
    return line


def _block(opening, items, closing, depth):
    indent = "\n" + " " * (depth + 1)
    return opening + indent + ("," + indent).join(items) + "\n" + " " * depth + closing


def as_json(value):
    """Return ``value`` as JSON values; what JSON can't represent becomes the name of its type.

    A float that is not finite becomes the text "nan" or "inf".
    """
    if isinstance(value, float) and not isfinite(value):
        value = str(value)
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, dict):
        return {str(key): as_json(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [as_json(item) for item in value]
    if hasattr(value, "name") and isinstance(value.name, str):  # a TensorFlow dtype
        return value.name
    if hasattr(value, "tolist"):  # an array or a scalar of NumPy
        return as_json(value.tolist())
    return "<%s>" % type(value).__name__
