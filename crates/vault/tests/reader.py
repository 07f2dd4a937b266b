"""Reads a vault by docs/FORMATS.md alone, with none of the project's code.

    reader.py FOLDER < SECRET

SECRET is one JSON object with one key: "passphrase", "recovery" (the key as it is printed) or "kek" (base64, what the
secret store keeps). Prints one JSON object: which slot opened, and every item with the digest of its opened original.
Ends with an exception when anything does not verify.

The catalogue is opened page by page, as SQLCipher 4 lays it out with its stock settings: pages of 4096 bytes, the
first 16 bytes of the file are the salt, each page ends in 16 bytes of IV and 64 of HMAC-SHA512 over ciphertext, IV and
the page's number (little-endian). Plain pages stay in memory.
"""

import base64
import hashlib
import hmac
import json
import pathlib
import sqlite3
import sys
import unicodedata
import uuid

from argon2.low_level import Type, hash_secret_raw
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

PAGE, SALT, IV, MAC = 4096, 16, 16, 64
CHUNK = 256 * 1024
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
unbase64 = base64.b64decode


def demand(holds, what):
    if not holds:
        raise SystemExit(f"{what} does not verify")


def hkdf(salt, secret, info):
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=salt, info=info).derive(secret)


def u32(number):
    return number.to_bytes(4, "big")


def recovery_bits(text):
    """The 20 bytes in the eight groups between the vault's own group and the two check characters."""
    digits = "".join(text.split("-")[1:])
    code = digits[4:36]
    number = 0
    for digit in code:
        number = number * 32 + CROCKFORD.index(digit)
    whole = 0
    for digit in digits[:36]:
        whole = whole * 32 + CROCKFORD.index(digit)
    check = CROCKFORD.index(digits[36]) * 32 + CROCKFORD.index(digits[37])
    demand(whole % 1021 == check, "the recovery key")
    return number.to_bytes(20, "big")


def slot_key(slot, secret):
    """The key of a slot and its parameters as they are authenticated, or None where the secret is of another kind."""
    if slot["type"] == "passphrase" and "passphrase" in secret:
        kdf = slot["kdf"]
        demand((kdf["alg"], kdf["v"], kdf["norm"]) == ("argon2id", 19, "NFKC"), "the derivation")
        text = unicodedata.normalize("NFKC", secret["passphrase"]).encode()
        salt = unbase64(kdf["salt"])
        cost = kdf["m_kib"], kdf["t"], kdf["p"]
        key = hash_secret_raw(text, salt, cost[1], cost[0], cost[2], 32, Type.ID, 19)
        return key, b"".join(map(u32, cost)) + salt
    if slot["type"] == "recovery" and "recovery" in secret:
        salt = unbase64(slot["kdf"]["salt"])
        return hkdf(salt, recovery_bits(secret["recovery"]), b"zimg/recovery/v1"), salt
    if slot["type"] == "os-keyring" and "kek" in secret:
        return unbase64(secret["kek"]), slot["backend"].encode()
    return None


def open_slot(slot, found, vault, epoch):
    key, parameters = found
    commit = hmac.digest(key, b"zimg/commit/v1", "sha256")[:16]
    demand(hmac.compare_digest(commit, unbase64(slot["commit"])), "the secret")
    associated = b"zimg/slot/v1" + vault + u32(epoch)
    for field in slot["id"].encode(), slot["type"].encode(), parameters:
        associated += u32(len(field)) + field
    wrap = slot["wrap"]
    return AESGCM(key).decrypt(unbase64(wrap["nonce"]), unbase64(wrap["ct"]), associated)


