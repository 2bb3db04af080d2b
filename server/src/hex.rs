//! Bytes as hexadecimal digits, and back. It must not know what the bytes are.

use std::fmt::Write as _;

/// Two lower-case digits for each byte.
#[must_use]
pub fn encode(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}

/// The `N` bytes whose digits these are, in either case; nothing when there are more or fewer, or other characters.
#[must_use]
pub fn decode<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digits = text.as_bytes();
    // `from_str_radix` takes a sign, which is no digit.
    if digits.len() != N * 2 || !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    let mut bytes = [0; N];
    for (place, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(place * 2..place * 2 + 2)?, 16).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_survive_their_digits() {
        let bytes = [0, 1, 0x7f, 0x80, 0xff];
        assert_eq!(encode(&bytes), "00017f80ff");
        assert_eq!(decode("00017F80ff"), Some(bytes));
    }

    #[test]
    fn other_text_is_no_bytes() {
        for text in ["", "0", "000", "00000", "+1+1", "00 0", "00é", "zz00"] {
            assert_eq!(decode::<2>(text), None, "{text}");
        }
    }
}
