-- Full-text search over folded text: NFKC, lower case, a space around every CJK character (see src/search/fold.rs).
CREATE VIRTUAL TABLE search USING fts5 (
    prompt, negative, model, generator, file_name, title, tags,
    tokenize = 'unicode61 remove_diacritics 2',
    prefix = '1 2'
);
-- Without this, deleted words stay readable inside the index.
INSERT INTO search (search, rank) VALUES ('secure-delete', 1);
