//! Pages of a list: how one is asked for and what comes back.

use serde::{Deserialize, Serialize};

/// The numbers of rows a person can choose from.
pub const PAGE_SIZES: [u32; 5] = [5, 10, 25, 50, 100];
/// The number of rows on a page where nothing was chosen.
pub const DEFAULT_PAGE_SIZE: u32 = 10;

/// Which page of a list, one of the offered sizes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageRequest {
    /// From 1.
    pub number: u32,
    /// Rows on a page, one of [`PAGE_SIZES`].
    pub size: u32,
}

impl PageRequest {
    /// A page from what an address says: nonsense means the first page and the usual size.
    #[must_use]
    pub fn lenient(number: Option<&str>, size: Option<&str>) -> Self {
        let number = number
            .and_then(|text| text.parse().ok())
            .filter(|number| *number > 0)
            .unwrap_or(1);
        Self {
            number,
            size: size.and_then(Self::offered).unwrap_or(DEFAULT_PAGE_SIZE),
        }
    }

    /// The number of rows that a text names, if it is one that is offered.
    #[must_use]
    pub fn offered(text: &str) -> Option<u32> {
        let size = text.parse().ok();
        size.filter(|size| PAGE_SIZES.contains(size))
    }
}

impl Default for PageRequest {
    fn default() -> Self {
        Self {
            number: 1,
            size: DEFAULT_PAGE_SIZE,
        }
    }
}

/// How many rows there are in all, as far as that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Total {
    /// So many.
    Exact(u64),
    /// So many or more: counting all of them would have taken too long.
    AtLeast(u64),
}

impl Total {
    /// The number, when it is known.
    #[must_use]
    pub const fn exact(self) -> Option<u64> {
        match self {
            Self::Exact(total) => Some(total),
            Self::AtLeast(_) => None,
        }
    }

    /// The number that it is not below.
    #[must_use]
    pub const fn at_least(self) -> u64 {
        match self {
            Self::Exact(total) | Self::AtLeast(total) => total,
        }
    }
}

/// One page of rows, and where it lies in the whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page<T> {
    /// The rows, at most `size` of them.
    pub rows: Vec<T>,
    /// The page that these are: the last one, when a later one was asked for.
    pub number: u32,
    /// Rows on a full page.
    pub size: u32,
    /// Rows on all pages together.
    pub total: Total,
    /// Whether there is a page after this one.
    pub more: bool,
}

impl<T> Page<T> {
    /// How many pages there are, at least one; `None` while that is not known.
    #[must_use]
    pub fn pages(&self) -> Option<u32> {
        self.total.exact().map(|total| pages(total, self.size))
    }

    /// The places of the first and last row in the whole, from 1; `None` on an empty list.
    #[must_use]
    pub fn span(&self) -> Option<(u64, u64)> {
        let shown = u64::try_from(self.rows.len()).unwrap_or(0);
        let before = u64::from(self.number - 1) * u64::from(self.size);
        (shown > 0).then_some((before + 1, before + shown))
    }

    /// The same page with each row made into something else.
    #[must_use]
    pub fn map<U>(self, make: impl FnMut(T) -> U) -> Page<U> {
        Page {
            rows: self.rows.into_iter().map(make).collect(),
            number: self.number,
            size: self.size,
            total: self.total,
            more: self.more,
        }
    }

    /// The same page with each row made into something else, unless that fails for one.
    ///
    /// # Errors
    /// The first failure.
    pub fn try_map<U, E>(self, make: impl FnMut(T) -> Result<U, E>) -> Result<Page<U>, E> {
        Ok(Page {
            rows: self.rows.into_iter().map(make).collect::<Result<_, _>>()?,
            number: self.number,
            size: self.size,
            total: self.total,
            more: self.more,
        })
    }
}

/// How many pages of `size` rows `total` rows fill, at least one.
#[must_use]
pub fn pages(total: u64, size: u32) -> u32 {
    u32::try_from(total.div_ceil(u64::from(size.max(1))))
        .unwrap_or(u32::MAX)
        .max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nonsense_in_an_address_means_the_first_page_of_the_usual_size() {
        for (number, size) in [
            ("0", "7"),
            ("-1", "0"),
            ("x", "1000000000"),
            ("99999999999", ""),
        ] {
            assert_eq!(
                PageRequest::lenient(Some(number), Some(size)),
                PageRequest::default()
            );
        }
        assert_eq!(
            PageRequest::lenient(Some("3"), Some("25")),
            PageRequest {
                number: 3,
                size: 25
            }
        );
    }

    #[test]
    fn a_page_knows_its_place() {
        let page = Page {
            rows: vec![(); 7],
            number: 4,
            size: 10,
            total: Total::Exact(37),
            more: false,
        };
        assert_eq!((page.pages(), page.span()), (Some(4), Some((31, 37))));
        let empty = Page::<()> {
            rows: vec![],
            number: 1,
            size: 10,
            total: Total::Exact(0),
            more: false,
        };
        assert_eq!((empty.pages(), empty.span()), (Some(1), None));
        let uncounted = Page {
            total: Total::AtLeast(41),
            more: true,
            ..page
        };
        assert_eq!(uncounted.pages(), None);
    }
}
