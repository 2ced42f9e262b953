#!/usr/bin/env python3
"""A second reader of backup repositories, written from docs/backup-format.md alone.

It shares no code with the engine: what it reads, a stranger could read. Needs python3 with the modules cryptography and brotli
(Debian: apt-get install python3-cryptography python3-brotli).

  read_repository.py FOLDER list
  read_repository.py FOLDER entries SNAPSHOT
  read_repository.py FOLDER restore SNAPSHOT TARGET
  read_repository.py FOLDER check

The passphrase is the first line of --passphrase-file, or the variable MAINTENANCE_PASSPHRASE.
"""

import argparse
import base64
import hashlib
import hmac
import json
import os
import struct
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Iterator

import brotli
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

MOST_ITERATIONS = 10_000_000
MOST_SEGMENT = 4 << 20
MOST_OBJECT = 512 << 20
FOLDER, FILE, SYMBOLIC_LINK, HARD_LINK = 1, 2, 3, 4
HEX = frozenset("0123456789abcdef")


class Damaged(Exception):
    """Something in the repository is not as it was written."""


# --- The store: a folder -------------------------------------------------------------------------------------------------------------


class FolderStore:
    def __init__(self, root: Path):
        self.root = root

    def get(self, name: str) -> bytes | None:
        try:
            return (self.root / name).read_bytes()
        except FileNotFoundError:
            return None

    def read(self, name: str, offset: int, length: int) -> bytes:
        try:
            with open(self.root / name, "rb") as file:
                file.seek(offset)
                return file.read(length)
        except FileNotFoundError:
            raise Damaged(f"{name}: it is missing") from None

    def list(self, prefix: str) -> list[tuple[str, int]]:
        found = [path for path in (self.root / prefix).rglob("*") if path.is_file()]
        return sorted((path.relative_to(self.root).as_posix(), path.stat().st_size) for path in found)


# --- Keys ------------------------------------------------------------------------------------------------------------------------------


def hmac256(key: bytes, message: bytes) -> bytes:
    return hmac.new(key, message, hashlib.sha256).digest()


