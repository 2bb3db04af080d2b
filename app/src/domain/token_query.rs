//! What the list of tokens is asked for: a page, orders, a search and a filter, and what of it is shown.

use super::{grid::Layout, page::PageRequest};
use serde::{Deserialize, Serialize};

/// A column that the list can be sorted by, under the name that REST gives the field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "each variant is the column of that name")]
pub enum TokenColumn {
    Name,
    CreatedBy,
    CreatedAt,
    LastAccess,
    Status,
}

impl TokenColumn {
    /// Every sortable column.
    pub const ALL: [Self; 5] = [
        Self::Name,
        Self::CreatedBy,
        Self::CreatedAt,
        Self::LastAccess,
        Self::Status,
    ];

    /// The field's name in an address, as REST names it.
    #[must_use]
    pub const fn path(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::CreatedBy => "audit.created.by.name",
            Self::CreatedAt => "audit.created.at",
            Self::LastAccess => "lastAccessAt",
            Self::Status => "status",
        }
    }

    /// The words over the column.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Name => "API token",
            Self::CreatedBy => "Created by",
            Self::CreatedAt => "Date created",
            Self::LastAccess => "Last access",
            Self::Status => "Status",
        }
    }
}

/// A column by which the list is sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenOrder {
    /// Which column.
    pub column: TokenColumn,
    /// From large to small.
    pub descending: bool,
}

impl TokenOrder {
    /// The usual order: newest first.
    pub const USUAL: Self = Self {
        column: TokenColumn::CreatedAt,
        descending: true,
    };

    /// A path, with `-` before it for descending.
    fn read(text: &str) -> Option<Self> {
        let (descending, path) = text
            .strip_prefix('-')
            .map_or((false, text), |path| (true, path));
        let column = TokenColumn::ALL
            .into_iter()
            .find(|column| column.path() == path)?;
        Some(Self { column, descending })
    }

    fn to_text(self) -> String {
        let sign = if self.descending { "-" } else { "" };
        format!("{sign}{}", self.column.path())
    }
}

/// The columns by which the list is sorted, the most important first, none of them twice. Ties are broken by id, so that
/// pages never overlap. None stands for the usual order.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct TokenOrders(Vec<TokenOrder>);

impl TokenOrders {
    /// These columns; a column that comes again is left out.
    pub fn new(orders: impl IntoIterator<Item = TokenOrder>) -> Self {
        let mut kept: Vec<TokenOrder> = Vec::new();
        for order in orders {
            if !kept.iter().any(|other| other.column == order.column) {
                kept.push(order);
            }
        }
        if kept == [TokenOrder::USUAL] {
            kept.clear();
        }
        Self(kept)
    }

    /// The orders in an address, separated by commas. What is none is left out.
    #[must_use]
    pub fn lenient(text: &str) -> Self {
        Self::new(text.split(',').filter_map(TokenOrder::read))
    }

    /// The same orders as an address says them; empty for the usual one.
    #[must_use]
    pub fn to_text(&self) -> String {
        let orders: Vec<_> = self.0.iter().map(|order| order.to_text()).collect();
        orders.join(",")
    }

    /// The parts of an address's text that are no orders.
    #[must_use]
    pub fn unknown(text: &str) -> Vec<String> {
        let parts = text.split(',').filter(|part| !part.is_empty());
        parts
            .filter(|part| TokenOrder::read(part).is_none())
            .map(str::to_owned)
            .collect()
    }

    /// Every column that sorts, the usual one when none was chosen.
    #[must_use]
    pub fn sorted(&self) -> Vec<TokenOrder> {
        if self.0.is_empty() {
            vec![TokenOrder::USUAL]
        } else {
            self.0.clone()
        }
    }

    /// The columns that were chosen.
    #[must_use]
    pub fn chosen(&self) -> &[TokenOrder] {
        &self.0
    }
}

/// What the list asks for.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct TokenQuery {
    /// Which page.
    pub page: PageRequest,
    /// Whether the address says how many rows a page has. Otherwise it is as many as the person last chose, and links
    /// leave it open as well.
    #[serde(skip)]
    pub sized: bool,
    /// In which order.
    pub order: TokenOrders,
    /// Text to find in names and ids, in any case; empty for all.
    pub search: String,
    /// A filter in the query language that programs use too; empty for all. Deleted tokens are left out unless it says
    /// something of the status.
    pub filter: String,
    /// Which columns are shown. The rows are the same for each.
    #[serde(skip)]
    pub layout: Layout,
    /// The id of the saved view that the list was opened by; empty for none. The rows are the same for each.
    #[serde(skip)]
    pub view: String,
}

impl TokenQuery {
    /// What the rows depend on.
    #[must_use]
    pub fn rows(&self) -> Self {
        Self {
            sized: false,
            layout: Layout::default(),
            view: String::new(),
            ..self.clone()
        }
    }

    /// The same list from its first page.
    #[must_use]
    pub fn from_start(&self) -> Self {
        Self {
            page: PageRequest {
                number: 1,
                ..self.page
            },
            ..self.clone()
        }
    }

    /// Whether it leaves tokens out.
    #[must_use]
    pub fn is_narrowed(&self) -> bool {
        !self.search.is_empty() || !self.filter.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_reads_as_it_is_written_and_nonsense_is_left_out() {
        for column in TokenColumn::ALL {
            for descending in [false, true] {
                let orders = TokenOrders::new([TokenOrder { column, descending }]);
                assert_eq!(TokenOrders::lenient(&orders.to_text()), orders);
            }
        }
        for nonsense in ["", "-", "--name", "token", ",", "name status"] {
            assert_eq!(TokenOrders::lenient(nonsense), TokenOrders::default());
        }
        let several = "status,-lastAccessAt,token,-status,name";
        let orders = TokenOrders::lenient(several);
        assert_eq!(orders.to_text(), "status,-lastAccessAt,name");
        assert_eq!(TokenOrders::unknown(several), ["token"]);
    }

    #[test]
    fn the_usual_order_is_no_choice() {
        assert_eq!(
            TokenOrders::new([TokenOrder::USUAL]),
            TokenOrders::default()
        );
        assert_eq!(TokenOrders::default().sorted(), [TokenOrder::USUAL]);
    }
}
