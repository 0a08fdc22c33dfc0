"""The declared default: a role's keyword and its default in the signature, as Python text."""

import inspect


def declared(target, keyword):
    """Return {keyword, default}, or None if the signature has no default for ``keyword``.

    For a class, ``__init__`` is inspected: in 2.2 to 2.4 ``__new__`` of Keras layers hides it.
    """
    function = target.__init__ if inspect.isclass(target) else target
    try:
        parameter = inspect.signature(function).parameters[keyword]
    except (KeyError, TypeError, ValueError):
        return None
    if parameter.default is inspect.Parameter.empty:
        return None
    return {"keyword": keyword, "default": as_text(parameter.default)}


def as_text(default):
    """Return a default as short Python text without memory addresses."""
    if inspect.isclass(default):
        return "<class '%s'>" % default.__name__
    if inspect.isroutine(default):
        return "<function %s>" % default.__name__
    text = repr(default)
    if text.startswith("<"):
        return "<%s object>" % type(default).__name__
    return text
