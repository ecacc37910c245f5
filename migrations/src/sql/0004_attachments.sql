-- Photos and signatures. Their bytes lie sealed in a folder or an object store, part by part; here is what is known of them.
CREATE TABLE attachment (
    tenant_id {uuid} NOT NULL REFERENCES tenant (id),
    id {uuid} NOT NULL,
    case_id {uuid} NOT NULL,
    neighbor_id {uuid} NOT NULL,
    visit_id {uuid},
    kind TEXT NOT NULL,
    media TEXT NOT NULL,
    bytes {big} NOT NULL,
    digest TEXT NOT NULL,
    caption {bytes},
    added_by {uuid} NOT NULL,
    added_at {time} NOT NULL,
    parts {int} NOT NULL,
    received {int} NOT NULL,
    stored_at {time},
    removed_by {uuid},
    removed_at {time},
    removal_reason {bytes},
    wiped_at {time},
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, case_id) REFERENCES case_file (tenant_id, id)
){strict};

CREATE INDEX attachment_by_neighbor ON attachment (tenant_id, neighbor_id, added_at, id);
CREATE INDEX attachment_to_wipe ON attachment (removed_at) WHERE removed_at IS NOT NULL AND wiped_at IS NULL;
