//! What keeps the list of tokens quick in SQLite: a row of use for every token, tallies, and the text index. Triggers keep
//! all three, so that no way of writing a token can forget them.

/// A token's number, which is its row in the text index.
macro_rules! number_of {
    ($id:literal) => {
        concat!(
            "CAST(substr(",
            $id,
            ", 5, 4) || substr(",
            $id,
            ", 10, 4) AS INTEGER)"
        )
    };
}

/// Adds to a tally.
macro_rules! tally {
    ($rows:literal, $by:literal) => {
        concat!(
            "INSERT INTO token_tally (module_id, account_id, status, tokens) ",
            $rows,
            " ON CONFLICT (module_id, account_id, status) DO UPDATE SET tokens = tokens + ",
            $by,
            "; "
        )
    };
}

/// Tokens by three letters in a row of their folded names, and of the digits of their ids. The texts themselves stay in
/// `api_token` alone.
pub(crate) const TEXT_INDEX: [&str; 2] = [
    "CREATE VIRTUAL TABLE token_text USING fts5(name, digits, content='', contentless_delete=1, detail=column, \
     tokenize='trigram case_sensitive 1')",
    concat!(
        "INSERT INTO token_text (rowid, name, digits) SELECT ",
        number_of!("id"),
        ", name_fold, substr(id, 5) FROM api_token"
    ),
];

/// Every token's row of use, and its words in the text index.
pub(crate) const TOKEN_SHADOWS: [&str; 3] = [
    concat!(
        "CREATE TRIGGER api_token_has_shadows AFTER INSERT ON api_token BEGIN \
         INSERT INTO token_access (token_id, account_id, alive) VALUES (NEW.id, NEW.account_id, NEW.status <> 'Deleted'); \
         INSERT INTO token_text (rowid, name, digits) VALUES (",
        number_of!("NEW.id"),
        ", NEW.name_fold, substr(NEW.id, 5)); END"
    ),
    "CREATE TRIGGER api_token_ends_in_lists AFTER UPDATE OF status ON api_token \
     WHEN NEW.status = 'Deleted' AND OLD.status <> 'Deleted' BEGIN \
     UPDATE token_access SET alive = 0 WHERE token_id = NEW.id; END",
    concat!(
        "CREATE TRIGGER api_token_is_found_by_its_name AFTER UPDATE OF name_fold ON api_token \
         WHEN NEW.name_fold <> OLD.name_fold BEGIN \
         DELETE FROM token_text WHERE rowid = ",
        number_of!("NEW.id"),
        "; \
         INSERT INTO token_text (rowid, name, digits) VALUES (",
        number_of!("NEW.id"),
        ", NEW.name_fold, substr(NEW.id, 5)); END"
    ),
];

/// What the tallies begin with.
pub(crate) const TALLIES: [&str; 2] = [
    "INSERT INTO token_tally (module_id, account_id, status, tokens) \
     SELECT '', account_id, status, count(*) FROM api_token GROUP BY account_id, status",
    "INSERT INTO token_tally (module_id, account_id, status, tokens) \
     SELECT given.module_id, token.account_id, token.status, count(*) FROM token_module given \
     JOIN api_token token ON token.id = given.token_id GROUP BY given.module_id, token.account_id, token.status",
];

/// Tokens of an account by status, of all modules together and of each module.
pub(crate) const TALLY_KEEPERS: [&str; 4] = [
    concat!(
        "CREATE TRIGGER api_token_is_counted AFTER INSERT ON api_token BEGIN ",
        tally!("VALUES ('', NEW.account_id, NEW.status, 1)", "1"),
        "END"
    ),
    concat!(
        "CREATE TRIGGER api_token_is_counted_again AFTER UPDATE OF status ON api_token \
         WHEN NEW.status <> OLD.status BEGIN ",
        "UPDATE token_tally SET tokens = tokens - 1 WHERE account_id = OLD.account_id AND status = OLD.status \
         AND module_id IN (SELECT '' UNION ALL SELECT module_id FROM token_module WHERE token_id = NEW.id); ",
        tally!(
            "SELECT module_id, NEW.account_id, NEW.status, 1 FROM \
             (SELECT '' AS module_id UNION ALL SELECT module_id FROM token_module WHERE token_id = NEW.id) WHERE true",
            "1"
        ),
        "END"
    ),
    concat!(
        "CREATE TRIGGER token_module_is_counted AFTER INSERT ON token_module BEGIN ",
        tally!(
            "SELECT NEW.module_id, account_id, status, 1 FROM api_token WHERE id = NEW.token_id",
            "1"
        ),
        "END"
    ),
    "CREATE TRIGGER token_module_is_counted_off AFTER DELETE ON token_module BEGIN \
     UPDATE token_tally SET tokens = tokens - 1 WHERE module_id = OLD.module_id \
     AND (account_id, status) = (SELECT account_id, status FROM api_token WHERE id = OLD.token_id); END",
];

/// The triggers that list and count new rows one by one. Whoever adds very many can do without them, and take stock of all
/// at the end.
pub(super) const KEEPERS_OF_NEW: [&str; 3] = [
    "api_token_has_shadows",
    "api_token_is_counted",
    "token_module_is_counted",
];

/// Makes anew what these triggers keep: the rows of use that are missing, the text index, the tallies.
pub(super) const TAKE_STOCK: [&[&str]; 3] = [
    &["INSERT INTO token_access (token_id, account_id, alive) \
       SELECT id, account_id, status <> 'Deleted' FROM api_token WHERE true ON CONFLICT DO NOTHING"],
    &[
        "INSERT INTO token_text (token_text) VALUES ('delete-all')",
        TEXT_INDEX[1],
    ],
    &["DELETE FROM token_tally", TALLIES[0], TALLIES[1]],
];

/// Takes the trigger that guards deleted tokens away while the migration fills in a new column.
pub(crate) const GUARD_OFF: &str = "DROP TRIGGER api_token_stays_deleted";
