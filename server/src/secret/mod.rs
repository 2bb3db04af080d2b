//! Everything that is or protects a secret: formats, keys, sealing, password hashes.
//!
//! Owns the only code that reads a secret's value. It must not know where secrets are stored, who asks for them
//! or over what protocol they travel. None of its types prints or serialises its value (T-14).

pub mod keyring;
pub mod password;
pub mod seal;
pub mod session;
pub mod setup;
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
        let expected = "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7";
        let mac: String = hmac_sha256(&key, &[b"Hi ", b"There"])
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        assert_eq!(mac, expected);
    }
}
