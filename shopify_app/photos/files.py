"""Where photos lie: in a folder of this machine, or in a bucket of any store that speaks S3. PHOTOS_URL says which."""

import os
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import parse_qs, unquote, urlsplit

from flask import current_app


class Unreachable(Exception):
    """The files cannot be had at the moment."""


class Gone(Exception):
    """There is no such file."""


class Files(Protocol):
    """Names are ours: letters, digits, and a slash between folders. Every method may raise Unreachable."""

    def put(self, name: str, data: bytes) -> None: ...

    def get(self, name: str) -> bytes:
        """Raises Gone."""

    def remove(self, name: str) -> None:
        """What is not there (any more) is fine."""

    def names(self, folder: str) -> Iterator[tuple[str, datetime]]:
        """Everything in a folder, and when it was written."""


class Folder:
    def __init__(self, path: str) -> None:
        self._root = Path(path)

    def put(self, name: str, data: bytes) -> None:
        """Whole or not at all: a reader never sees half a file."""
        there = self._root / name
        try:
            there.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=there.parent, prefix=".", delete=False) as file:
                file.write(data)
            os.replace(file.name, there)
        except OSError as error:
            raise Unreachable(type(error).__name__) from error

    def get(self, name: str) -> bytes:
        try:
            return (self._root / name).read_bytes()
        except FileNotFoundError as error:
            raise Gone(name) from error
        except OSError as error:
            raise Unreachable(type(error).__name__) from error

    def remove(self, name: str) -> None:
        try:
            (self._root / name).unlink(missing_ok=True)
        except OSError as error:
            raise Unreachable(type(error).__name__) from error

    def names(self, folder: str) -> Iterator[tuple[str, datetime]]:
        """Also those that a writer left half done when it was killed."""
        for path in (self._root / folder).glob("*"):
            try:
                yield f"{folder}/{path.name}", datetime.fromtimestamp(path.stat().st_mtime, UTC)
            except FileNotFoundError:
                continue


class Bucket:
    """Credentials come as boto3 looks for them: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or a role."""

    def __init__(self, bucket: str, prefix: str, endpoint: str | None, region: str | None) -> None:
        # Half a second of start and 20 MB of memory, for those only who keep their photos in a bucket.
        import boto3
        from botocore.config import Config
        from botocore.exceptions import BotoCoreError, ClientError

        self._errors = (BotoCoreError, ClientError)
        self._bucket, self._prefix = bucket, f"{prefix}/" if prefix else ""
        usual = Config(
            connect_timeout=3,
            read_timeout=10,
            retries={"total_max_attempts": 2, "mode": "standard"},
            # Stores that only speak S3 do not all know the newer checksums.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )
        self._s3: Any = boto3.client("s3", endpoint_url=endpoint, region_name=region, config=usual)

    def put(self, name: str, data: bytes) -> None:
        self._ask("put_object", Key=self._prefix + name, Body=data, ContentType="application/octet-stream")

    def get(self, name: str) -> bytes:
        try:
            return bytes(self._ask("get_object", Key=self._prefix + name)["Body"].read())
        except self._errors as error:
            raise Unreachable(type(error).__name__) from error

    def remove(self, name: str) -> None:
        self._ask("delete_object", Key=self._prefix + name)

    def names(self, folder: str) -> Iterator[tuple[str, datetime]]:
        """A thousand with each question."""
        more: dict[str, str] = {}
        while True:
            page = self._ask("list_objects_v2", Prefix=f"{self._prefix}{folder}/", **more)
            for one in page.get("Contents", []):
                yield one["Key"].removeprefix(self._prefix), one["LastModified"]
            if not page.get("IsTruncated"):
                return
            more = {"ContinuationToken": page["NextContinuationToken"]}

    def _ask(self, deed: str, **about: Any) -> Any:
        try:
            return getattr(self._s3, deed)(Bucket=self._bucket, **about)
        except self._errors as error:
            said = getattr(error, "response", {}).get("Error", {}).get("Code", type(error).__name__)
            if said in ("NoSuchKey", "404"):
                raise Gone(about["Key"]) from error
            raise Unreachable(said) from error


def files() -> Files:
    """Those of this app."""
    return _at(current_app.extensions["config"].photos_url)


@cache
def _at(url: str) -> Files:
    """file:///a/folder, or s3://bucket/prefix?endpoint=https://s3.example.com&region=eu-central-1."""
    parts = urlsplit(url)
    if parts.scheme == "file":
        return Folder(unquote(parts.path))
    asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
    return Bucket(parts.netloc, parts.path.strip("/"), asked.get("endpoint"), asked.get("region"))
