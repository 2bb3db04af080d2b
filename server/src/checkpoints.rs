//! Checkpoints of the audit trail: signed lines in a file apart from the database, which say how far the trail went and what
//! its last record was (L-3).
//!
//! Whoever can only write to the database can cut off the end of the trail, or put an older database in its place, and the
//! rest still verifies; against these lines it does not. A line is signed with a MAC under a sub-key of the keyring: it is
//! checked where the chain is checked, which needs the keyring as well, so a public key would let nobody check more. Whoever
//! has the keyring can sign anything; against him only a copy of this file helps that he cannot reach.

use crate::{
    hex,
    secret::keyring::{Key, Keyring},
    service::NotedRecord,
};
use app::domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::{
    fs::{self, File},
    io::{self, Read as _, Seek as _, SeekFrom, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};
use subtle::ConstantTimeEq as _;

/// The form of a line.
const VERSION: u8 = 1;
/// What a signature is of, so that it fits nothing else.
const CONTEXT: &[u8] = b"latchkey checkpoint v1";

/// What a line says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// The trail went so far.
    Checkpoint,
    /// A backup whose trail went so far was put back. Later records that were noted before belong to the database that was
    /// replaced.
    Restored,
}

impl Kind {
    const fn word(self) -> &'static str {
        match self {
            Self::Checkpoint => "checkpoint",
            Self::Restored => "restored",
        }
    }
}

/// A line, as it is written.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    v: u8,
    kind: Kind,
    instance: String,
    at: String,
    seq: i64,
    hash: String,
    key: String,
    mac: String,
}

/// A line that was signed by this installation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// What it says.
    pub kind: Kind,
    /// When it was written, `2026-11-24T12:00:00.000Z`.
    pub at: String,
    /// The last record of the trail at that time.
    pub end: NotedRecord,
}

/// Why a file of checkpoints cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CheckpointError {
    /// The file cannot be read or written.
    #[error("The checkpoints {path} cannot be used: {source}")]
    File {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// A line is not what was written.
    #[error(
        "Line {line} of {path} is no checkpoint that this installation signed: {why}. The file was changed or damaged, or \
         belongs to another installation; compare it with a copy of it that you keep elsewhere."
    )]
    Line {
        /// The file.
        path: PathBuf,
        /// Its number, from 1.
        line: usize,
        /// What is wrong.
        why: String,
    },
}

/// The file that checkpoints are added to.
#[derive(Debug, Clone)]
pub struct Checkpoints {
    path: PathBuf,
}

impl Checkpoints {
    /// Those in this file.
    #[must_use]
    pub const fn new(path: PathBuf) -> Self {
        Self { path }
    }

    /// Adds a line, and sees to it that it is on the disk.
    ///
    /// # Errors
    /// [`CheckpointError::File`]
    pub fn add(&self, line: &str) -> Result<(), CheckpointError> {
        self.try_add(line).map_err(|source| self.failed(source))
    }

    fn try_add(&self, line: &str) -> io::Result<()> {
        let mut file = File::options()
            .create(true)
            .append(true)
            .read(true)
            .mode(0o600)
            .open(&self.path)?;
        let mut text = format!("{line}\n");
        // What a power cut left of a line stays a line of its own.
        let mut last = [b'\n'];
        if file.metadata()?.len() > 0 {
            file.seek(SeekFrom::End(-1))?;
            file.read_exact(&mut last)?;
        }
        if last != *b"\n" {
            text.insert(0, '\n');
        }
        file.write_all(text.as_bytes())?;
        file.sync_all()
    }

