-- The first schema. One text for both engines; {uuid} {time} {date} {bytes} {json} {bool} {int} {big} {real} and {strict}
-- stand for the engine's own words (see lib.rs). tenant_id leads every key, so that the schema distributes.

CREATE TABLE tenant (
    id {uuid} NOT NULL PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE,
    name_ko TEXT NOT NULL,
    name_en TEXT NOT NULL,
    created_at {time} NOT NULL
){strict};

-- The last position of a tenant's change feed. Updated in every write, so that positions follow commit order.
CREATE TABLE feed_position (
    tenant_id {uuid} NOT NULL PRIMARY KEY REFERENCES tenant (id),
    seq {big} NOT NULL
){strict};

CREATE TABLE setting (
    tenant_id {uuid} NOT NULL REFERENCES tenant (id),
    version {int} NOT NULL,
    settings {json} NOT NULL,
    set_by {uuid} NOT NULL,
    set_at {time} NOT NULL,
    PRIMARY KEY (tenant_id, version)
){strict};

CREATE TABLE data_key (
    tenant_id {uuid} NOT NULL REFERENCES tenant (id),
    purpose TEXT NOT NULL,
    version {int} NOT NULL,
    wrapped {bytes} NOT NULL,
    created_at {time} NOT NULL,
    PRIMARY KEY (tenant_id, purpose, version)
){strict};

CREATE TABLE lease (
    tenant_id {uuid} NOT NULL REFERENCES tenant (id),
    name TEXT NOT NULL,
    holder {uuid} NOT NULL,
    expires_at {time} NOT NULL,
    PRIMARY KEY (tenant_id, name)
){strict};

-- People who work with Iut -------------------------------------------------------------------------------

CREATE TABLE team (
    tenant_id {uuid} NOT NULL REFERENCES tenant (id),
    id {uuid} NOT NULL,
    name_ko TEXT NOT NULL,
    name_en TEXT NOT NULL,
    rev {big} NOT NULL,
    PRIMARY KEY (tenant_id, id)
){strict};

CREATE TABLE dong (
    tenant_id {uuid} NOT NULL REFERENCES tenant (id),
    code TEXT NOT NULL,
    name_ko TEXT NOT NULL,
    name_en TEXT NOT NULL,
    tile_col {int} NOT NULL,
    tile_row {int} NOT NULL,
    electors {int} NOT NULL,
    team_id {uuid},
    PRIMARY KEY (tenant_id, code),
    FOREIGN KEY (tenant_id, team_id) REFERENCES team (tenant_id, id)
){strict};

CREATE TABLE account (
    tenant_id {uuid} NOT NULL REFERENCES tenant (id),
    id {uuid} NOT NULL,
    login TEXT NOT NULL,
    name TEXT NOT NULL,
    password_hash TEXT,
    password_changed_at {time},
    must_change_password {bool} NOT NULL,
    totp_secret {bytes},
    totp_enrolled_at {time},
    totp_last_step {big},
    locale TEXT NOT NULL,
    theme TEXT NOT NULL,
    locked {bool} NOT NULL,
    failures {int} NOT NULL,
    locked_until {time},
    permission_epoch {big} NOT NULL,
    last_sign_in_at {time},
    created_at {time} NOT NULL,
    rev {big} NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, login)
){strict};

CREATE TABLE backup_code (
    tenant_id {uuid} NOT NULL,
    account_id {uuid} NOT NULL,
    code_hash {bytes} NOT NULL,
    used_at {time},
    PRIMARY KEY (tenant_id, account_id, code_hash),
    FOREIGN KEY (tenant_id, account_id) REFERENCES account (tenant_id, id)
){strict};

CREATE TABLE role_grant (
    tenant_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    account_id {uuid} NOT NULL,
    role TEXT NOT NULL,
    scope TEXT NOT NULL,
    team_id {uuid},
    granted_by {uuid} NOT NULL,
    granted_at {time} NOT NULL,
    ended_by {uuid},
    ended_at {time},
    end_reason TEXT,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES account (tenant_id, id),
    FOREIGN KEY (tenant_id, team_id) REFERENCES team (tenant_id, id)
){strict};
CREATE INDEX role_grant_by_account ON role_grant (tenant_id, account_id);
CREATE INDEX role_grant_by_team ON role_grant (tenant_id, team_id);

