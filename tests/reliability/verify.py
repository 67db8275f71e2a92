#!/usr/bin/env python3
"""Verifies a quorate journal with nothing but Python's library, from the format as sqlite_journal.hpp describes it.

    verify.py journal.db [SEQ:HASH]     says whether it is sound; the checkpoint is one that was kept elsewhere
    verify.py -                         the same for each line "path[<TAB>SEQ:HASH]" of standard input
"""
import hashlib
import json
import sqlite3
import struct
import sys

APPLICATION_ID = 0x716F7231
NEWEST_SCHEMA = 2
KINDS = {b"opened", b"acted", b"moved", b"electorate", b"condition", b"document", b"roster", b"refused", b"elected"}


class Broken(Exception):
    pass


def field(x):
    return struct.pack(">I", len(x)) + x


def erased_by(payload):
    try:
        names = json.loads(payload.decode("utf-8")).get("names", [])
    except (ValueError, AttributeError):
        return set()
    return {int(n) for n in names if isinstance(n, str) and n.isdigit()}


def verify(path, checkpoint=None):
    """The hash of the last event and its seq; raises Broken."""
    db = sqlite3.connect("file:" + path + "?mode=ro", uri=True)
    db.text_factory = bytes
    try:
        if db.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
            raise Broken("not a journal")
        if not 0 < db.execute("PRAGMA user_version").fetchone()[0] <= NEWEST_SCHEMA:
            raise Broken("of another version")
        texts = {seq: (salt or b"", body or b"") for seq, salt, body in
                 db.execute("SELECT seq, CAST(salt AS BLOB), CAST(body AS BLOB) FROM text")}
        rows = db.execute(
            "SELECT seq, CAST(stream AS BLOB), CAST(version AS INTEGER), CAST(kind AS BLOB), CAST(at_us AS INTEGER), CAST(noted_us AS INTEGER),"
            " CAST(actor AS BLOB), CAST(payload AS BLOB), CAST(text_hash AS BLOB), CAST(hash AS BLOB) FROM event ORDER BY seq")
        previous, last, versions, missing, erased, known_at = b"\0" * 32, 0, {}, set(), set(), None
        for seq, stream, version, kind, at, noted, actor, payload, text_hash, stored in rows:
            stream, kind, actor, payload, text_hash = (x or b"" for x in (stream, kind, actor, payload, text_hash))
            if seq != last + 1:
                raise Broken(f"event {last + 1} is missing")
            digest = hashlib.sha256(
                b"quorate1" + previous + struct.pack(">Q", seq) + field(stream) + struct.pack(">Q", (version or 0) & (2**64 - 1)) + field(kind)
                + struct.pack(">q", at or 0) + struct.pack(">q", noted or 0) + field(actor) + field(payload) + field(text_hash)).digest()
            if digest != stored:
                raise Broken(f"event {seq} is not what was written")
            if kind not in KINDS:
                raise Broken(f"event {seq} is of no known kind")
            if version != versions.get(stream, 0) + 1:
                raise Broken(f"event {seq} has a version out of order")
            versions[stream] = version
            if seq in texts:
                if not text_hash:
                    raise Broken(f"a text was added to event {seq}")
                salt, body = texts.pop(seq)
                if hashlib.sha256(salt + body).digest() != text_hash:
                    raise Broken(f"the text of event {seq} is not what was written")
            elif text_hash:
                missing.add(seq)
            if stream == b"erasure":
                erased |= erased_by(payload)
            if checkpoint and checkpoint[0] == seq and checkpoint[1] != digest.hex():
                raise Broken(f"the chain up to event {seq} is not the one of the checkpoint")
            previous, last = digest, seq
        if missing - erased:
            raise Broken(f"the text of event {min(missing - erased)} is missing")
        if texts:
            raise Broken("a text stands beside no event")
        if checkpoint and checkpoint[0] > last:
            raise Broken(f"the journal ends at {last}, before the checkpoint")
        return last, previous.hex()
    except sqlite3.Error as e:
        raise Broken(f"SQLite: {e}") from e
    except (TypeError, ValueError, struct.error, OverflowError) as e:  # ValueError: a message of SQLite that quotes broken bytes
        raise Broken(f"a column is of the wrong type: {e}") from e
    finally:
        db.close()


def verdict(path, text):
    checkpoint = None
    if text:
        seq, _, digest = text.partition(":")
        checkpoint = int(seq), digest
    try:
        last, digest = verify(path, checkpoint)
        return f"sound {last}:{digest}" if last else "sound 0:"
    except Broken as e:
        return "broken " + ascii(" ".join(str(e).split())[:200])[1:-1]  # one line, whatever it quotes


def main():
    if sys.argv[1:] == ["-"]:
        for line in sys.stdin:
            path, _, checkpoint = line.rstrip("\n").partition("\t")
            print(verdict(path, checkpoint))
        return 0
    if len(sys.argv) not in (2, 3):
        print(__doc__, file=sys.stderr)
        return 2
    answer = verdict(sys.argv[1], sys.argv[2] if len(sys.argv) == 3 else "")
    print(answer)
    return 0 if answer.startswith("sound") else 1


if __name__ == "__main__":
    sys.exit(main())
