-- When the database was last restored from a backup, or nothing: tablets that know of another time send again what they had sent.
ALTER TABLE feed_position ADD COLUMN restored_at {time}
