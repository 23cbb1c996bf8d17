CREATE TABLE books (title text PRIMARY KEY, shelf_id integer NOT NULL REFERENCES shelves (id));

INSERT INTO shelves (id) VALUES (1);
