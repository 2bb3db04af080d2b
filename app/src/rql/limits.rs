//! What stands beside a filter in a query, and how much of everything is read.

use super::conformance::{check, filter, told};
use super::{Query, parse};

#[test]
fn other_parts_are_taken_out_of_the_filter() {
    check(&[
        ("limit=10&offset=20&order=-a&select=b&render()", ""),
        ("LIMIT=10&a=1&Order=", "eq(a,1)"),
        ("render%28%29=&a=1", "eq(a,1)"),
        ("a=1,render()", "render: Unknown expression group."),
        (
            "limit=x&offset=1.5&a",
            "a: Expression expected. | limit: Cannot convert value: 'x'. | offset: Cannot convert value: '1.5'.",
        ),
        (
            "order=foo(name)",
            "order:no_props: No valid ordering properties were detected",
        ),
        (
            "limit=99999999999999999999",
            "limit: Cannot convert value: '99999999999999999999'.",
        ),
        ("select=a(b", "select: missing ) at position 4"),
    ]);
    let query =
        Query::parse("limit=-1&order=%2Bname&order=-id&limit=5&offset=+7&select=%2Baudit").unwrap();
    assert_eq!(
        (query.limit, query.offset, query.render),
        (Some(-1), Some(7), false)
    );
    assert_eq!(query.order.len(), 1);
    assert!(!query.order[0].descending && query.order[0].path.to_string() == "name");
    assert!(query.select.root().child("audit").unwrap().include);
    assert!(Query::parse("a=1&render()").unwrap().render);
    assert_eq!(Query::parse("order=&select=").unwrap(), Query::default());
}

#[test]
fn limits_are_errors_and_what_is_within_them_works() {
    let ids = vec!["'TKN-0000-0000'"; 500].join(",");
    assert!(filter(&format!("in(id,({ids}))")).starts_with("in(id,("));
    let nots = |count: usize| {
        told(
            &parse(&format!("{}a=1{}", "not(".repeat(count), ")".repeat(count)))
                .err()
                .unwrap_or_default(),
        )
    };
    assert_eq!(nots(50), "");
    assert_eq!(nots(63), "");
    assert_eq!(nots(64), "rql_syntax: nested too deeply at position 257");
    assert!(nots(2000).starts_with("rql_syntax: nested too deeply"));
    assert!(nots(5000).starts_with("rql_syntax: The query is longer than 16384 bytes."));
    assert!(filter(&"not(".repeat(4000)).contains("nested too deeply"));
    assert!(filter(&"(".repeat(16384)).contains("nested too deeply"));
    let many = |text: &str, count: usize| vec![text; count].join(",");
    assert!(filter(&many("a=1", 999)).starts_with("and("));
    assert!(filter(&many("a=1", 1000)).contains("more than 1000 expressions"));
    assert!(filter(&format!("in(a,({}))", many("b", 1000))).starts_with("in("));
    assert!(filter(&format!("in(a,({}))", many("b", 1001))).contains("more than 1000 values"));
    assert!(filter(&format!("order={}", many("b", 1001))).contains("more than 1000 keys"));
    assert!(filter("a.b.c.d.e.f.g.h.i=1").starts_with("rql_syntax: more than 8 names"));
    let long = filter(&format!("{}(x)", "ü".repeat(4000)));
    assert_eq!(
        long,
        format!("{}…: Unknown expression group.", "ü".repeat(100))
    );
}