    /// The checkpoints of this installation, the oldest first. A last line that was cut short while it was written is
    /// passed over.
    ///
    /// # Errors
    /// [`CheckpointError`]
    pub fn read(
        &self,
        keyring: &Keyring,
        instance: &str,
    ) -> Result<Vec<Checkpoint>, CheckpointError> {
        let text = fs::read_to_string(&self.path).map_err(|source| self.failed(source))?;
        let mut found = Vec::new();
        let count = text.lines().count();
        for (number, line) in text.lines().enumerate() {
            let whole = number + 1 < count || text.ends_with('\n');
            match parsed(line, keyring, instance) {
                Ok(checkpoint) => found.push(checkpoint),
                Err(_) if !whole || is_torn(line) => {}
                Err(why) => {
                    return Err(CheckpointError::Line {
                        path: self.path.clone(),
                        line: number + 1,
                        why,
                    });
                }
            }
        }
        Ok(found)
    }

    /// Where they are.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn failed(&self, source: io::Error) -> CheckpointError {
        CheckpointError::File {
            path: self.path.clone(),
            source,
        }
    }
}

/// Whether a line is the beginning of one that was never written to its end.
fn is_torn(line: &str) -> bool {
    line.is_empty() || (line.starts_with("{\"v\":1,") && !line.ends_with('}'))
}

/// A line that says how far the trail went, signed with the active key.
#[must_use]
pub fn signed(
    keyring: &Keyring,
    kind: Kind,
    instance: &str,
    at: Timestamp,
    end: NotedRecord,
) -> String {
    let key = keyring.active();
    let mut line = Line {
        v: VERSION,
        kind,
        instance: instance.to_owned(),
        at: at.to_string(),
        seq: end.seq,
        hash: hex::encode(&end.hash),
        key: key.kid().to_owned(),
        mac: String::new(),
    };
    line.mac = hex::encode(&mac(key, &line));
    serde_json::to_string(&line).unwrap_or_default()
}

/// The checkpoint that this line is, or what is wrong with it.
fn parsed(text: &str, keyring: &Keyring, instance: &str) -> Result<Checkpoint, String> {
    let line: Line = serde_json::from_str(text).map_err(|_| "it is not of its form".to_owned())?;
    if line.v != VERSION {
        return Err(format!("its form {} is not known", line.v));
    }
    if line.instance != instance {
        return Err("it names another installation".to_owned());
    }
    let key = keyring.get(&line.key);
    let key =
        key.ok_or_else(|| format!("it names the key {:?}, which the keyring lacks", line.key))?;
    let given = hex::decode::<32>(&line.mac).unwrap_or_default();
    if !bool::from(mac(key, &line).as_slice().ct_eq(&given)) {
        return Err("its signature is wrong".to_owned());
    }
    let hash = hex::decode(&line.hash).ok_or("its hash is none")?;
    Ok(Checkpoint {
        kind: line.kind,
        at: line.at,
        end: NotedRecord {
            seq: line.seq,
            hash,
        },
    })
}

/// The signature: over each part after its length, so that no two lines give the same bytes.
fn mac(key: &Key, line: &Line) -> [u8; 32] {
    let seq = line.seq.to_string();
    let parts = [
        line.kind.word(),
        &line.instance,
        &line.at,
        &seq,
        &line.hash,
        &line.key,
    ];
    let mut bytes = CONTEXT.to_vec();
    for part in parts {
        bytes.extend((part.len() as u64).to_be_bytes());
        bytes.extend(part.as_bytes());
    }
    key.sign_checkpoint(&bytes)
}

/// The records that these checkpoints still vouch for: after a restore, of the later ones that were noted before it none.
#[must_use]
pub fn vouched(checkpoints: &[Checkpoint]) -> Vec<Checkpoint> {
    let mut vouched: Vec<Checkpoint> = Vec::new();
    for checkpoint in checkpoints {
        if checkpoint.kind == Kind::Restored {
            vouched.retain(|earlier| earlier.end.seq <= checkpoint.end.seq);
        }
        vouched.push(checkpoint.clone());
    }
    vouched.retain(|checkpoint| checkpoint.end.seq > 0);
    vouched
}

#[cfg(test)]
mod tests;
