//! How a grid is laid out: which of its columns are shown, in which order, how wide, and how an address says so.

use serde::{Deserialize, Serialize};

/// The narrowest and the widest that a column can be made, in pixels.
pub const WIDTH_MIN: u16 = 80;
/// The widest.
pub const WIDTH_MAX: u16 = 800;

/// A column that is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShownColumn {
    /// Its key, as the grid that has it calls it.
    pub key: String,
    /// Its width in pixels; as its content wants it, without.
    pub width: Option<u16>,
}

/// How wide columns are that have no width of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Fit {
    /// As the design has them.
    #[default]
    Usual,
    /// As wide as what stands in them, however wide the grid becomes.
    Content,
    /// All columns together as wide as the screen, each with the same share.
    Screen,
}

impl Fit {
    /// Every one, in the order of the menu.
    pub const ALL: [Self; 3] = [Self::Usual, Self::Content, Self::Screen];

    /// The words of the menu.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Usual => "Default size",
            Self::Content => "Fit to content",
            Self::Screen => "Fit to screen",
        }
    }

    /// The word in an address, and the class of the grid.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Usual => "",
            Self::Content => "content",
            Self::Screen => "screen",
        }
    }

    /// The fit that an address names; nonsense means the usual one.
    #[must_use]
    pub fn lenient(text: &str) -> Self {
        let mut all = Self::ALL.into_iter();
        all.find(|fit| fit.as_str() == text).unwrap_or_default()
    }
}

/// How a grid is laid out.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Layout {
    /// The columns that are shown, from the left; none stands for the usual ones. Columns that always stay need not be
    /// named.
    pub columns: Vec<ShownColumn>,
    /// How wide the others are.
    pub fit: Fit,
}

impl Layout {
    /// The columns in an address: keys separated by commas, each with `~` and a width behind it if it has one. A key that
    /// comes again is left out; whether there is such a column, the grid knows.
    #[must_use]
    pub fn lenient(columns: &str, fit: &str) -> Self {
        let mut kept: Vec<ShownColumn> = Vec::new();
        for part in columns.split(',') {
            let (key, width) = part.split_once('~').unwrap_or((part, ""));
            let fresh = !kept.iter().any(|column| column.key == key);
            if fresh && !key.is_empty() {
                let width = width.parse::<u32>().ok();
                let width = width.map(|width| width.clamp(WIDTH_MIN.into(), WIDTH_MAX.into()));
                kept.push(ShownColumn {
                    key: key.to_owned(),
                    width: width.and_then(|width| u16::try_from(width).ok()),
                });
            }
        }
        Self {
            columns: kept,
            fit: Fit::lenient(fit),
        }
    }

    /// The columns as an address says them; empty for the usual ones.
    #[must_use]
    pub fn columns_text(&self) -> String {
        let columns = self.columns.iter().map(|column| match column.width {
            Some(width) => format!("{}~{width}", column.key),
            None => column.key.clone(),
        });
        columns.collect::<Vec<_>>().join(",")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_layout_reads_as_it_is_written() {
        let text = "modules,status~120,createdBy";
        let layout = Layout::lenient(text, "screen");
        assert_eq!(layout.columns.len(), 3);
        assert_eq!(layout.columns[1].width, Some(120));
        assert_eq!(layout.columns_text(), text);
        assert_eq!(Fit::lenient(layout.fit.as_str()), Fit::Screen);
    }

    #[test]
    fn nonsense_in_a_layout_is_left_out() {
        assert_eq!(Layout::lenient("", "wide"), Layout::default());
        let layout = Layout::lenient(",a~1,a~300,b~x,c~99999,", "");
        assert_eq!(layout.columns_text(), "a~80,b,c~800");
    }
}
