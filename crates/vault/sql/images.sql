-- images.db: sealed chunks and nothing else. No text, no times; ids are random.
CREATE TABLE meta (
    key   TEXT NOT NULL PRIMARY KEY, -- vault_id; generation: the newest of the catalogue that wrote here;
                                     -- catalogue_key: the number of the newest key that it had
    value TEXT NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;
CREATE TABLE chunk (
    seq    INTEGER PRIMARY KEY,      -- place in the file
    blob   BLOB    NOT NULL,         -- whose, 16 random bytes
    n      INTEGER NOT NULL DEFAULT 0, -- order within the blob, from 0
    sealed BLOB    NOT NULL          -- AES-256-GCM, see docs/FORMATS.md
) STRICT;
CREATE UNIQUE INDEX chunk_blob ON chunk (blob, n);
