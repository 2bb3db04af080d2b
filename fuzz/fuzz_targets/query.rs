//! A whole query string: reading it never fails but by an error, and what is printed reads back as the same tree.
#![no_main]

use app::rql::{Query, parse};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|raw: &str| {
    let Ok(query) = Query::parse(raw) else { return };
    if let Some(filter) = query.filter {
        let printed = filter.to_string();
        if printed.len() <= app::rql::QUERY_MAX {
            assert_eq!(parse(&printed).expect("printed text reads"), Some(filter));
        }
    }
});