def open_header(path, secret):
    """The vault's id, the keys that may open its catalogue, and the kind of the slot that opened."""
    content = path.read_bytes()
    body, mark, mac = content.rpartition(b"--- ")
    demand(mark, "the header's last line")
    first, _, form = body.partition(b"\n")
    header = json.loads(form)
    vault = uuid.UUID(header["vault_id"]).bytes
    slots = [(slot, slot_key(slot, secret)) for slot in header["slots"]]
    slot, found = next((slot, found) for slot, found in slots if found)
    key = open_slot(slot, found, vault, header["epoch"])
    own = hmac.digest(hkdf(vault, key, b"zimg/header/v1"), body, "sha256")
    demand(hmac.compare_digest(own, unbase64(mac.strip())), "the header")
    if first == b"zimage-vault-keys v1":
        return vault, [hkdf(vault, key, b"zimg/catalogue/v1")], slot["type"]
    demand(first == b"zimage-vault-keys v2", "the version")
    under = AESGCM(hkdf(vault, key, b"zimg/catalogue-wrap/v2"))
    keys = []
    for wrapped in header["catalogue"]["wrapped"]:
        associated = b"zimg/catalogue-key/v2" + vault + u32(wrapped["number"])
        wrap = wrapped["wrap"]
        keys.append(under.decrypt(unbase64(wrap["nonce"]), unbase64(wrap["ct"]), associated))
    return vault, keys, slot["type"]


def open_catalogue(path, key):
    content = path.read_bytes()
    salt = content[:SALT]
    mac_key = hashlib.pbkdf2_hmac("sha512", key, bytes(byte ^ 0x3A for byte in salt), 2, 32)
    plain = bytearray()
    for number in range(1, len(content) // PAGE + 1):
        page = content[(number - 1) * PAGE : number * PAGE]
        start = SALT if number == 1 else 0
        sealed, iv, mac = page[start : -MAC - IV], page[-MAC - IV : -MAC], page[-MAC:]
        own = hmac.digest(mac_key, sealed + iv + number.to_bytes(4, "little"), "sha512")
        demand(hmac.compare_digest(own, mac), f"page {number}")
        opener = Cipher(algorithms.AES(key), modes.CBC(iv)).decryptor()
        head = b"SQLite format 3\0" if number == 1 else b""
        plain += head + opener.update(sealed) + opener.finalize() + bytes(IV + MAC)
    plain[18:20] = b"\1\1"  # closed in order: nothing lies in a write-ahead log
    catalogue = sqlite3.connect(":memory:")
    catalogue.deserialize(bytes(plain))
    return catalogue


def open_blob(images, blob, key):
    rows = images.execute("SELECT n, sealed FROM chunk WHERE blob = ? ORDER BY n", (blob,)).fetchall()
    demand([n for n, _ in rows] == list(range(len(rows))), "the order of chunks")
    plain = b""
    for n, sealed in rows:
        nonce = bytes(7) + u32(n) + bytes([n == len(rows) - 1])
        plain += AESGCM(key).decrypt(nonce, sealed, b"\1" + blob + u32(n))
    content, mark, zeros = plain.rpartition(b"\x80")
    demand(mark and not zeros.strip(b"\0"), "the padding")
    return content


def main():
    folder = pathlib.Path(sys.argv[1])
    vault, keys, kind = open_header(folder / "vault.keys", json.load(sys.stdin))
    catalogue = open_catalogue(folder / "catalogue.db", keys[-1])
    demand(catalogue.execute("PRAGMA integrity_check").fetchone() == ("ok",), "the catalogue")
    images = sqlite3.connect(f"file:{folder / 'images.db'}?mode=ro&immutable=1", uri=True)
    items = []
    asked = "SELECT seq, id, sha256, file_name, title, recipe, discarded_at FROM item ORDER BY seq"
    for seq, id, digest, name, title, recipe, discarded in catalogue.execute(asked).fetchall():
        sealed = catalogue.execute("SELECT role, blob, key FROM sealed WHERE item = ?", (seq,)).fetchall()
        opened = {role: open_blob(images, blob, key) for role, blob, key in sealed}
        original, thumbnail = opened[0], opened[1]
        demand(hashlib.sha256(original).digest() == digest, "an original")
        tags = [tag for (tag,) in catalogue.execute("SELECT name FROM tag WHERE item = ? ORDER BY name", (seq,))]
        items.append({
            "id": id.hex(), "sha256": digest.hex(), "bytes": len(original), "thumbnail": len(thumbnail),
            "file_name": name, "title": title, "prompt": json.loads(recipe).get("prompt"), "tags": tags, "discarded": discarded != 0,
        })
    print(json.dumps({"vault": vault.hex(), "slot": kind, "items": items}))


main()
