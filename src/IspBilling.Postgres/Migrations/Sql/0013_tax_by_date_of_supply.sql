-- Base and VAT by date of supply beside those by date of issue (measures 21 and 22; 1 and 2 are by issue). What documents issued so far
-- come to follows from their postings: 602 is revenue and 343 output VAT, both negative on an invoice.
INSERT INTO figure_sums (issuer, measure, day, key, amount, count)
    SELECT d.issuer, CASE p.ledger_account WHEN 602 THEN 21 ELSE 22 END, d.supplied_on, p.vat_rate, -sum(p.amount), 0
    FROM documents d JOIN postings p ON p.account_id = d.account_id AND p.version = d.version
    WHERE p.ledger_account IN (602, 343)
    GROUP BY 1, 2, 3, 4
    HAVING sum(p.amount) <> 0;
