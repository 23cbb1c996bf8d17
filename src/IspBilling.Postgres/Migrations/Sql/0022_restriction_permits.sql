-- What is taken away in a day is counted over all nodes, so that more than the day's limit waits for a person.
CREATE TABLE restriction_days (
    day   date   PRIMARY KEY,
    taken bigint NOT NULL
);

-- Who is among them: an account that asks again, because its commit was lost, is not counted twice.
CREATE TABLE restriction_permits (
    day        date   NOT NULL,
    account_id bigint NOT NULL,
    PRIMARY KEY (day, account_id)
);

-- Whoever was reminded before there was delivery was told nothing: what was taken away on the strength of it is looked at again, and given back
-- until the client is told.
UPDATE accounts SET next_review_on = DATE '2000-01-01' WHERE level <> 0 AND (next_review_on IS NULL OR next_review_on > DATE '2000-01-01');
