//! The text of a `select`: reading it never fails but by an error.
#![no_main]

use app::rql::Select;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let _ = Select::parse(text);
});
