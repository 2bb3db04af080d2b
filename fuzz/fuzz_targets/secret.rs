//! What a program presents: only a secret with the right checksum is taken for one.
#![no_main]

use libfuzzer_sys::fuzz_target;
use server::secret::token::TokenSecret;

fuzz_target!(|text: &str| {
    if let Ok(secret) = TokenSecret::parse("lk", text) {
        assert_eq!(text.len(), 39);
        assert!(text.starts_with(&secret.hint()));
    }
});
