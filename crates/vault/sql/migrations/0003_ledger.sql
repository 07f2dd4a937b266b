-- What has left this computer: a line for each request, written before its first byte goes.
CREATE TABLE ledger (
    id       INTEGER PRIMARY KEY,              -- in their order
    at       INTEGER NOT NULL DEFAULT 0,       -- ms since 1970 UTC
    purpose  TEXT    NOT NULL DEFAULT '',      -- name of model::Purpose
    origin   TEXT    NOT NULL DEFAULT '',      -- scheme, host and port
    proxy    TEXT    NOT NULL DEFAULT '',      -- what it went through, empty for nothing
    fields   TEXT    NOT NULL DEFAULT '[]',    -- JSON: names of the fields in it, never what stood in them
    sent     INTEGER NOT NULL DEFAULT 0,       -- bytes of the body
    outcome  TEXT    NOT NULL DEFAULT 'open',  -- open (nobody knows), answered, failed, cancelled
    status   INTEGER NOT NULL DEFAULT 0,       -- of HTTP, 0 without an answer
    received INTEGER NOT NULL DEFAULT 0        -- bytes of the answer's body
) STRICT;
CREATE INDEX ledger_time ON ledger (at, id);

-- What the person chose that is nobody else's to know.
CREATE TABLE choice (
    name  TEXT NOT NULL PRIMARY KEY, -- account …
    value TEXT NOT NULL DEFAULT ''   -- JSON
) STRICT, WITHOUT ROWID;
