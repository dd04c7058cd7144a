"""A folder and a bucket are the same to who keeps photos in them."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from shopify_app.photos.files import Bucket, Files, Folder, Gone, Unreachable
from tests.returns import s3

KEYS = {"AWS_ACCESS_KEY_ID": "example-key", "AWS_SECRET_ACCESS_KEY": "example-secret"}


@pytest.fixture
def peer() -> Iterator[s3.S3]:
    """With keys in the environment, where operators put them."""
    before = {name: os.environ.get(name) for name in KEYS}
    os.environ.update(KEYS)
    with s3.running() as peer:
        yield peer
    for name, value in before.items():
        os.environ.pop(name)
        if value is not None:
            os.environ[name] = value


@pytest.fixture(params=["folder", "bucket"])
def files(request: pytest.FixtureRequest, tmp_path: Path) -> Files:
    if request.param == "folder":
        return Folder(str(tmp_path / "photos"))
    return Bucket("bucket", "a/prefix", request.getfixturevalue("peer").url, "eu-central-1")


def test_what_is_put_can_be_had_again_until_it_is_removed(files: Files) -> None:
    files.put("one/a", b"first")
    files.put("one/a", b"second")
    assert files.get("one/a") == b"second"
    files.remove("one/a")
    files.remove("one/a")
    with pytest.raises(Gone):
        files.get("one/a")


def test_a_folder_tells_all_its_names_and_no_other_s(files: Files) -> None:
    for name in ("one/a", "one/b", "one/c", "one/d", "one/e", "other/f"):
        files.put(name, b"x")
    told = dict(files.names("one"))
    assert sorted(told) == ["one/a", "one/b", "one/c", "one/d", "one/e"]
    assert all(at.tzinfo for at in told.values())
    assert list(files.names("nothing")) == []


def test_a_bucket_is_asked_with_a_signature_and_below_its_prefix(peer: s3.S3) -> None:
    Bucket("bucket", "a/prefix", peer.url, "eu-central-1").put("one/a", b"x")
    assert list(peer.files) == ["/bucket/a/prefix/one/a"]
    assert peer.signed[0].startswith("AWS4-HMAC-SHA256 Credential=example-key/")


def test_a_bucket_that_does_not_answer_is_unreachable(peer: s3.S3) -> None:
    files = Bucket("bucket", "", peer.url, "eu-central-1")
    peer.is_down = True
    for deed in (lambda: files.put("one/a", b"x"), lambda: files.get("one/a"), lambda: list(files.names("one"))):
        with pytest.raises(Unreachable):
            deed()
