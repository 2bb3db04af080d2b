//! The `order` of a query. Whether a resource can be ordered by a path is not known here.

use super::LIST_MAX;
use super::error::{RqlError, message};
use super::path::Path;
use super::token::{signed, trim};

/// One key of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderKey {
    /// The property.
    pub path: Path,
    /// From the greatest to the least.
    pub descending: bool,
}

/// Reads the decoded text of an order. Blank text is none; empty places between commas are passed over.
///
/// # Errors
/// Nothing that could be a key, or every key that is no path.
pub fn parse_order(text: &str) -> Result<Vec<OrderKey>, Vec<RqlError>> {
    if trim(text).is_empty() {
        return Ok(Vec::new());
    }
    let (mut keys, mut errors) = (Vec::new(), Vec::new());
    for (descending, name) in text.split(',').map(signed) {
        match Path::read(name) {
            Ok(path) => keys.push(OrderKey { path, descending }),
            Err(_) if name.is_empty() => {}
            Err(error) => errors.push(error),
        }
    }
    if keys.is_empty() {
        return Err(vec![RqlError::new("order:no_props", message::NO_ORDER)]);
    }
    if keys.len() > LIST_MAX {
        let many = format!("more than {LIST_MAX} keys in the order");
        return Err(vec![RqlError::syntax(many)]);
    }
    if errors.is_empty() {
        Ok(keys)
    } else {
        Err(errors)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        match parse_order(text) {
            Ok(keys) => keys
                .iter()
                .map(|key| format!("{}{}", if key.descending { '-' } else { '+' }, key.path))
                .collect::<Vec<_>>()
                .join(" "),
            Err(errors) => errors
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join(" | "),
        }
    }

    #[test]
    fn signs_say_the_direction() {
        for (text, keys) in [
            ("-audit.created.at,name", "-audit.created.at +name"),
            ("+Name, id", "+Name +id"),
            ("  ", ""),
            ("name,,", "+name"),
            (
                "foo(name)",
                "order:no_props: No valid ordering properties were detected",
            ),
            (
                ",",
                "order:no_props: No valid ordering properties were detected",
            ),
            (
                "-",
                "order:no_props: No valid ordering properties were detected",
            ),
            (
                "name,a..b,'x'",
                "a..b: Invalid property path. | 'x': Invalid property path.",
            ),
        ] {
            assert_eq!(read(text), keys, "{text}");
        }
    }
}
