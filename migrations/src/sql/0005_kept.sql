-- What tablets wrote about cases that were somebody else's by then. The id is that of the
-- command; what was written is sealed.
CREATE TABLE kept_entry (
    tenant_id {uuid} NOT NULL REFERENCES tenant (id),
    id {uuid} NOT NULL,
    case_id {uuid} NOT NULL,
    neighbor_id {uuid} NOT NULL,
    writer_id {uuid} NOT NULL,
    written_at {time} NOT NULL,
    kept_at {time} NOT NULL,
    envelope {bytes} NOT NULL,
    answered_by {uuid},
    answered_at {time},
    accepted {bool},
    reason {bytes},
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, case_id) REFERENCES case_file (tenant_id, id)
){strict};

CREATE INDEX kept_entry_open ON kept_entry (tenant_id, case_id, written_at) WHERE answered_at IS NULL;

-- Whether a change only tells those who can't see the thing any more. The others say, in order, whose each thing was at each time.
ALTER TABLE change ADD COLUMN former {bool} NOT NULL DEFAULT {false};

CREATE INDEX change_by_thing ON change (tenant_id, entity_id, seq);
