"""A store of files that speaks as much of S3 as an app needs which keeps, gives back, counts and removes files."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

PAGE = 2
"""Names in one answer, so that there are several."""


class S3:
    def __init__(self, url: str) -> None:
        self.url = url
        self.files: dict[str, bytes] = {}
        """/bucket/name → content."""
        self.is_down = False
        self.signed: list[str] = []


@contextmanager
def running() -> Iterator[S3]:
    class Handler(BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            store.files[self._name] = self.rfile.read(int(self.headers["Content-Length"]))
            self._say(200)

        def do_GET(self) -> None:
            asked = parse_qs(urlsplit(self.path).query)
            if "list-type" in asked:
                self._say(200, listing(asked["prefix"][0], int(asked.get("continuation-token", ["0"])[0])))
            elif self._name in store.files:
                self._say(200, store.files[self._name])
            else:
                self._say(404, b"<Error><Code>NoSuchKey</Code></Error>")

        def do_DELETE(self) -> None:
            store.files.pop(self._name, None)
            self._say(204)

        @property
        def _name(self) -> str:
            return unquote(urlsplit(self.path).path)

        def _say(self, status: int, body: bytes = b"") -> None:
            store.signed.append(self.headers.get("Authorization", ""))
            self.send_response(503 if store.is_down else status)
            self.send_header("Content-Length", str(0 if store.is_down else len(body)))
            self.end_headers()
            self.wfile.write(b"" if store.is_down else body)

        def log_message(self, *_: object) -> None:
            pass

    def listing(prefix: str, start: int) -> bytes:
        names = sorted(name.split("/", 2)[2] for name in store.files)
        names = [name for name in names if name.startswith(prefix)]
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
        shown = "".join(
            f"<Contents><Key>{escape(name)}</Key><LastModified>{now}</LastModified></Contents>"
            for name in names[start : start + PAGE]
        )
        is_more = start + PAGE < len(names)
        more = f"<NextContinuationToken>{start + PAGE}</NextContinuationToken>" if is_more else ""
        head = f"<IsTruncated>{str(is_more).lower()}</IsTruncated>{more}"
        return f"<ListBucketResult>{head}{shown}</ListBucketResult>".encode()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    store = S3(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield store
    server.shutdown()
    thread.join()
    server.server_close()
