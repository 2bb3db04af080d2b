//! The keys that press a control of the page, wherever the focus is.

/// The id of the box that finds tokens.
pub const SEARCH_BOX: &str = "token-search";

/// A key and what it does.
pub struct Shortcut {
    /// The key, as the browser names it.
    pub key: &'static str,
    /// The id of the control that it presses; where there is none, it does nothing.
    pub id: &'static str,
    /// What that does.
    pub does: &'static str,
}

const fn shortcut(key: &'static str, id: &'static str, does: &'static str) -> Shortcut {
    Shortcut { key, id, does }
}

/// All of them, as the dialog lists them.
pub static KEYS: [Shortcut; 9] = [
    shortcut("/", SEARCH_BOX, "Search"),
    shortcut("v", "views-menu", "Saved views"),
    shortcut("s", "sort-tool", "Sort"),
    shortcut("f", "filter-tool", "Filter"),
    shortcut("c", "columns-tool", "Columns"),
    shortcut("r", "refresh", "Refresh"),
    shortcut("n", "next-page", "Next page"),
    shortcut("p", "previous-page", "Previous page"),
    shortcut("a", "add-token", "Add an API token"),
];

/// The key that presses the control with this id.
#[must_use]
pub fn key_of(id: &str) -> Option<&'static str> {
    let found = KEYS.iter().find(|shortcut| shortcut.id == id);
    found.map(|shortcut| shortcut.key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_and_no_control_is_in_the_list_twice() {
        for (place, shortcut) in KEYS.iter().enumerate() {
            let others = &KEYS[place + 1..];
            assert!(
                others
                    .iter()
                    .all(|other| other.key != shortcut.key && other.id != shortcut.id)
            );
            assert_eq!(key_of(shortcut.id), Some(shortcut.key));
        }
        assert_eq!(key_of("no-control"), None);
    }
}
