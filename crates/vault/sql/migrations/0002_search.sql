-- Full-text search over folded text: NFKC, lower case, a space around every CJK character and symbol (see
-- src/search/fold.rs, whose is_indexed says the same as the categories here). Symbols outside ASCII are words, so that
-- emoji are found; those of ASCII separate words.
CREATE VIRTUAL TABLE search USING fts5 (
    prompt, negative, model, generator, file_name, title, tags, seed,
    tokenize = 'unicode61 remove_diacritics 2 categories ''L* N* Co So Sm Sc Sk'' separators ''$+<=>^`|~''',
    prefix = '1 2'
);
-- Without this, deleted words stay readable inside the index.
INSERT INTO search (search, rank) VALUES ('secure-delete', 1);
-- A leaf of the index then fits into one encrypted page; with the default each would need a second one.
INSERT INTO search (search, rank) VALUES ('pgsz', 3900);
