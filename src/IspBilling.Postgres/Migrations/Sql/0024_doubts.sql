-- Which entries may be the same money. Each doubt has two sides, 0 what was known and 1 what was told later: of an entry and one of the other side
-- only one is ever booked, and each knows the other. Named by the id of the first entry that was told with it.
CREATE TABLE statement_entry_doubts (
    doubt bigint   NOT NULL,
    side  smallint NOT NULL,
    entry bigint   NOT NULL,
    PRIMARY KEY (doubt, entry)
);

CREATE INDEX statement_entry_doubts_entry ON statement_entry_doubts (entry);

INSERT INTO statement_entry_doubts (doubt, side, entry)
SELECT e.id, s.side, s.entry
FROM statement_entries e CROSS JOIN LATERAL (VALUES (0, e.looks_like), (1, e.id)) AS s (side, entry)
WHERE e.is_doubtful AND e.looks_like IS NOT NULL;

-- What a person told apart, each pair in both directions; who and why stands with the decisions.
CREATE TABLE statement_entries_apart (
    entry bigint NOT NULL,
    other bigint NOT NULL,
    PRIMARY KEY (entry, other)
);

-- The last import that told more of an entry that was known: the payments of a batch, a symbol that the first file left out.
ALTER TABLE statement_entries ADD COLUMN told_by uuid;
CREATE INDEX statement_entries_told_by ON statement_entries (told_by, id) WHERE told_by IS NOT NULL;