CREATE TABLE session (
    tenant_id {uuid} NOT NULL,
    token_hash {bytes} NOT NULL,
    account_id {uuid} NOT NULL,
    second_factor {bool} NOT NULL,
    permission_epoch {big} NOT NULL,
    created_at {time} NOT NULL,
    seen_at {time} NOT NULL,
    expires_at {time} NOT NULL,
    address TEXT,
    device TEXT,
    PRIMARY KEY (tenant_id, token_hash),
    FOREIGN KEY (tenant_id, account_id) REFERENCES account (tenant_id, id)
){strict};
CREATE INDEX session_by_account ON session (tenant_id, account_id);

-- One-time links with which a new or locked-out user sets a password.
CREATE TABLE password_link (
    tenant_id {uuid} NOT NULL,
    token_hash {bytes} NOT NULL,
    account_id {uuid} NOT NULL,
    expires_at {time} NOT NULL,
    used_at {time},
    PRIMARY KEY (tenant_id, token_hash),
    FOREIGN KEY (tenant_id, account_id) REFERENCES account (tenant_id, id)
){strict};

CREATE TABLE saved_view (
    tenant_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    account_id {uuid} NOT NULL,
    name TEXT NOT NULL,
    list TEXT NOT NULL,
    query TEXT NOT NULL,
    created_at {time} NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES account (tenant_id, id)
){strict};
CREATE INDEX saved_view_by_account ON saved_view (tenant_id, account_id, list);

CREATE TABLE draft (
    tenant_id {uuid} NOT NULL,
    account_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    form TEXT NOT NULL,
    body {bytes} NOT NULL,
    saved_at {time} NOT NULL,
    PRIMARY KEY (tenant_id, account_id, id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES account (tenant_id, id)
){strict};

-- Catalogues: every version is kept, the highest is the one in force --------------------------------------

CREATE TABLE indicator (
    tenant_id {uuid} NOT NULL REFERENCES tenant (id),
    code TEXT NOT NULL,
    version {int} NOT NULL,
    name_ko TEXT NOT NULL,
    name_en TEXT NOT NULL,
    holder TEXT NOT NULL,
    source TEXT NOT NULL,
    note TEXT NOT NULL,
    active {bool} NOT NULL,
    set_by {uuid} NOT NULL,
    set_at {time} NOT NULL,
    PRIMARY KEY (tenant_id, code, version)
){strict};

CREATE TABLE sign (
    tenant_id {uuid} NOT NULL REFERENCES tenant (id),
    code TEXT NOT NULL,
    version {int} NOT NULL,
    name_ko TEXT NOT NULL,
    name_en TEXT NOT NULL,
    observers TEXT NOT NULL,
    domain TEXT NOT NULL,
    urgency TEXT NOT NULL,
    active {bool} NOT NULL,
    set_by {uuid} NOT NULL,
    set_at {time} NOT NULL,
    PRIMARY KEY (tenant_id, code, version)
){strict};

-- Neighbors ----------------------------------------------------------------------------------------------

-- team_id follows the dong; worker_id and open_case_id follow the open case: they are what visibility asks for.
CREATE TABLE neighbor (
    tenant_id {uuid} NOT NULL REFERENCES tenant (id),
    id {uuid} NOT NULL,
    household_id {uuid} NOT NULL,
    name TEXT,
    birth_year {int},
    age_band TEXT,
    sex TEXT NOT NULL,
    dong_code TEXT NOT NULL,
    address {bytes},
    no_fixed_address {bool} NOT NULL,
    phone {bytes},
    phone_index {bytes},
    language TEXT NOT NULL,
    living_place TEXT NOT NULL,
    contact_consent TEXT NOT NULL,
    health_note {bytes},
    learned_from TEXT NOT NULL,
    restricted {bool} NOT NULL,
    merged_into {uuid},
    team_id {uuid},
    worker_id {uuid},
    open_case_id {uuid},
    registered_by {uuid} NOT NULL,
    registered_at {time} NOT NULL,
    updated_at {time} NOT NULL,
    rev {big} NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, dong_code) REFERENCES dong (tenant_id, code)
){strict};
CREATE INDEX neighbor_by_name ON neighbor (tenant_id, name, birth_year);
CREATE INDEX neighbor_by_phone ON neighbor (tenant_id, phone_index);
CREATE INDEX neighbor_by_team ON neighbor (tenant_id, team_id, id);
CREATE INDEX neighbor_by_worker ON neighbor (tenant_id, worker_id, id);
CREATE INDEX neighbor_by_dong ON neighbor (tenant_id, dong_code, id);
CREATE INDEX neighbor_by_dong_year ON neighbor (tenant_id, dong_code, birth_year, id);
CREATE INDEX neighbor_by_household ON neighbor (tenant_id, household_id, id);

