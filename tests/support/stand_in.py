"""A local package index that serves the wheels of a folder, with upload times."""

from __future__ import annotations

import json
from contextlib import contextmanager
from hashlib import sha256
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_ANSWER = "application/vnd.pypi.simple.v1+json"
_OLD = "2020-01-01"


@contextmanager
def index(folder: Path, uploads: Mapping[str, str | None]) -> Iterator[str]:
    """Serve the wheels of a folder while the context lasts; yield the index's URL.

    ``uploads`` maps prefixes of wheels' names to their upload days, or None to leave the upload
    time out; other wheels are from 2020.
    """

    class Handler(SimpleHTTPRequestHandler):
        def __init__(self, *arguments: Any) -> None:  # noqa: ANN401 - what the server gives
            super().__init__(*arguments, directory=str(folder))

        def do_GET(self) -> None:
            place, _, name = self.path.strip("/").partition("/")
            if place != "simple":
                super().do_GET()
            elif wheels := sorted(folder.glob(f"{name.replace('-', '_')}-*.whl")):
                self._answer(name, [_described(wheel, uploads) for wheel in wheels])
            else:
                self.send_error(404)

        def _answer(self, name: str, files: list[dict[str, object]]) -> None:
            self.send_response(200)
            self.send_header("Content-Type", _ANSWER)
            self.end_headers()
            answer = {"meta": {"api-version": "1.1"}, "name": name, "files": files}
            self.wfile.write(json.dumps(answer).encode())

        def log_message(self, *_: object) -> None:
            """Print nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/simple"
        server.shutdown()


def _described(wheel: Path, uploads: Mapping[str, str | None]) -> dict[str, object]:
    digest = sha256(wheel.read_bytes()).hexdigest()
    file: dict[str, object] = {
        "filename": wheel.name,
        "url": f"/{wheel.name}",
        "hashes": {"sha256": digest},
    }
    days = [day for start, day in uploads.items() if wheel.name.startswith(start)]
    day = days[0] if days else _OLD
    return file | ({"upload-time": f"{day}T12:00:00Z"} if day else {})
