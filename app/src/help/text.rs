//! How a help page is written: parts with texts in which a few signs stand for bold words, keys and links.

use crate::domain::help::HelpPart;

/// A part of a help page.
pub enum Part {
    /// A heading.
    Head(&'static str),
    /// A paragraph.
    Text(&'static str),
    /// What to do, one after the other.
    Steps(&'static [&'static str]),
    /// What may matter, in no order.
    Points(&'static [&'static str]),
}

impl From<&Part> for HelpPart {
    fn from(part: &Part) -> Self {
        let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        match part {
            Part::Head(text) => Self::Head((*text).to_owned()),
            Part::Text(text) => Self::Text((*text).to_owned()),
            Part::Steps(steps) => Self::Steps(texts(steps)),
            Part::Points(points) => Self::Points(texts(points)),
        }
    }
}
