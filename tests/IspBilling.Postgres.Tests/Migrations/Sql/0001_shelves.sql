CREATE TABLE shelves (
  id integer PRIMARY KEY,
  label text NOT NULL DEFAULT 'a; b' -- a semicolon in a literal ends nothing
);

CREATE FUNCTION shelf_count() RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
  RETURN (SELECT count(*) FROM shelves);
END;
$$;