-- Names prepared for search; {search} adds the trigram index of the engine.
CREATE TABLE neighbor_name (
    {row_number}
    tenant_id {uuid} NOT NULL,
    neighbor_id {uuid} NOT NULL,
    jamo TEXT NOT NULL,
    initials TEXT NOT NULL,
    {name_key} (tenant_id, neighbor_id)
){strict};

CREATE TABLE neighbor_named (
    tenant_id {uuid} NOT NULL,
    neighbor_id {uuid} NOT NULL,
    account_id {uuid} NOT NULL,
    PRIMARY KEY (tenant_id, neighbor_id, account_id),
    FOREIGN KEY (tenant_id, neighbor_id) REFERENCES neighbor (tenant_id, id)
){strict};
CREATE INDEX neighbor_named_by_account ON neighbor_named (tenant_id, account_id, neighbor_id);

CREATE TABLE household_member (
    tenant_id {uuid} NOT NULL,
    household_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    name TEXT,
    relation TEXT NOT NULL,
    birth_year {int},
    is_carer {bool} NOT NULL,
    needs_care {bool} NOT NULL,
    neighbor_id {uuid},
    removed_at {time},
    PRIMARY KEY (tenant_id, household_id, id)
){strict};

-- Discovery ----------------------------------------------------------------------------------------------

CREATE TABLE discovery_round (
    tenant_id {uuid} NOT NULL REFERENCES tenant (id),
    id {uuid} NOT NULL,
    year {int} NOT NULL,
    number {int} NOT NULL,
    imported_by {uuid} NOT NULL,
    imported_at {time} NOT NULL,
    entries {int} NOT NULL,
    rev {big} NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, year, number)
){strict};

-- One neighbor in one round. priority: the points of domain::round::advise when it was loaded; lists sort by it.
CREATE TABLE round_entry (
    tenant_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    round_id {uuid} NOT NULL,
    neighbor_id {uuid} NOT NULL,
    team_id {uuid},
    dong_code TEXT NOT NULL,
    indicators {int} NOT NULL,
    priority {int} NOT NULL,
    note {bytes},
    decision TEXT NOT NULL,
    reason TEXT,
    case_id {uuid},
    decided_by {uuid},
    decided_at {time},
    rev {big} NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, round_id, neighbor_id),
    FOREIGN KEY (tenant_id, round_id) REFERENCES discovery_round (tenant_id, id),
    FOREIGN KEY (tenant_id, neighbor_id) REFERENCES neighbor (tenant_id, id)
){strict};
CREATE INDEX round_entry_open ON round_entry (tenant_id, decision, team_id, priority, id);
CREATE INDEX round_entry_by_round ON round_entry (tenant_id, round_id, priority, id);
CREATE INDEX round_entry_by_decision ON round_entry (tenant_id, round_id, decision, priority, id);
CREATE INDEX round_entry_by_neighbor ON round_entry (tenant_id, neighbor_id);

-- Which rows of which list were loaded: a keyed fingerprint of the row's identity, so that the same file changes nothing.
CREATE TABLE round_row (
    tenant_id {uuid} NOT NULL,
    round_id {uuid} NOT NULL,
    fingerprint {bytes} NOT NULL,
    neighbor_id {uuid} NOT NULL,
    PRIMARY KEY (tenant_id, round_id, fingerprint),
    FOREIGN KEY (tenant_id, round_id) REFERENCES discovery_round (tenant_id, id)
){strict};
CREATE INDEX round_row_by_neighbor ON round_row (tenant_id, neighbor_id);

