"""Stores on object storage, against moto's S3 server on loopback."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from nianbao import open_dataset
from nianbao.remote import publishing
from nianbao.remote.filesystem import Storage
from nianbao.remote.publishing import fetch_dataset, publish, publish_archive, publish_dataset, read_manifest
from nianbao.replay import ReplayProxy
from parsers.errors import DatasetError, StoreError
from tests.nianbao.conftest import Run, environment
from tests.nianbao.reparse.reading import again
from tests.nianbao.small_site import build, site_list
from tests.scale.archives import contents, make_store

pytest.importorskip("s3fs")
pytest.importorskip("moto")

NO_PROFILE = {"AWS_CONFIG_FILE": "/nonexistent", "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent"}
SETTINGS = NO_PROFILE | {"AWS_EC2_METADATA_DISABLED": "true", "AWS_DEFAULT_REGION": "us-east-1"}
KEYS = {"AWS_ACCESS_KEY_ID": "made", "AWS_SECRET_ACCESS_KEY": "up"}


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def settings(endpoint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Point the environment of this process at the server; returns it for others."""
    given = SETTINGS | KEYS | {"AWS_ENDPOINT_URL": endpoint, "XDG_CACHE_HOME": str(tmp_path / "cache")}
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    monkeypatch.delenv("AWS_SESSION_TOKEN", raising=False)
    return given


@pytest.fixture
def address(settings: dict[str, str], request: pytest.FixtureRequest) -> str:
    """A bucket of its own, with a prefix."""
    import s3fs

    name = f"b-{abs(hash(request.node.name)):x}"[:40]
    s3fs.S3FileSystem(skip_instance_cache=True).mkdir(name)
    return f"s3://{name}/some/prefix"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    store = tmp_path_factory.mktemp("made") / "store"
    make_store(store, 8)
    again(store)
    return store


def test_what_is_published_is_read_again_byte_by_byte(address: str, made: Path) -> None:
    assert list(publish(made, address)) == [
        f"{address}/archive: 1 files written",
        f"{address}/dataset.json: published",
    ]
    dataset = open_dataset(address)
    assert contents(dataset.folder) == contents(made / "dataset" / ".")
    assert len(dataset.cells()) > 100
    assert list(publish(made, address)) == [
        f"{address}/archive: 0 files written",
        f"{address}/dataset.json: published already",
    ]


@pytest.mark.slow
def test_a_store_is_reparsed_where_it_lies(address: str, made: Path, nianbao: Run, settings: dict[str, str]) -> None:
    publish_archive(made, Storage(address))
    done = nianbao("reparse", "--store", address, "--workers", 1, env=environment(**settings))
    assert done.returncode == 0, done.stderr
    assert contents(open_dataset(address).folder) == contents(made / "dataset" / ".")


