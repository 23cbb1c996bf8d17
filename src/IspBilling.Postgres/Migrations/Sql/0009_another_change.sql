-- The place of a migration that another change brings.
SELECT 1;
