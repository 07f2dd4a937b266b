-- The account service, version 1. One text for SQLite and PostgreSQL: BYTES and WHOLE stand for their types.
-- Times are seconds since 1970, days are days since then. Ids are random and made by the service.
-- Every key that is named here lies outside of the database.

CREATE TABLE account (
  id BYTES PRIMARY KEY,                  -- 16 random bytes
  email_idx BYTES NOT NULL UNIQUE,       -- HMAC-SHA-256 of the address as it is found again
  email_enc BYTES NOT NULL,              -- the address, sealed for this row
  display_name_enc BYTES,                -- what the person wants to be called, sealed for this row
  locale TEXT NOT NULL,                  -- ja or en
  created_day WHOLE NOT NULL,
  age_min_attested WHOLE NOT NULL CHECK (age_min_attested BETWEEN 13 AND 21), -- never a date of birth
  notice_version TEXT NOT NULL
);

CREATE TABLE credential (                -- one for each account; replaced with its password
  cred_id BYTES PRIMARY KEY,             -- OPAQUE's credential identifier, new at every registration
  account_id BYTES NOT NULL UNIQUE REFERENCES account (id) ON DELETE CASCADE,
  suite WHOLE NOT NULL,
  ksf_id WHOLE NOT NULL,
  setup_id WHOLE NOT NULL,               -- which of the service's secrets
  record BYTES NOT NULL,                 -- 192 bytes
  created_day WHOLE NOT NULL
);

CREATE TABLE session (                   -- a device that is signed in
  id BYTES PRIMARY KEY,
  account_id BYTES NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  refresh_hash BYTES NOT NULL UNIQUE,    -- SHA-256 of the token
  prev_hash BYTES UNIQUE,                -- of the one before, whose answer may have been lost
  prev_valid_until WHOLE,
  access_hash BYTES NOT NULL UNIQUE,
  access_expires WHOLE NOT NULL,
  device_label_enc BYTES NOT NULL,       -- what the person calls the device, sealed for this row
  platform TEXT NOT NULL,                -- windows, macos or linux
  created_day WHOLE NOT NULL,
  last_used_day WHOLE NOT NULL,
  expires WHOLE NOT NULL                 -- whatever is done with it
);
CREATE INDEX session_account ON session (account_id);

CREATE TABLE login (                     -- a proof of a password between its two messages
  id BYTES PRIMARY KEY,
  account_id BYTES,                      -- none where there is no such account
  buckets BYTES NOT NULL,                -- the throttles that this counts against, 32 bytes each
  state_enc BYTES NOT NULL,              -- the service's half, sealed for this row
  expires WHOLE NOT NULL
);
CREATE INDEX login_expires ON login (expires);

CREATE TABLE challenge (                 -- a code that was sent by mail
  id BYTES PRIMARY KEY,
  purpose TEXT NOT NULL,
  email_idx BYTES NOT NULL,
  email_enc BYTES NOT NULL,              -- sealed for this row
  account_id BYTES,                      -- whose address it is, where that matters
  code_hash BYTES,                       -- none where the address may not have one: then no code is right
  tries WHOLE NOT NULL,
  expires WHOLE NOT NULL
);
CREATE INDEX challenge_expires ON challenge (expires);

CREATE TABLE ticket (                    -- a step that was just finished; gone when it is used
  token_hash BYTES PRIMARY KEY,
  purpose TEXT NOT NULL,
  account_id BYTES,
  email_idx BYTES,
  email_enc BYTES,                       -- sealed for this row
  cred_id BYTES,                         -- of a registration that has begun
  setup_id WHOLE,
  expires WHOLE NOT NULL
);
CREATE INDEX ticket_expires ON ticket (expires);

CREATE TABLE throttle (                  -- failures of late, by a keyed digest of who or whence
  bucket BYTES PRIMARY KEY,
  failures WHOLE NOT NULL,
  unlocks WHOLE NOT NULL,
  resets WHOLE NOT NULL
);
CREATE INDEX throttle_resets ON throttle (resets);

CREATE TABLE day_key (                   -- seals a day's part of the log; gone after 30 days, and that part with it
  day WHOLE PRIMARY KEY,
  key_enc BYTES NOT NULL
);

CREATE TABLE security_event (
  id BYTES PRIMARY KEY,
  at WHOLE NOT NULL,
  day WHOLE NOT NULL,
  kind TEXT NOT NULL,
  account_ref BYTES,                     -- HMAC under the day's key: one account is told from another within a day only
  ip_enc BYTES                           -- sealed under the day's key
);
CREATE INDEX security_event_day ON security_event (day);

CREATE TABLE outbox (                    -- mails that are to be sent
  id BYTES PRIMARY KEY,
  account_id BYTES,
  email_idx BYTES NOT NULL,
  mail_enc BYTES NOT NULL,               -- to whom, in which language, which text and what stands in it; sealed for this row
  not_before WHOLE NOT NULL,
  tries WHOLE NOT NULL
);
CREATE INDEX outbox_not_before ON outbox (not_before);

CREATE TABLE receipt (                   -- of accounts that are gone; names nobody
  id BYTES PRIMARY KEY,
  deleted_day WHOLE NOT NULL
);

CREATE TABLE quota (                     -- pictures of a day
  account_id BYTES NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  day WHOLE NOT NULL,
  used WHOLE NOT NULL,
  PRIMARY KEY (account_id, day)
);
