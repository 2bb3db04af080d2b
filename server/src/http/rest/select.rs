//! Which members of an object go out: those of its kind by default, more or fewer as the caller says.
//!
//! Owns what `select` means. A name that does not exist is passed over; `id` always stays, for clients rely on it.

use app::rql::SelectNode;
use serde_json::{Map, Value};

/// The members of a kind of object.
pub struct Shape {
    /// All of them, at the top.
    pub names: &'static [&'static str],
    /// Those that go out only when they are asked for.
    pub omitted: &'static [&'static str],
    /// Members that are other objects, of which only these members go out unless more is asked for.
    pub summaries: &'static [(&'static str, &'static [&'static str])],
}

/// What remains when nothing is said of an object inside.
#[derive(Clone, Copy)]
enum Base {
    All,
    Only(&'static [&'static str]),
    Nothing,
}

impl Base {
    fn has(self, name: &str) -> bool {
        match self {
            Self::All => true,
            Self::Only(names) => names.contains(&name),
            Self::Nothing => false,
        }
    }
}

impl Shape {
    /// The object with the members that are asked for.
    pub fn pick(&self, select: &SelectNode, object: Value) -> Map<String, Value> {
        let Value::Object(object) = object else {
            return Map::new();
        };
        let kept = object
            .into_iter()
            .filter(|(name, _)| self.keeps(select, name));
        kept.map(|(name, value)| {
            let summary = self.summaries.iter().find(|(of, _)| *of == name);
            let base = summary.map_or(Base::All, |(_, names)| Base::Only(names));
            let value = match select.child(&name) {
                Some(node) => within(node, base, value),
                None => inner(None, base, value),
            };
            (name, value)
        })
        .collect()
    }

    /// The names at the top that were left out by default or because the caller said so.
    pub fn left_out(&self, select: &SelectNode) -> Vec<&'static str> {
        let names = self.names.iter().copied();
        names.filter(|name| !self.keeps(select, name)).collect()
    }

    /// Whether a member at the top goes out. To ask for it beats not to want it, in whatever order the two stand.
    pub fn keeps(&self, select: &SelectNode, name: &str) -> bool {
        let node = select.child(name);
        let wanted = node.is_some_and(|node| node.include || asks(node));
        let unwanted = node.is_some_and(|node| node.exclude);
        let usual = select.star.unwrap_or(!self.omitted.contains(&name));
        name == "id" || wanted || (usual && !unwanted)
    }
}

/// Whether something inside is asked for.
fn asks(node: &SelectNode) -> bool {
    node.star == Some(true)
        || node
            .children
            .values()
            .any(|child| child.include || asks(child))
}

/// A member of which the caller says something.
fn within(node: &SelectNode, base: Base, value: Value) -> Value {
    let base = match (node.include, node.star, asks(node)) {
        (true, _, _) | (_, Some(true), _) => Base::All,
        (_, Some(false), _) | (_, _, true) => Base::Nothing,
        _ => base,
    };
    inner(Some(node), base, value)
}

fn inner(node: Option<&SelectNode>, base: Base, value: Value) -> Value {
    match value {
        Value::Array(items) => Value::Array(
            items
                .into_iter()
                .map(|item| inner(node, base, item))
                .collect(),
        ),
        Value::Object(members) => {
            let child = |name: &str| node.and_then(|node| node.child(name));
            let keeps = |name: &str| {
                let wanted = child(name).is_some_and(|child| child.include || asks(child));
                let unwanted = child(name).is_some_and(|child| child.exclude);
                name == "id" || wanted || (base.has(name) && !unwanted)
            };
            let members = members.into_iter().filter(|(name, _)| keeps(name));
            Value::Object(
                members
                    .map(|(name, value)| match child(&name) {
                        Some(node) => {
                            let value = within(node, Base::All, value);
                            (name, value)
                        }
                        None => (name, value),
                    })
                    .collect(),
            )
        }
        plain => plain,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use app::rql::Select;
    use proptest::prelude::*;
    use serde_json::json;

    const SHAPE: Shape = Shape {
        names: &["id", "name", "description", "modules", "audit"],
        omitted: &["audit"],
        summaries: &[("modules", &["id", "name"])],
    };

    fn picked(text: &str) -> (Value, Vec<&'static str>) {
        let select = Select::parse(text).unwrap();
        let object = json!({
            "id": 1, "name": "n", "description": "d",
            "modules": [{"id": "M", "name": "m", "code": "c"}],
            "audit": {"created": {"at": "t", "by": {"id": "U", "name": "u"}}, "updated": {"at": "v"}},
        });
        let picked = SHAPE.pick(select.root(), object);
        (Value::Object(picked), SHAPE.left_out(select.root()))
    }

    #[test]
    fn the_cases_of_the_contract() {
        let audit =
            json!({"created": {"at": "t", "by": {"id": "U", "name": "u"}}, "updated": {"at": "v"}});
        let short = json!([{"id": "M", "name": "m"}]);
        let whole = json!([{"id": "M", "name": "m", "code": "c"}]);
        for (text, want, omitted) in [
            (
                "",
                json!({"id": 1, "name": "n", "description": "d", "modules": short}),
                vec!["audit"],
            ),
            (
                "-description",
                json!({"id": 1, "name": "n", "modules": short}),
                vec!["description", "audit"],
            ),
            (
                "+audit",
                json!({"id": 1, "name": "n", "description": "d", "modules": short, "audit": audit}),
                vec![],
            ),
            (
                "audit",
                json!({"id": 1, "name": "n", "description": "d", "modules": short, "audit": audit}),
                vec![],
            ),
            (
                "id,name,-*",
                json!({"id": 1, "name": "n"}),
                vec!["description", "modules", "audit"],
            ),
            (
                "-*,name",
                json!({"id": 1, "name": "n"}),
                vec!["description", "modules", "audit"],
            ),
            (
                "-id,-name",
                json!({"id": 1, "description": "d", "modules": short}),
                vec!["name", "audit"],
            ),
            (
                "name,-name,-*",
                json!({"id": 1, "name": "n"}),
                vec!["description", "modules", "audit"],
            ),
            (
                "bogus",
                json!({"id": 1, "name": "n", "description": "d", "modules": short}),
                vec!["audit"],
            ),
            (
                "-*,modules",
                json!({"id": 1, "modules": whole}),
                vec!["name", "description", "audit"],
            ),
            (
                "-*,modules.code",
                json!({"id": 1, "modules": [{"id": "M", "code": "c"}]}),
                vec!["name", "description", "audit"],
            ),
            (
                "-*,modules(*,-name)",
                json!({"id": 1, "modules": [{"id": "M", "code": "c"}]}),
                vec!["name", "description", "audit"],
            ),
            (
                "-modules.name",
                json!({"id": 1, "name": "n", "description": "d", "modules": [{"id": "M"}]}),
                vec!["audit"],
            ),
            (
                "-*,audit.created.at",
                json!({"id": 1, "audit": {"created": {"at": "t"}}}),
                vec!["name", "description", "modules"],
            ),
            (
                "*",
                json!({"id": 1, "name": "n", "description": "d", "modules": short, "audit": audit}),
                vec![],
            ),
        ] {
            assert_eq!(picked(text), (want, omitted), "{text}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_selected_the_id_stays(text in "[-+ ]?(id|name|modules|audit|\\*|modules\\.id|audit\\.\\*|x)(,[-+]?(id|name|\\*|audit\\.created)){0,4}") {
            let (object, _) = picked(&text);
            prop_assert_eq!(&object["id"], &json!(1));
        }
    }
}
