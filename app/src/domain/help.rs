//! A help page as it is sent, and the signs in its texts: `*What stands on the screen*`, a key between backticks, and
//! `[A page]`.

use serde::{Deserialize, Serialize};

/// A help page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HelpPage {
    /// The task, as in `Edit an API token`.
    pub title: String,
    /// What is said of it.
    pub parts: Vec<HelpPart>,
    /// All help pages: address and task.
    pub all: Vec<(String, String)>,
}

/// A part of a help page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum HelpPart {
    /// A heading.
    Head(String),
    /// A paragraph.
    Text(String),
    /// What to do, one after the other.
    Steps(Vec<String>),
    /// What may matter, in no order.
    Points(Vec<String>),
}

impl HelpPart {
    /// Its texts.
    #[must_use]
    pub fn texts(&self) -> &[String] {
        match self {
            Self::Head(text) | Self::Text(text) => std::slice::from_ref(text),
            Self::Steps(texts) | Self::Points(texts) => texts,
        }
    }
}
