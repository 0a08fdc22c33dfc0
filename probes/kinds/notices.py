"""Collect the deprecation and removal notices that a release emits."""

import logging
import re
import warnings
from contextlib import contextmanager

from probes.run.record import clean

_LOGGERS = ("tensorflow", "absl")
_CALLER = re.compile(r"^From .*?:\d+: ")
DEPRECATION = re.compile(r"deprecat|remove|legacy|will not be included|sunset", re.IGNORECASE)
EVERY = re.compile("")


class _Collector(logging.Handler):
    def __init__(self, texts):
        logging.Handler.__init__(self, level=logging.WARNING)
        self._texts = texts

    def emit(self, record):
        self._texts.append(record.getMessage())


@contextmanager
def listening(subject=DEPRECATION):
    """Yield a list; on exit it is filled with the distinct notices that match ``subject``."""
    texts, notices = [], []
    collector = _Collector(texts)
    for name in _LOGGERS:
        logging.getLogger(name).addHandler(collector)
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            yield notices
        # a DeprecationWarning is from Python or NumPy, addressed to TensorFlow's developers
        texts.extend(
            str(warning.message)
            for warning in caught
            if not issubclass(warning.category, DeprecationWarning)
        )
    finally:
        for name in _LOGGERS:
            logging.getLogger(name).removeHandler(collector)
        for text in texts:
            notice = clean(_CALLER.sub("", text.strip()))
            if subject.search(notice) and notice not in notices:
                notices.append(notice)
