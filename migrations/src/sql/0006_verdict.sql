-- What the server said to a command of a tablet that it did not apply. Its op id is in `op`, with nothing applied; what was said may
-- hold what others wrote, so it is sealed.
CREATE TABLE verdict (
    tenant_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    outcome {bytes} NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, id) REFERENCES op (tenant_id, id)
){strict};
