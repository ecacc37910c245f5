-- Tablets that keep a replica. What a tablet shows to be let in is known here only as a hash.
CREATE TABLE device (
    tenant_id {uuid} NOT NULL REFERENCES tenant (id),
    id {uuid} NOT NULL,
    account_id {uuid} NOT NULL,
    name TEXT NOT NULL,
    program TEXT,
    token_hash {bytes} NOT NULL,
    registered_at {time} NOT NULL,
    contact_at {time},
    clock_off_ms {big},
    waiting {big} NOT NULL,
    revoked_at {time},
    revoked_by {uuid},
    told_at {time},
    rev {big} NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES account (tenant_id, id)
){strict};

CREATE INDEX device_by_account ON device (tenant_id, account_id, registered_at);