CREATE TABLE signal (
    tenant_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    neighbor_id {uuid} NOT NULL,
    round_id {uuid} NOT NULL,
    indicator TEXT NOT NULL,
    received_at {time} NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, neighbor_id, round_id, indicator),
    FOREIGN KEY (tenant_id, neighbor_id) REFERENCES neighbor (tenant_id, id),
    FOREIGN KEY (tenant_id, round_id) REFERENCES discovery_round (tenant_id, id)
){strict};

CREATE TABLE link (
    tenant_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    newer_id {uuid} NOT NULL,
    older_id {uuid} NOT NULL,
    team_id {uuid},
    reasons {json} NOT NULL,
    state TEXT NOT NULL,
    found_at {time} NOT NULL,
    decided_by {uuid},
    decided_at {time},
    rev {big} NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, newer_id, older_id),
    FOREIGN KEY (tenant_id, newer_id) REFERENCES neighbor (tenant_id, id),
    FOREIGN KEY (tenant_id, older_id) REFERENCES neighbor (tenant_id, id)
){strict};
CREATE INDEX link_open ON link (tenant_id, state, team_id, id);
CREATE INDEX link_by_older ON link (tenant_id, older_id);

-- Cases --------------------------------------------------------------------------------------------------

-- neighbor_name, stage, is_open, next_due_on, next_due_clock, last_contact_at and next_visit_at are derived; lists sort and filter by them.
CREATE TABLE case_file (
    tenant_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    neighbor_id {uuid} NOT NULL,
    neighbor_name TEXT NOT NULL,
    dong_code TEXT NOT NULL,
    team_id {uuid},
    worker_id {uuid},
    urgency TEXT NOT NULL,
    stage TEXT NOT NULL,
    is_open {bool} NOT NULL,
    restricted {bool} NOT NULL,
    learned_from TEXT NOT NULL,
    discovered_at {time} NOT NULL,
    opened_by {uuid} NOT NULL,
    opened_at {time} NOT NULL,
    assigned_at {time},
    first_contact_at {time},
    counselled_on {date},
    intake_on {date},
    assessed_on {date},
    conference_on {date},
    planned_on {date},
    served_on {date},
    reviewed_on {date},
    closed_at {time},
    closure TEXT,
    aftercare_on {date},
    closure_asked_by {uuid},
    closure_asked_at {time},
    closure_note {bytes},
    next_due_on {date},
    next_due_clock TEXT,
    last_contact_at {time},
    next_visit_at {time},
    updated_at {time} NOT NULL,
    rev {big} NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, neighbor_id) REFERENCES neighbor (tenant_id, id)
){strict};
CREATE INDEX case_by_neighbor ON case_file (tenant_id, neighbor_id);
CREATE UNIQUE INDEX case_one_open ON case_file (tenant_id, neighbor_id) WHERE is_open;
CREATE INDEX case_due ON case_file (tenant_id, is_open, next_due_on, id);
CREATE INDEX case_team_due ON case_file (tenant_id, team_id, is_open, next_due_on, id);
CREATE INDEX case_worker_due ON case_file (tenant_id, worker_id, is_open, next_due_on, id);
CREATE INDEX case_name ON case_file (tenant_id, is_open, neighbor_name, id);
CREATE INDEX case_team_name ON case_file (tenant_id, team_id, is_open, neighbor_name, id);
CREATE INDEX case_worker_name ON case_file (tenant_id, worker_id, is_open, neighbor_name, id);
-- The caseload sorts by urgency, last contact and next visit as well, for each lens; see store::cases.
CREATE INDEX case_urgency ON case_file (tenant_id, is_open, urgency, next_due_on, id);
CREATE INDEX case_team_urgency ON case_file (tenant_id, team_id, is_open, urgency, next_due_on, id);
CREATE INDEX case_worker_urgency ON case_file (tenant_id, worker_id, is_open, urgency, next_due_on, id);
CREATE INDEX case_contact ON case_file (tenant_id, is_open, last_contact_at, id);
CREATE INDEX case_team_contact ON case_file (tenant_id, team_id, is_open, last_contact_at, id);
CREATE INDEX case_worker_contact ON case_file (tenant_id, worker_id, is_open, last_contact_at, id);
CREATE INDEX case_visit ON case_file (tenant_id, is_open, next_visit_at, id);
CREATE INDEX case_team_visit ON case_file (tenant_id, team_id, is_open, next_visit_at, id);
CREATE INDEX case_worker_visit ON case_file (tenant_id, worker_id, is_open, next_visit_at, id);
CREATE INDEX case_dong_due ON case_file (tenant_id, dong_code, is_open, next_due_on, id);
CREATE INDEX case_closure_asked ON case_file (tenant_id, closure_asked_at, id) WHERE closure_asked_at IS NOT NULL;

