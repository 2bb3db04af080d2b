//! Everything that is or protects a secret: formats, keys, sealing, password hashes.
//!
//! Owns the only code that reads a secret's value. It must not know where secrets are stored, who asks for them
//! or over what protocol they travel. None of its types prints or serialises its value (T-14).

pub mod keyring;
pub mod one_time;
pub mod password;
pub mod rekey;
pub mod seal;
pub mod session;
pub mod strength;
pub mod token;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

/// HMAC-SHA-256 over the parts one after the other.
fn hmac_sha256(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    // HMAC pads a key shorter than its 64-byte block with zeros (RFC 2104); a whole block cannot be refused.
    let mut block = Zeroizing::new([0_u8; 64]);
    block[..32].copy_from_slice(key);
    let mut mac = Hmac::<Sha256>::new((&*block).into());
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 4231, test case 1, has a 20-byte key; padded with zeros to 32 bytes it is the same key.
    #[test]
    fn the_mac_agrees_with_rfc_4231() {
        let mut key = [0_u8; 32];
        key[..20].fill(0x0b);
        let expected = [
            0xb0, 0x34, 0x4c, 0x61, 0xd8, 0xdb, 0x38, 0x53, 0x5c, 0xa8, 0xaf, 0xce, 0xaf, 0x0b,
            0xf1, 0x2b, 0x88, 0x1d, 0xc2, 0x00, 0xc9, 0x83, 0x3d, 0xa7, 0x26, 0xe9, 0x37, 0x6c,
            0x2e, 0x32, 0xcf, 0xf7,
        ];
        assert_eq!(hmac_sha256(&key, &[b"Hi ", b"There"]), expected);
    }
}