def expand(root: bytes, label: str, size: int) -> bytes:
    """The expand step of HKDF (RFC 5869)."""
    info, block, out = b"maintenance backup repository 1: " + label.encode(), b"", b""
    for counter in range(1, (size + 31) // 32 + 1):
        block = hmac256(root, block + info + bytes([counter]))
        out += block
    return out[:size]


class Keys:
    def __init__(self, root: bytes):
        self.chunks = expand(root, "chunk ids", 32)
        self.packs = expand(root, "packs", 32)
        self.objects = expand(root, "objects", 32)
        self.seals = expand(root, "seals", 32)
        self.gear = struct.unpack("<256Q", expand(root, "gear", 2048))

    def sealed(self, name: str, text: bytes) -> bool:
        line, end, seal = text.partition(b"\n")
        expected = hmac256(self.seals, name.encode() + b"\n" + line).hex().encode() + b"\n"
        return bool(end) and hmac.compare_digest(expected, seal)

    def chunk_id(self, contents: bytes) -> bytes:
        return hmac256(self.chunks, contents)[:20]


def first_line(text: bytes) -> dict:
    try:
        value = json.loads(text.partition(b"\n")[0])
    except ValueError as error:
        raise Damaged(f"no JSON: {error}") from error
    return value if isinstance(value, dict) else {}


def unwrap(wrapping: dict, passphrase: str) -> bytes | None:
    """The root key, or None where the passphrase does not open this one."""
    if wrapping.get("kind") != "passphrase" or wrapping.get("algorithm") != "PBKDF2-SHA256+AES-256-GCM":
        return None
    if not 0 < wrapping["iterations"] <= MOST_ITERATIONS:
        return None
    salt, wrapped = base64.b64decode(wrapping["salt"]), base64.b64decode(wrapping["wrapped"])
    key = hashlib.pbkdf2_hmac("sha256", passphrase.encode(), salt, wrapping["iterations"], 32)
    try:
        root = AESGCM(key).decrypt(wrapped[:12], wrapped[12:], None)
    except InvalidTag:
        return None
    return root if len(root) == 32 else None


def open_keys(store: FolderStore, passphrase: str) -> tuple[Keys, dict | None]:
    """The keys, and the configuration where one confirms them."""
    config, tried, unconfirmed = store.get("config"), set(), None
    if config is not None and first_line(config).get("format", 1) > 1:
        raise Damaged("the repository has a later format than 1")
    for prefix in ("keys", "keys-spare"):
        for name, _ in store.list(prefix):
            text = store.get(name) or b""
            if text in tried:
                continue
            tried.add(text)
            try:
                root = unwrap(first_line(text).get("wrapping", {}), passphrase)
            except (Damaged, KeyError, ValueError, TypeError):
                continue  # Damaged; its second copy, or another key, may do.
            if root is None or not (keys := Keys(root)).sealed(name.rpartition("/")[2], text):
                continue
            if config is not None and keys.sealed("config", config):
                return keys, first_line(config)
            unconfirmed = unconfirmed or keys
    if unconfirmed and store.list("packs"):
        return unconfirmed, None
    raise Damaged("no key of the repository opens with this passphrase")


# --- Fields, objects, packs --------------------------------------------------------------------------------------------------------------


class Fields:
    def __init__(self, data: bytes):
        self.data, self.at = data, 0

    @property
    def left(self) -> int:
        return len(self.data) - self.at

    def take(self, count: int) -> bytes:
        if count > self.left:
            raise Damaged("the data end too early")
        self.at += count
        return self.data[self.at - count:self.at]

    def number(self) -> int:
        value = 0
        for shift in range(0, 64, 7):
            byte = self.take(1)[0]
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                return value
        raise Damaged("a number has more than 64 bits")

    def text(self) -> bytes:
        return self.take(self.number())


def decompress(contents: bytes, encoding: int, length: int) -> bytes:
    if encoding not in (0, 1):
        raise Damaged(f"an encoding that format 1 does not have: {encoding}")
    try:
        plain = brotli.decompress(contents) if encoding == 1 else contents
    except brotli.error as error:
        raise Damaged("it cannot be decompressed") from error
    if len(plain) != length:
        raise Damaged("its length is not the one that it was said to have")
    return plain


def open_object(keys: Keys, name: str, data: bytes) -> bytes:
    if len(data) < 41 or data[:4] != b"MFB1":
        raise Damaged(f"{name}: it does not begin as it must")
    encoding, length = struct.unpack_from("<BI", data, 4)
    if length > MOST_OBJECT:
        raise Damaged(f"{name}: it is larger than can be")
    key = hmac256(keys.objects, data[9:25] + name.encode())
    try:
        return decompress(AESGCM(key).decrypt(bytes(12), data[25:], data[:9] + name.encode()), encoding, length)
    except InvalidTag:
        raise Damaged(f"{name}: it is damaged") from None


@dataclass
class Segment:
    offset: int
    stored: int
    plain: int
    encoding: int
    chunks: list[tuple[bytes, int]]


@dataclass
class Pack:
    id: bytes
    length: int
    segments: list[Segment]

    @property
    def name(self) -> str:
        return f"packs/{self.id.hex()[:2]}/{self.id.hex()}"


def read_directory(fields: Fields) -> list[Segment]:
    segments, offset = [], 8
    for _ in range(fields.number()):
        stored, plain, encoding = fields.number(), fields.number(), fields.take(1)[0]
        chunks = [(fields.take(20), fields.number()) for _ in range(fields.number())]
        if stored < 16 or plain > MOST_SEGMENT or sum(length for _, length in chunks) != plain:
            raise Damaged("a segment of a directory contradicts itself")
        segments.append(Segment(offset, stored, plain, encoding, chunks))
        offset += stored
    return segments


def pack_cipher(keys: Keys, pack: bytes) -> AESGCM:
    return AESGCM(hmac256(keys.packs, pack))


def open_pack_directory(store: FolderStore, keys: Keys, pack: bytes, length: int) -> Pack:
    found = Pack(pack, length, [])
    header, footer = store.read(found.name, 0, 8), store.read(found.name, max(0, length - 16), 16)
    if length < 40 or header != b"MFBPACK1" or footer[9:] != b"MFBEND1":
        raise Damaged(f"{found.name}: its header or footer is damaged")
    stored, plain, encoding = struct.unpack_from("<IIB", footer)
    begin = length - 16 - stored
    if begin < 8:
        raise Damaged(f"{found.name}: its footer is damaged")
    try:
        contents = pack_cipher(keys, pack).decrypt(struct.pack("<QI", begin, 1), store.read(found.name, begin, stored), header + footer)
    except InvalidTag:
        raise Damaged(f"{found.name}: its directory is damaged") from None
    found.segments = read_directory(Fields(decompress(contents, encoding, plain)))
    if (found.segments[-1].offset + found.segments[-1].stored if found.segments else 8) != begin:
        raise Damaged(f"{found.name}: its directory does not fit its length")
    return found


# --- Entries -----------------------------------------------------------------------------------------------------------------------------


@dataclass
class Entry:
    path: bytes
    kind: int
    length: int = 0
    modified: int | None = None
    mode: int | None = None
    owner: tuple[int, int] | None = None
    target: bytes | None = None
    is_sparse: bool = False
    chunks: list[bytes] = field(default_factory=list)


def read_entries(data: bytes) -> Iterator[Entry]:
    fields, path = Fields(data), b""
    while fields.left:
        shared = fields.number()
        if shared > len(path):
            raise Damaged("an entry shares more of the path than there is")
        path = path[:shared] + fields.text()
        flags = fields.take(1)[0]
        entry = Entry(path, flags & 7)
        if not FOLDER <= entry.kind <= HARD_LINK:
            raise Damaged(f"an entry of a kind that format 1 does not have: {entry.kind}")
        if entry.kind == FILE:
            entry.length = fields.number()
        if flags & 8:
            (entry.modified,) = struct.unpack("<q", fields.take(8))
        if flags & 16:
            entry.mode = fields.number()
        if flags & 32:
            entry.owner = (fields.number(), fields.number())
        if entry.kind in (SYMBOLIC_LINK, HARD_LINK):
            entry.target = fields.text()
        if flags & 64:
            fields.take(8)
        entry.is_sparse = bool(flags & 128)
        if entry.kind == FILE:
            entry.chunks = [fields.take(20) for _ in range(fields.number())]
        yield entry


# --- The repository ------------------------------------------------------------------------------------------------------------------------


class Repository:
    def __init__(self, store: FolderStore, passphrase: str):
        self.store = store
        self.keys, self.config = open_keys(store, passphrase)
        self.problems: list[str] = []
        self.packs: dict[bytes, Pack] = {}
        self._places: dict[bytes, list[tuple[Pack, Segment, int, int]]] = {}
        self._segment: tuple[tuple[bytes, int], bytes] | None = None
        self._load()

    def _load(self) -> None:
        indexed: dict[bytes, Pack] = {}
        for name, _ in self.store.list("index"):
            try:
                fields = Fields(open_object(self.keys, name, self.store.get(name) or b""))
                while fields.left:
                    pack = Pack(fields.take(16), fields.number(), read_directory(fields))
                    indexed[pack.id] = pack
            except Damaged as error:
                self.problems.append(f"{error} What it names is read from the packs.")
        for name, length in self.store.list("packs"):
            digits = name.rpartition("/")[2]
            if len(digits) != 32 or not HEX.issuperset(digits) or name != f"packs/{digits[:2]}/{digits}":
                continue
            pack = indexed.pop(bytes.fromhex(digits), None)
            try:
                if pack is None or pack.length != length:
                    pack = open_pack_directory(self.store, self.keys, bytes.fromhex(digits), length)
                self._add(pack)
            except Damaged as error:
                self.problems.append(str(error))
        self.problems += [f"{pack.name}: it is missing" for pack in indexed.values()]

    def _add(self, pack: Pack) -> None:
        self.packs[pack.id] = pack
        for segment in pack.segments:
            at = 0
            for chunk, length in segment.chunks:
                self._places.setdefault(chunk, []).append((pack, segment, at, length))
                at += length

    def segment(self, pack: Pack, segment: Segment) -> bytes:
        if self._segment is None or self._segment[0] != (pack.id, segment.offset):
            stored = self.store.read(pack.name, segment.offset, segment.stored)
            associated = struct.pack("<IB", segment.plain, segment.encoding)
            try:
                contents = pack_cipher(self.keys, pack.id).decrypt(struct.pack("<QI", segment.offset, 0), stored, associated)
            except (InvalidTag, ValueError):
                raise Damaged(f"{pack.name}: the segment at {segment.offset} is damaged") from None
            self._segment = ((pack.id, segment.offset), decompress(contents, segment.encoding, segment.plain))
        return self._segment[1]

    def chunk(self, chunk: bytes) -> bytes:
        """A chunk's contents, from whichever place has them whole; compared with its id."""
        damage = Damaged(f"the chunk {chunk.hex()} is in no pack")
        for pack, segment, at, length in self._places.get(chunk, []):
            try:
                contents = self.segment(pack, segment)[at:at + length]
            except Damaged as error:
                damage = error
                continue
            if self.keys.chunk_id(contents) == chunk:
                return contents
            damage = Damaged(f"the chunk {chunk.hex()} has other contents than its id says")
        raise damage

    def snapshots(self) -> list[dict]:
        """The manifests that open; a damaged one is a problem and hides none of the others."""
        found = []
        for name, _ in self.store.list("snapshots"):
            try:
                found.append(json.loads(open_object(self.keys, name, self.store.get(name) or b"")))
            except Damaged as error:
                self.problems.append(str(error))
        return found

    def snapshot(self, id: str) -> dict:
        name = f"snapshots/{id.rpartition('_')[0]}/{id}"
        data = self.store.get(name)
        if data is None:
            raise Damaged(f"there is no snapshot {id}")
        return json.loads(open_object(self.keys, name, data))

    def list_of(self, snapshot: dict) -> list[bytes]:
        return [self.chunk(bytes.fromhex(id)) for id in snapshot["tree"]]

    def entries(self, snapshot: dict) -> Iterator[Entry]:
        return read_entries(b"".join(self.list_of(snapshot)))


# --- Cuts, as a check of the writer -----------------------------------------------------------------------------------------------------------

FILES, LISTS = (256 << 10, 1 << 20, 2 << 20, 22), (16 << 10, 64 << 10, 256 << 10, 18)


def cut(gear: tuple[int, ...], data: bytes, least: int, normal: int, most: int, bits: int) -> int:
    end = min(len(data), most)
    if end <= least:
        return end
    hash, mask = 0, (1 << 64) - 1
    for i in range(least - 64, least):
        hash = ((hash << 1) + gear[data[i]]) & mask
    for i in range(least, end):
        hash = ((hash << 1) + gear[data[i]]) & mask
        if hash >> (64 - (bits if i < normal else bits - 4)) == 0:
            return i + 1
    return end


def check_cuts(gear: tuple[int, ...], chunks: list[bytes], parameters: tuple[int, int, int, int], first: int) -> None:
    """Compares the first so many cuts with those that the format has."""
    data, at = b"".join(chunks), 0
    for chunk in chunks[:first]:
        if cut(gear, data[at:at + parameters[2]], *parameters) != len(chunk):
            raise Damaged(f"a cut at {at + len(chunk)} is not where the format has it")
        at += len(chunk)


# --- Restoring -----------------------------------------------------------------------------------------------------------------------------


def place(target: bytes, path: bytes) -> bytes:
    """Where an entry goes. Paths come from a store: none leads out of the target, and no link is followed."""
    at = target
    names = path.split(b"/")
    for i, name in enumerate(names):
        if name in (b"", b".", b"..") or b"\0" in name:
            raise Damaged(f"{path!r}: the path could lead out of the target")
        at = os.path.join(at, name)
        if i < len(names) - 1:
            if os.path.islink(at):
                raise Damaged(f"{path!r}: a link is on its way")
            os.makedirs(at, exist_ok=True)
    return at


def finish(path: bytes, entry: Entry) -> None:
    follow = entry.kind != SYMBOLIC_LINK
    if entry.owner is not None and os.geteuid() == 0:
        os.chown(path, *entry.owner, follow_symlinks=follow)
    if entry.mode is not None and follow:
        os.chmod(path, entry.mode)
    if entry.modified is not None:
        os.utime(path, ns=(entry.modified, entry.modified), follow_symlinks=follow)


def restore(repository: Repository, snapshot: dict, target: bytes) -> list[str]:
    """Restores everything that can be; what is lost, in words."""
    os.makedirs(target, exist_ok=True)
    if os.listdir(target):
        raise Damaged(f"{target!r} is not empty")
    lost, folders, links = [], [], []
    for entry in repository.entries(snapshot):
        try:
            path = target if entry.path == b"" else place(target, entry.path)
            if entry.kind == FOLDER:
                os.makedirs(path, mode=0o700, exist_ok=True)
                folders.append((path, entry))
            elif entry.kind == SYMBOLIC_LINK:
                os.symlink(entry.target, path)
                finish(path, entry)
            elif entry.kind == HARD_LINK:
                links.append((path, entry))
            else:
                write(repository, entry, path)
        except (Damaged, OSError) as error:
            lost.append(f"{os.fsdecode(entry.path)}: {error}")
    for path, entry in links:
        try:
            os.link(place(target, entry.target), path, follow_symlinks=False)
        except (Damaged, OSError) as error:
            lost.append(f"{os.fsdecode(entry.path)}: {error}")
    for path, entry in reversed(folders):
        finish(path, entry)
    return lost


def write(repository: Repository, entry: Entry, path: bytes) -> None:
    with open(path, "xb") as file:
        try:
            for id in entry.chunks:
                contents = repository.chunk(id)
                for at in range(0, len(contents), 4096):
                    page = contents[at:at + 4096]
                    if entry.is_sparse and not any(page):
                        file.seek(len(page), os.SEEK_CUR)
                    else:
                        file.write(page)
            if file.tell() != entry.length:
                raise Damaged(f"its chunks have {file.tell()} bytes together instead of {entry.length}")
            file.truncate()
        except Damaged:
            os.unlink(path)  # Half a file would pass for the whole one.
            raise
    finish(path, entry)


# --- Commands -------------------------------------------------------------------------------------------------------------------------------


def check(repository: Repository) -> list[str]:
    """Every segment, every chunk's id, every list, and the first cuts of lists and files (Python takes its time over those)."""
    snapshots, seen = repository.snapshots(), set()
    wrong = list(repository.problems)
    for pack in repository.packs.values():
        try:
            if open_pack_directory(repository.store, repository.keys, pack.id, pack.length).segments != pack.segments:
                wrong.append(f"{pack.name}: the index says something else of it than it does itself")
            for segment in pack.segments:
                contents, at = repository.segment(pack, segment), 0
                for id, length in segment.chunks:
                    if repository.keys.chunk_id(contents[at:at + length]) != id:
                        wrong.append(f"{pack.name}: the chunk {id.hex()} has other contents than its id says")
                    at += length
        except Damaged as error:
            wrong.append(str(error))
    for snapshot in snapshots:
        try:
            check_cuts(repository.keys.gear, repository.list_of(snapshot), LISTS, 20)
            for entry in repository.entries(snapshot):
                chunks = [repository.chunk(id) for id in entry.chunks]
                if sum(map(len, chunks)) != entry.length:
                    wrong.append(f"{snapshot['id']}:{os.fsdecode(entry.path)}: the lengths differ")
                if len(chunks) > 1 and entry.chunks[0] not in seen and len(seen) < 4:
                    seen.add(entry.chunks[0])
                    check_cuts(repository.keys.gear, chunks, FILES, 1)
        except Damaged as error:
            wrong.append(f"{snapshot['id']}: {error}")
    return wrong


def describe(entry: Entry) -> str:
    kind = ("", "folder", "file", "link", "hard link")[entry.kind]
    mode = "" if entry.mode is None else f"{entry.mode:o}"
    target = "" if entry.target is None else f" -> {os.fsdecode(entry.target)}"
    return f"{kind:9} {mode:>5} {entry.length:>12}  {os.fsdecode(entry.path) or '.'}{target}"


def main() -> int:
    sys.stdout.reconfigure(encoding="utf-8", errors="surrogateescape")
    parser = argparse.ArgumentParser(description="Reads a backup repository of format 1.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--passphrase-file", type=Path)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("list")
    commands.add_parser("check")
    commands.add_parser("entries").add_argument("snapshot")
    restoring = commands.add_parser("restore")
    restoring.add_argument("snapshot")
    restoring.add_argument("target")
    arguments = parser.parse_args()
    if arguments.passphrase_file:
        passphrase = arguments.passphrase_file.read_text(encoding="utf-8").split("\n")[0].rstrip("\r")
    else:
        passphrase = os.environ["MAINTENANCE_PASSPHRASE"]
    try:
        repository = Repository(FolderStore(arguments.folder), passphrase)
        if arguments.command == "list":
            lines = [f"{one['id']}  {one['takenAt']}  {one['statistics']['files']} files  {one['statistics']['bytes']} bytes  {one['source']}" for one in repository.snapshots()]
        elif arguments.command == "entries":
            lines = [describe(entry) for entry in repository.entries(repository.snapshot(arguments.snapshot))]
        elif arguments.command == "restore":
            wrong = restore(repository, repository.snapshot(arguments.snapshot), os.fsencode(arguments.target))
            print("\n".join(["lost: " + line for line in wrong] or ["restored"]))
            return 1 if wrong else 0
        else:
            wrong = check(repository)
            print("\n".join(wrong or ["nothing is wrong"]))
            return 1 if wrong else 0
        print("\n".join(lines))
        print("".join(problem + "\n" for problem in repository.problems), file=sys.stderr, end="")
        return 1 if repository.problems else 0
    except Damaged as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