def test_readers_see_the_old_generation_until_the_manifest_is_written(
    address: str, made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage = Storage(address)
    publish_dataset(made, storage)
    before = read_manifest(storage)
    smaller = tmp_path / "smaller"
    make_store(smaller, 5)
    again(smaller)

    def fails(self: Storage, name: str, content: bytes) -> None:
        raise StoreError("the line is cut")

    with monkeypatch.context() as patch:
        patch.setattr(Storage, "write", fails)
        with pytest.raises(StoreError):
            publish_dataset(smaller, storage)
    assert read_manifest(storage) == before
    assert contents(open_dataset(address).folder) == contents(made / "dataset" / ".")
    publish_dataset(smaller, storage)
    assert contents(open_dataset(address).folder) == contents(smaller / "dataset" / ".")
    kept = {name.split("/")[0] for name in storage.sizes("generations")}
    assert kept == {"1", "2"}


def test_only_the_last_generations_are_kept(address: str, made: Path, tmp_path: Path) -> None:
    storage, other = Storage(address), tmp_path / "other"
    make_store(other, 5)
    again(other)
    for store in (made, other, made, other):
        assert publish_dataset(store, storage)
    assert {name.split("/")[0] for name in storage.sizes("generations")} == {"3", "4"}


def test_an_object_that_is_not_what_the_manifest_says_is_refused(address: str, made: Path, tmp_path: Path) -> None:
    storage = Storage(address)
    publish_dataset(made, storage)
    storage.write("generations/1/panel.parquet", b"something else")
    with pytest.raises(DatasetError, match=r"generations/1/panel\.parquet: is not what the manifest says"):
        fetch_dataset(storage, tmp_path / "here")
    assert not (tmp_path / "here" / "dataset").exists()
    storage.write(publishing.MANIFEST, b"{")
    with pytest.raises(DatasetError, match=r"dataset\.json: is damaged"):
        fetch_dataset(storage, tmp_path / "here")


def test_a_later_format_is_refused(address: str) -> None:
    storage = Storage(address)
    storage.write(publishing.MANIFEST, json.dumps({"format": 2}).encode())
    with pytest.raises(DatasetError, match="update nianbao"):
        read_manifest(storage)


def test_a_torn_archive_object_is_named_and_the_rest_is_read(address: str, made: Path, tmp_path: Path) -> None:
    from nianbao.reparse.run import Source, reparse
    from tests.nianbao.reparse.reading import Deaf, here

    storage = Storage(address)
    publish_archive(made, storage)
    (name,) = storage.sizes("archive")
    content = (made / "archive" / name).read_bytes()
    storage.write(f"archive/{name}", content[: len(content) * 2 // 3])
    accounts, _ = reparse(tmp_path / "into", [Source(made, f"{address}/archive")], here, Deaf())
    assert 0 < accounts.outcomes["damaged"] < accounts.documents == 8
    assert all(name in trouble for trouble in accounts.troubles)


def test_missing_credentials_are_one_line(address: str, made: Path, nianbao: Run, settings: dict[str, str]) -> None:
    env = {name: value for name, value in environment(**settings).items() if name not in KEYS}
    done = nianbao("publish", "--store", made, "--to", address, env=env)
    assert done.returncode == 3
    assert done.stderr.count("\n") == 1
    assert "there are no credentials for it; give AWS_ACCESS_KEY_ID" in done.stderr


class Refusing(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = b"<?xml version='1.0'?><Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"
        self.send_response(403)
        self.send_header("Content-Type", "application/xml")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_HEAD = do_PUT = do_POST = do_GET  # noqa: N815 - the names are the base class's

    def log_message(self, *args: object) -> None: ...


def test_refused_credentials_are_one_line_and_nothing_is_lost(
    made: Path, nianbao: Run, settings: dict[str, str]
) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), Refusing) as server:
        Thread(target=server.serve_forever, args=(0.02,)).start()
        env = environment(**{**settings, "AWS_ENDPOINT_URL": f"http://127.0.0.1:{server.server_port}"})
        done = nianbao("reparse", "--store", "s3://bucket/prefix", "--workers", 1, env=env)
        server.shutdown()
    assert done.returncode == 3
    assert done.stderr.count("\n") == 1
    assert "s3://bucket/prefix" in done.stderr
    assert "access is refused" in done.stderr


@pytest.mark.slow
def test_a_harvest_goes_to_an_address_and_is_read_and_reparsed_there(
    address: str, tmp_path: Path, nianbao: Run, settings: dict[str, str]
) -> None:
    env = environment(**settings)
    sites, state = site_list(tmp_path / "sites.csv"), tmp_path / "state"
    with ReplayProxy(build(tmp_path / "site")) as proxy:
        options = ("--proxy", proxy.url, "--delay", 0, "--shard", "1/1")
        done = nianbao("harvest", "--sites", sites, "--store", address, "--state", state, *options, env=env)
    assert done.returncode == 0, done.stderr
    assert f"{address}/dataset.json: published" in done.stdout
    published = contents(open_dataset(address).folder)
    assert published == contents(state / "dataset" / ".")
    again_there = nianbao("reparse", "--store", address, "--workers", 1, env=env)
    assert again_there.returncode == 0, again_there.stderr
    assert contents(open_dataset(address).folder) == published


def test_an_address_needs_a_folder_for_the_state(nianbao: Run, tmp_path: Path) -> None:
    sites = tmp_path / "sites.csv"
    sites.write_text("code,name,site_url,column_url\n130534,清河县,http://www.qinghe.gov.cn/,\n", encoding="utf-8")
    done = nianbao("harvest", "--sites", sites, "--store", "s3://bucket/prefix")
    assert done.returncode == 2
    assert "name a folder for the crawl's state with --state" in " ".join(done.stderr.split())
