-- The catalogue: every picture, what is known of it, and the keys of its sealed bytes.

-- Facts about the catalogue itself: vault_id, epoch, clean (1 after an orderly close).
CREATE TABLE meta (
    key   TEXT NOT NULL PRIMARY KEY, -- name of the fact
    value TEXT NOT NULL DEFAULT ''   -- its value
) STRICT, WITHOUT ROWID;

-- Names that many items share, so that the gallery's index stays narrow.
CREATE TABLE label (
    id   INTEGER PRIMARY KEY,        -- short number used by item.generator and item.model
    kind TEXT NOT NULL DEFAULT '',   -- 'generator' or 'model'
    name TEXT NOT NULL DEFAULT '',   -- the name, empty for "unknown"
    UNIQUE (kind, name)
) STRICT;

INSERT INTO label (id, kind, name) VALUES (0, '', '');

CREATE TABLE item (
    seq          INTEGER PRIMARY KEY,             -- order of arrival in this catalogue
    id           BLOB    NOT NULL UNIQUE,         -- UUIDv7, 16 bytes, kept by export and import
    sha256       BLOB    NOT NULL UNIQUE,         -- of the original bytes: the same picture is never kept twice
    file_name    TEXT    NOT NULL DEFAULT '',     -- when it was taken in
    format       TEXT    NOT NULL DEFAULT 'png',  -- png, jpeg, webp, avif
    bytes        INTEGER NOT NULL DEFAULT 0,      -- length of the original
    width        INTEGER NOT NULL DEFAULT 0,      -- pixels as shown
    height       INTEGER NOT NULL DEFAULT 0,      -- pixels as shown
    animated     INTEGER NOT NULL DEFAULT 0,      -- 1 when there is more than one frame
    created_at   INTEGER NOT NULL DEFAULT 0,      -- ms since 1970 UTC: when the picture was made
    added_at     INTEGER NOT NULL DEFAULT 0,      -- ms since 1970 UTC: when it came in
    discarded_at INTEGER NOT NULL DEFAULT 0,      -- ms since 1970 UTC: when it went to the trash, 0 when it is not there
    origin       TEXT    NOT NULL DEFAULT 'imported', -- imported, generated
    title        TEXT    NOT NULL DEFAULT '',     -- the person's own
    rating       INTEGER NOT NULL DEFAULT 0,      -- 0 to 5
    favourite    INTEGER NOT NULL DEFAULT 0,      -- 1 with the heart
    generator    INTEGER NOT NULL DEFAULT 0 REFERENCES label (id), -- program that made it
    model        INTEGER NOT NULL DEFAULT 0 REFERENCES label (id), -- model that made it
    recipe       TEXT    NOT NULL DEFAULT '{}',   -- JSON of model::Recipe
    provenance   TEXT    NOT NULL DEFAULT '{}',   -- JSON of model::Provenance
    prompt_hash  INTEGER NOT NULL DEFAULT 0       -- of the prompt, to find others with the same; 0 without a prompt
) STRICT;

-- All that the gallery needs to put any number of items in order, without touching the rows.
CREATE INDEX item_gallery ON item (created_at, discarded_at, added_at, bytes, width, height, rating, favourite, generator, model);
CREATE INDEX item_name ON item (file_name, seq);
CREATE INDEX item_same_prompt ON item (prompt_hash, seq) WHERE prompt_hash <> 0;

-- Sealed bytes in images.db and the key of each. Deleting the row destroys the picture.
CREATE TABLE sealed (
    item  INTEGER NOT NULL REFERENCES item (seq) ON DELETE CASCADE, -- whose
    role  INTEGER NOT NULL DEFAULT 0,  -- 0 original, 1 thumbnail
    blob  BLOB    NOT NULL,            -- id in images.db, 16 random bytes
    key   BLOB    NOT NULL,            -- 32 random bytes
    mime  TEXT    NOT NULL DEFAULT '', -- media type of the opened bytes
    PRIMARY KEY (item, role)
) STRICT, WITHOUT ROWID;

-- Metadata exactly as it stood in the file.
CREATE TABLE raw_block (
    item  INTEGER NOT NULL REFERENCES item (seq) ON DELETE CASCADE, -- whose
    n     INTEGER NOT NULL DEFAULT 0,  -- order in the file
    place TEXT    NOT NULL DEFAULT '', -- png:tEXt, exif:UserComment …
    key   TEXT    NOT NULL DEFAULT '', -- keyword at that place
    bytes BLOB    NOT NULL,            -- uncompressed, otherwise untouched
    PRIMARY KEY (item, n)
) STRICT;

CREATE TABLE tag (
    item INTEGER NOT NULL REFERENCES item (seq) ON DELETE CASCADE, -- whose
    name TEXT    NOT NULL DEFAULT '',  -- as the person wrote it
    PRIMARY KEY (item, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX tag_name ON tag (name, item);
