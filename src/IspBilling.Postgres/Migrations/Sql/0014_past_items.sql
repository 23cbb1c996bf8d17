-- An account's state now remembers the ids of one-off items that left it, so that one that is pushed again is not charged once more. For
-- items that left before, only the journal knows them: the states of those accounts are marked as unreadable (no format has the number 0),
-- and each is folded once more from its events when it is next loaded. All others are read as they are.
UPDATE accounts a
SET state = set_byte(a.state, 0, 0)
FROM (
    SELECT account_id
    FROM journal
    WHERE name IN ('one-off-added.v1', 'one-off-cancelled.v1', 'history-settled.v1')
    GROUP BY account_id
    HAVING bool_or(name = 'one-off-added.v1') AND bool_or(name <> 'one-off-added.v1')
) had_items
WHERE a.id = had_items.account_id;
