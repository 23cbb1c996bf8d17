-- A day's reviews are read page by page in the order of this index, so that only those who are due cost anything.
DROP INDEX accounts_review;
CREATE INDEX accounts_review ON accounts (next_review_on, id) WHERE next_review_on IS NOT NULL;
