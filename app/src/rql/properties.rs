//! What holds for any text and any tree.

use proptest::prelude::*;

use super::{
    Comparison, EXCERPT_MAX, Expr, Item, Operand, Path, Pattern, QUERY_MAX, Query, Select, parse,
    parse_order,
};

/// Text of the characters that mean something, which reaches further than any text.
fn likely() -> impl Strategy<Value = String> {
    let part = prop::sample::select(vec![
        "and(", "or(", "not(", "eq(", "in(", "like(", "any(", "all(", "self(", "null()", "empty()",
        "name", "a.b", "'", "\"", "(", ")", ",", "&", ";", "|", "=", "*", "\\", " ", "+", "-",
        "%27", "%22", "%2", "%00", "ü", "order=", "select=", "limit=", "render()", ".",
    ]);
    prop::collection::vec(part, 0..40).prop_map(|parts| parts.concat())
}

fn path() -> impl Strategy<Value = Path> {
    prop::collection::vec("[a-zA-Z$;*-]{1,3}( [a-z]|ü)?", 1..=3)
        .prop_map(|names| Path::read(&names.join(".").replace(';', "_")).unwrap())
}

/// A value that can be written: with one kind of quotes at most.
fn value() -> impl Strategy<Value = String> {
    prop_oneof!["[^']{0,6}", "[^\"]{0,6}", r"[*\\a]{0,6}"]
        .prop_map(|text: String| text.replace('\0', ""))
}

fn operand() -> impl Strategy<Value = Operand> {
    prop_oneof![
        "[a-z0-9.*-]([a-z %]{0,3}[a-z*])?".prop_map(Operand::Bare),
        value().prop_map(Operand::Quoted),
        Just(Operand::Null),
        Just(Operand::Empty),
        path().prop_map(Operand::Property),
        Just(Operand::Property(Path::element())),
    ]
}

fn leaf() -> impl Strategy<Value = Expr> {
    let op = prop::sample::select(Comparison::ALL.to_vec());
    let left = prop_oneof![path(), Just(Path::element())];
    let item = prop_oneof![value().prop_map(Item::Value), Just(Item::Empty)];
    prop_oneof![
        (left, op, operand()).prop_map(|(left, op, right)| Expr::Compare { left, op, right }),
        (path(), value(), any::<bool>()).prop_map(|(left, text, fold)| {
            let pattern = Pattern::read(&text);
            Expr::Like {
                left,
                pattern,
                fold,
            }
        }),
        (path(), prop::collection::vec(item, 1..4), any::<bool>()).prop_map(
            |(left, values, negated)| Expr::In {
                left,
                values,
                negated,
            }
        ),
        path().prop_map(|collection| Expr::Any {
            collection,
            condition: None,
        }),
    ]
}

fn expr() -> impl Strategy<Value = Expr> {
    leaf().prop_recursive(6, 40, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..4).prop_map(Expr::And),
            prop::collection::vec(inner.clone(), 1..4).prop_map(Expr::Or),
            inner.clone().prop_map(|inner| Expr::Not(Box::new(inner))),
            (path(), inner.clone()).prop_map(|(collection, condition)| Expr::Any {
                collection,
                condition: Some(Box::new(condition)),
            }),
            (path(), inner).prop_map(|(collection, condition)| Expr::All {
                collection,
                condition: Box::new(condition),
            }),
        ]
    })
}

/// Everything there is to read is read. What is refused is told, and briefly; what is accepted is written and read again.
fn read_everything(text: &str) {
    for error in Query::parse(text).err().into_iter().flatten() {
        assert!(error.key.chars().count() <= EXCERPT_MAX + 1);
        assert!(error.message.chars().count() <= EXCERPT_MAX + 100);
    }
    let _ = (parse_order(text), Select::parse(text));
    match parse(text) {
        Ok(Some(expr)) => {
            let written = expr.to_string();
            // Written out, a filter is longer than with shortcuts.
            if written.len() <= QUERY_MAX {
                assert_eq!(parse(&written), Ok(Some(expr)), "{written}");
            }
        }
        Ok(None) => assert!(text.trim().is_empty()),
        Err(errors) => assert!(!errors.is_empty()),
    }
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in any::<String>()) {
        read_everything(&text);
    }

    #[test]
    fn likely_text_is_read_or_refused(text in likely()) {
        read_everything(&text);
    }

    #[test]
    fn printed_tree_is_read_as_the_same_tree(expr in expr()) {
        prop_assert_eq!(parse(&expr.to_string()), Ok(Some(expr)));
    }
}

#[test]
fn sixteen_kilobytes_of_one_thing_are_read_in_time() {
    for part in [
        "'", "''", "'\"", "*", "(", ")", "()", "(),", "+", "-", "=", "==", "a=", ",", "&", "|",
        " ", ".", "a.", "a(", "a(),", "\\*", "%27", "%", "%2", "&&'", "a=1,", "a=1|", "ü",
        "null(),", "-a,", "a(b,",
    ] {
        let text = part.repeat(QUERY_MAX / part.len());
        read_everything(&text);
        for (before, after) in [
            ("order=", ""),
            ("select=", ""),
            ("like(a,", ")"),
            ("in(a,(", "))"),
            ("a='", "'"),
        ] {
            let room = QUERY_MAX - before.len() - after.len();
            let text = part.repeat(room / part.len());
            read_everything(&format!("{before}{text}{after}"));
        }
    }
}

#[test]
fn deepest_tree_is_written_and_read_again() {
    let list = format!("{}in(a,(empty())){}", "not(".repeat(63), ")".repeat(63));
    let either = format!("{}a=1{}", "(b=2|c=3,".repeat(31), ")".repeat(31));
    for text in [list, either] {
        let expr = parse(&text).unwrap().unwrap();
        assert_eq!(parse(&expr.to_string()), Ok(Some(expr)));
    }
    let deeper = format!("{}a=1{}", "(b=2|c=3,".repeat(32), ")".repeat(32));
    assert!(parse(&deeper).is_err());
}