CREATE TABLE case_event (
    tenant_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    case_id {uuid},
    neighbor_id {uuid} NOT NULL,
    at {time} NOT NULL,
    actor_id {uuid} NOT NULL,
    kind TEXT NOT NULL,
    facts {json} NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, neighbor_id) REFERENCES neighbor (tenant_id, id)
){strict};
CREATE INDEX case_event_by_neighbor ON case_event (tenant_id, neighbor_id, at, id);

CREATE TABLE note (
    tenant_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    case_id {uuid} NOT NULL,
    neighbor_id {uuid} NOT NULL,
    author_id {uuid} NOT NULL,
    written_at {time} NOT NULL,
    body {bytes} NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, case_id) REFERENCES case_file (tenant_id, id)
){strict};
CREATE INDEX note_by_neighbor ON note (tenant_id, neighbor_id, written_at, id);

CREATE TABLE assignment (
    tenant_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    case_id {uuid} NOT NULL,
    neighbor_id {uuid} NOT NULL,
    from_worker_id {uuid},
    to_worker_id {uuid} NOT NULL,
    state TEXT NOT NULL,
    reason {bytes},
    made_by {uuid} NOT NULL,
    made_at {time} NOT NULL,
    answered_by {uuid},
    answered_at {time},
    answer {bytes},
    rev {big} NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, case_id) REFERENCES case_file (tenant_id, id)
){strict};
CREATE INDEX assignment_by_neighbor ON assignment (tenant_id, neighbor_id, made_at, id);
CREATE INDEX assignment_by_receiver ON assignment (tenant_id, to_worker_id, state, made_at);
CREATE INDEX assignment_by_case ON assignment (tenant_id, case_id, state);
CREATE INDEX assignment_waiting ON assignment (tenant_id, state, made_at, id);

CREATE TABLE sign_tick (
    tenant_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    neighbor_id {uuid} NOT NULL,
    visit_id {uuid},
    sign TEXT NOT NULL,
    sign_version {int} NOT NULL,
    channel TEXT NOT NULL,
    ticked_by {uuid} NOT NULL,
    ticked_at {time} NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, neighbor_id) REFERENCES neighbor (tenant_id, id)
){strict};
CREATE INDEX sign_tick_by_neighbor ON sign_tick (tenant_id, neighbor_id, ticked_at);

-- Visits -------------------------------------------------------------------------------------------------

CREATE TABLE visit_series (
    tenant_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    case_id {uuid} NOT NULL,
    rrule TEXT NOT NULL,
    skip_holidays {bool} NOT NULL,
    made_by {uuid} NOT NULL,
    made_at {time} NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, case_id) REFERENCES case_file (tenant_id, id)
){strict};

CREATE TABLE visit (
    tenant_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    case_id {uuid} NOT NULL,
    neighbor_id {uuid} NOT NULL,
    team_id {uuid},
    series_id {uuid},
    kind TEXT NOT NULL,
    starts_at {time} NOT NULL,
    ends_at {time} NOT NULL,
    worker_id {uuid} NOT NULL,
    second_worker_id {uuid},
    two_person {bool} NOT NULL,
    purpose TEXT,
    state TEXT NOT NULL,
    face_to_face TEXT,
    not_met_reason TEXT,
    cancel_reason TEXT,
    happened_at {time},
    note {bytes},
    recorded_by {uuid},
    recorded_at {time},
    restricted {bool} NOT NULL,
    made_by {uuid} NOT NULL,
    made_at {time} NOT NULL,
    rev {big} NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, case_id) REFERENCES case_file (tenant_id, id)
){strict};
CREATE INDEX visit_by_case ON visit (tenant_id, case_id, starts_at, id);
CREATE INDEX visit_by_neighbor ON visit (tenant_id, neighbor_id, starts_at, id);
CREATE INDEX visit_by_worker ON visit (tenant_id, worker_id, state, starts_at, id);
CREATE INDEX visit_by_second_worker ON visit (tenant_id, second_worker_id, state, starts_at, id);
CREATE INDEX visit_by_team ON visit (tenant_id, team_id, starts_at, id);
CREATE INDEX visit_by_series ON visit (tenant_id, series_id, starts_at);

