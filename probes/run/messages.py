"""Messages from the child process, through a pipe that other code may write to as well.

A message is JSON, split into frames of one line. A frame starts with a secret, which other writes
lack, and has at most PIPE_BUF bytes, so that the kernel writes it atomically.
"""

import json
import os
from select import PIPE_BUF

# The exit code of a child that can't report its own error, such as when its pipe is closed.
NOT_SENT = 70
_LAST, _MORE = b".", b"+"


class Sender:
    """Sends messages to a file descriptor; does nothing in a forked copy of this process."""

    def __init__(self, pipe, secret):
        self._pipe = pipe
        self._process = os.getpid()
        self._secret = secret.encode()
        self._room = PIPE_BUF - len(self._secret) - len(_LAST) - 2

    def send(self, message):
        """Send a message, a dict of JSON values whose numbers are finite."""
        if os.getpid() != self._process:
            return
        text = json.dumps(message, allow_nan=False).encode()  # ASCII without newlines
        for start in range(0, len(text), self._room):
            mark = _MORE if len(text) > start + self._room else _LAST
            frame = self._secret + mark + text[start : start + self._room]
            os.write(self._pipe, b"\n" + frame + b"\n")  # ends a line that other code began


class Receiver:
    """Decodes the messages in the bytes read from the pipe."""

    def __init__(self, secret):
        self.messages, self.secret = [], secret
        self._prefix = secret.encode()
        self._line = self._begun = b""

    def feed(self, data):
        """Decode the next bytes, which may end within a message."""
        lines = (self._line + data).split(b"\n")
        self._line = lines.pop()[-PIPE_BUF:]  # a longer line is not a frame
        for line in lines:
            if line.startswith(self._prefix):
                text = line[len(self._prefix) :]
                self._begun += text[1:]
                if text[:1] == _LAST:
                    self.messages.append(json.loads(self._begun.decode()))
                    self._begun = b""
