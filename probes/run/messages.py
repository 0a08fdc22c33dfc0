"""Messages through a pipe to which other code of the child process may write as well.

A message is JSON in frames of one line. A frame begins with the secret of one run, so that other
writes are not messages, and is one write, which the kernel keeps whole.
"""

import json
import os
from select import PIPE_BUF

# The exit code of a child that can't send its own mistake, as when its pipe is closed.
NOT_SENT = 70
_LAST, _MORE = b".", b"+"


class Sender:
    """Sends messages through a descriptor; a forked copy of this process sends none."""

    def __init__(self, pipe, secret):
        self._pipe = pipe
        self._process = os.getpid()
        self._secret = secret.encode()
        self._room = PIPE_BUF - len(self._secret) - len(_LAST) - 2

    def send(self, message):
        """Send a message of JSON values, whose numbers are finite."""
        if os.getpid() != self._process:
            return
        text = json.dumps(message, allow_nan=False).encode()  # in ASCII: no newline
        for start in range(0, len(text), self._room):
            mark = _MORE if len(text) > start + self._room else _LAST
            frame = self._secret + mark + text[start : start + self._room]
            os.write(self._pipe, b"\n" + frame + b"\n")  # ends a line that other code began


class Receiver:
    """Collects the messages in the bytes that were read from the pipe."""

    def __init__(self, secret):
        self.messages, self.secret = [], secret
        self._prefix = secret.encode()
        self._line = self._begun = b""

    def feed(self, data):
        """Add bytes that were read."""
        lines = (self._line + data).split(b"\n")
        self._line = lines.pop()[-PIPE_BUF:]  # a longer unfinished line is not ours
        for line in lines:
            if line.startswith(self._prefix):
                text = line[len(self._prefix) :]
                self._begun += text[1:]
                if text[:1] == _LAST:
                    self.messages.append(json.loads(self._begun.decode()))
                    self._begun = b""