-- What happened, for machines ----------------------------------------------------------------------------

CREATE TABLE op (
    tenant_id {uuid} NOT NULL REFERENCES tenant (id),
    id {uuid} NOT NULL,
    actor_id {uuid} NOT NULL,
    command TEXT NOT NULL,
    digest {bytes} NOT NULL,
    made_at {time} NOT NULL,
    applied_at {time} NOT NULL,
    applied {json} NOT NULL,
    PRIMARY KEY (tenant_id, id)
){strict};

CREATE TABLE change (
    tenant_id {uuid} NOT NULL REFERENCES tenant (id),
    seq {big} NOT NULL,
    at {time} NOT NULL,
    entity TEXT NOT NULL,
    entity_id {uuid} NOT NULL,
    rev {big} NOT NULL,
    neighbor_id {uuid},
    team_id {uuid},
    worker_id {uuid},
    actor_id {uuid} NOT NULL,
    op_id {uuid} NOT NULL,
    restricted {bool} NOT NULL,
    PRIMARY KEY (tenant_id, seq)
){strict};

CREATE TABLE outbox (
    tenant_id {uuid} NOT NULL REFERENCES tenant (id),
    id {uuid} NOT NULL,
    topic TEXT NOT NULL,
    receiver_id {uuid},
    payload {json} NOT NULL,
    available_at {time} NOT NULL,
    attempts {int} NOT NULL,
    done_at {time},
    PRIMARY KEY (tenant_id, id)
){strict};
CREATE INDEX outbox_waiting ON outbox (tenant_id, done_at, available_at, id);

CREATE TABLE audit (
    tenant_id {uuid} NOT NULL REFERENCES tenant (id),
    id {uuid} NOT NULL,
    at {time} NOT NULL,
    actor_id {uuid} NOT NULL,
    origin TEXT NOT NULL,
    address TEXT,
    request_id {uuid} NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    subject_id {uuid},
    neighbor_id {uuid},
    op_id {uuid},
    count {int} NOT NULL,
    purpose TEXT,
    digest {bytes} NOT NULL,
    batch {big},
    PRIMARY KEY (tenant_id, id)
){strict};
CREATE INDEX audit_by_batch ON audit (tenant_id, batch, id);
CREATE INDEX audit_by_time ON audit (tenant_id, at, id);
CREATE INDEX audit_by_actor ON audit (tenant_id, actor_id, at, id);
CREATE INDEX audit_by_neighbor ON audit (tenant_id, neighbor_id, at, id);

-- leaves: the digests of the rows in id order, 32 bytes each, so that a broken row can be named.
CREATE TABLE audit_batch (
    tenant_id {uuid} NOT NULL REFERENCES tenant (id),
    number {big} NOT NULL,
    rows {int} NOT NULL,
    first_id {uuid} NOT NULL,
    last_id {uuid} NOT NULL,
    leaves {bytes} NOT NULL,
    root {bytes} NOT NULL,
    previous {bytes} NOT NULL,
    seal {bytes} NOT NULL,
    key_version {int} NOT NULL,
    sealed_at {time} NOT NULL,
    PRIMARY KEY (tenant_id, number)
){strict};

CREATE TABLE audit_review (
    tenant_id {uuid} NOT NULL REFERENCES tenant (id),
    id {uuid} NOT NULL,
    month {date} NOT NULL,
    reviewer_id {uuid} NOT NULL,
    reviewed_at {time} NOT NULL,
    finding TEXT NOT NULL,
    rows {big} NOT NULL,
    verified {bool} NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, month)
){strict};

-- Pseudonyms under which the auditor sees people; made when first needed.
CREATE TABLE pseudonym (
    tenant_id {uuid} NOT NULL REFERENCES tenant (id),
    number {big} NOT NULL,
    person_id {uuid} NOT NULL,
    PRIMARY KEY (tenant_id, person_id),
    UNIQUE (tenant_id, number)
){strict};
