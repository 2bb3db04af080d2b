//! What the platform's own queries have to mean, as far as it can be seen without the fields of a resource.

use super::{Expr, Query, RqlError};

/// The filter in canonical text, or the faults, `key: message` each.
pub(super) fn filter(raw: &str) -> String {
    match Query::parse(raw) {
        Ok(query) => query
            .filter
            .as_ref()
            .map_or_else(String::new, Expr::to_string),
        Err(errors) => told(&errors),
    }
}

pub(super) fn told(errors: &[RqlError]) -> String {
    let errors: Vec<_> = errors.iter().map(ToString::to_string).collect();
    errors.join(" | ")
}

/// Checks every row before it fails, and tells of all that differ.
pub(super) fn check(rows: &[(&str, &str)]) {
    let wrong: Vec<_> = rows
        .iter()
        .map(|(raw, wanted)| (raw, wanted, filter(raw)))
        .filter(|(_, wanted, found)| found != *wanted)
        .map(|(raw, wanted, found)| format!("{raw}\n  wanted {wanted}\n  found  {found}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn equality_and_its_shortcut() {
    check(&[
        ("", ""),
        ("name=Robot", "eq(name,Robot)"),
        ("eq(name,Robot)", "eq(name,Robot)"),
        ("name=CRM+robot", "eq(name,CRM robot)"),
        ("eq(id,'TKN-8857-1729')", "eq(id,'TKN-8857-1729')"),
        (
            "eq(account.id,%22ACC-9042-0088%22)",
            "eq(account.id,'ACC-9042-0088')",
        ),
        ("eq(ACCOUNT.Id,x)", "eq(ACCOUNT.Id,x)"),
        ("eq(name,'')", "eq(name,'')"),
        ("name=empty()", "eq(name,empty())"),
        ("eq(description,null())", "eq(description,null())"),
        ("ne(description,empty())", "ne(description,empty())"),
        (
            "description=null()&status=Active",
            "and(eq(description,null()),eq(status,Active))",
        ),
        ("name=", "name: Expression expected."),
        ("=x", "rql_validation: Invalid property path."),
        (
            "status=eq=Active",
            "rql_syntax: Invalid equals shortcut expression at position 1",
        ),
        (
            "name=(a,b)",
            "rql_syntax: Invalid equals shortcut expression at position 1",
        ),
        (
            "rql=eq(a,b)",
            "rql_syntax: Invalid equals shortcut expression at position 1",
        ),
        (
            "rql=(eq(a,b))",
            "rql_syntax: Invalid equals shortcut expression at position 1",
        ),
    ]);
}

#[test]
fn comparisons_whatever_the_types() {
    check(&[
        ("gt(revision,3)", "gt(revision,3)"),
        ("lt(revision,-3)", "lt(revision,-3)"),
        ("gt(revision,abc)", "gt(revision,abc)"),
        (
            "gt(revision,99999999999999999999)",
            "gt(revision,99999999999999999999)",
        ),
        ("gt(name,M)", "gt(name,M)"),
        (
            "ge(audit.created.at,'2026-01-02T03%3A04%3A05.678000%2B00%3A00')",
            "ge(audit.created.at,'2026-01-02T03:04:05.678000+00:00')",
        ),
        (
            "lt(audit.created.at,'2026-01-01')",
            "lt(audit.created.at,'2026-01-01')",
        ),
        (
            "ge(audit.created.at,'2026-01-01T02%3A03%3A04.000005')",
            "ge(audit.created.at,'2026-01-01T02:03:04.000005')",
        ),
        (
            "ge(audit.created.at,yesterday)",
            "ge(audit.created.at,yesterday)",
        ),
        ("lt(lastAccessAt,null())", "lt(lastAccessAt,null())"),
        ("eq(name,description)", "eq(name,description)"),
        ("eq(name,self(description))", "eq(name,self(description))"),
        ("eq(self(name),x)", "eq(name,x)"),
        (
            "eq(name,eq(a,b))",
            "rql_validation: Unsupported argument type.",
        ),
        ("eq(name,1e%2B30)", "eq(name,1e+30)"),
        ("LE(a,1),Ne(b,'c')", "and(le(a,1),ne(b,'c'))"),
    ]);
}

#[test]
fn lists() {
    check(&[
        (
            "in(status,(Active,Disabled))",
            "in(status,('Active','Disabled'))",
        ),
        ("in(id,('TKN-1'))", "in(id,('TKN-1'))"),
        ("in(status,Active)", "in(status,('Active'))"),
        (
            "in(id,())",
            "rql_validation: Value has to be a non empty array.",
        ),
        (
            "in(status,(empty(),Active))",
            "in(status,(empty(),'Active'))",
        ),
        ("out(status,(Deleted))", "out(status,('Deleted'))"),
        ("in(revision,(1,2,x))", "in(revision,('1','2','x'))"),
        (
            "in(a,(null(),(b),self(c)))",
            "rql_validation: Null values are not supported. | rql_validation: Unsupported argument type. \
             | rql_validation: Unsupported argument type.",
        ),
        (
            "in(a,(b|c))",
            "rql_syntax: only , separates values at position 8",
        ),
        ("in(a,(b,))", "rql_syntax: missing expression at position 9"),
    ]);
}

#[test]
fn patterns() {
    check(&[
        ("ilike(name,*rob*)", "ilike(name,'*rob*')"),
        ("ilike(name,Bu*)", "ilike(name,'Bu*')"),
        ("ilike(name,rob)", "ilike(name,'rob')"),
        ("like(name,a*b)", "like(name,'a*b')"),
        ("like(name,*)", "like(name,'*')"),
        (r"like(name,\*)", r"like(name,'\*')"),
        (r"like(name,*With\*)", r"like(name,'*With\*')"),
        ("like(name,'The%5C**')", r"like(name,'The\**')"),
        ("like(name,50%25_x*)", "like(name,'50%_x*')"),
        (
            "ilike(name,null())",
            "rql_validation: Null values are not supported.",
        ),
        ("ilike(name,empty())", "ilike(name,empty())"),
        (
            "ilike(name,self(a))",
            "rql_validation: Unsupported argument type.",
        ),
        ("ilike(name,Z%C3%9CR*)", "ilike(name,'ZÜR*')"),
    ]);
}

#[test]
fn logic_separators_and_precedence() {
    check(&[
        (
            "and(eq(status,Active),eq(name,x))",
            "and(eq(status,Active),eq(name,x))",
        ),
        ("status=Active,name=x", "and(eq(status,Active),eq(name,x))"),
        (
            "status=Active;status=Disabled",
            "or(eq(status,Active),eq(status,Disabled))",
        ),
        (
            "status=Active&name=x|name=y&name=z",
            "or(and(eq(status,Active),eq(name,x)),and(eq(name,y),eq(name,z)))",
        ),
        ("or(eq(name,a),eq(name,b))", "or(eq(name,a),eq(name,b))"),
        (
            "not(and(or(eq(name,'a'),eq(name,'b'))))",
            "not(and(or(eq(name,'a'),eq(name,'b'))))",
        ),
        ("not(status=Active)", "not(eq(status,Active))"),
        (
            "and(status=Active|name=x)",
            "rql_syntax: only , separates arguments at position 18",
        ),
        // Of the raw text: the ampersand separates first, and joins again.
        (
            "or(a=1&b=2)",
            "rql_syntax: only , separates arguments at position 7",
        ),
        ("(a=1&b=2)", "and(eq(a,1),eq(b,2))"),
        ("and()", "rql_validation: Expression group cannot be empty."),
        ("()", "rql_validation: Expression group cannot be empty."),
        (
            "any(modules,eq(id,%20%22MOD-1756%22))",
            "any(modules,eq(id,'MOD-1756'))",
        ),
        (
            "status=Active&status=Disabled",
            "and(eq(status,Active),eq(status,Disabled))",
        ),
        ("and(a=1)", "and(eq(a,1))"),
        ("and( a = 1 , b = '2' )", "and(eq(a,1),eq(b,'2'))"),
        ("a=1&=&+&b=2", "and(eq(a,1),eq(b,2))"),
    ]);
}

#[test]
fn collections_and_nesting() {
    check(&[
        (
            "any(modules,eq(id,'MOD-1756'))",
            "any(modules,eq(id,'MOD-1756'))",
        ),
        ("any(modules)", "any(modules)"),
        ("all(modules,id=MOD-1756)", "all(modules,eq(id,MOD-1756))"),
        (
            "all(modules)",
            "rql_validation: all() function must have 2 arguments",
        ),
        (
            "any(modules,(id=a,name=b))",
            "any(modules,and(eq(id,a),eq(name,b)))",
        ),
        (
            "any()",
            "rql_syntax: Collection expression must have at least 1 argument at position 1",
        ),
        (
            "any(a,b=1,c=2)",
            "rql_syntax: Collection expression must have at most 2 arguments at position 1",
        ),
        ("any(name,id=x)", "any(name,eq(id,x))"),
        ("any(a.b,self()=Vendor)", "any(a.b,eq(self(),Vendor))"),
        ("modules.id=MOD-1756", "eq(modules.id,MOD-1756)"),
        ("account=ACC-1", "eq(account,ACC-1)"),
        (
            "audit.created.by.id=USR-9673-3314",
            "eq(audit.created.by.id,USR-9673-3314)",
        ),
    ]);
}

#[test]
fn unknown_names_and_parts_that_mean_nothing() {
    check(&[
        ("bogus=1", "eq(bogus,1)"),
        ("mistake(x)", "mistake: Unknown expression group."),
        ("foo()", "foo: Unknown expression group."),
        ("filter(group.buyers)", "filter: Unknown expression group."),
        ("empty()", "empty: Expression expected."),
        (",", "rql_validation: Expression group cannot be empty."),
        ("eq('a',b)", "rql_validation: Unsupported property node."),
        ("eq(lower(a),b)", "lower: Unknown expression group."),
        ("a..b=1", "a..b: Invalid property path."),
        (
            "mistake(x)&foo()|and(),eq(bar(a),in(b,c)),name",
            "mistake: Unknown expression group. | foo: Unknown expression group. \
             | rql_validation: Expression group cannot be empty. | bar: Unknown expression group. \
             | rql_validation: Unsupported argument type. | name: Expression expected.",
        ),
    ]);
}

#[test]
fn calls_with_the_wrong_number_of_arguments() {
    check(&[
        (
            "eq()",
            "rql_syntax: Binary expression must have 2 arguments at position 1",
        ),
        (
            "not()",
            "rql_syntax: Unary expression must have 1 argument at position 1",
        ),
        (
            "eq(self(a,b),c)",
            "rql_syntax: Pointer expression must have 0 or 1 argument at position 4",
        ),
        (
            "empty(x)",
            "rql_syntax: Constant functions cannot have arguments at position 1",
        ),
    ]);
}

#[test]
fn text_that_cannot_be_read() {
    check(&[
        ("eq(name,a", "rql_syntax: missing ) at position 10"),
        (
            "eq(name,a))&status=Active",
            "rql_syntax: unexpected ) at position 11",
        ),
        (
            "name='a''b'",
            "rql_syntax: text after closing quote at position 9",
        ),
        (
            "name='a'b",
            "rql_syntax: text after closing quote at position 9",
        ),
        ("name=a'b'", "rql_syntax: text before a quote at position 7"),
        (
            "name=O'Brien",
            "rql_syntax: unterminated quote at position 7",
        ),
        ("id=null()x", "rql_syntax: unexpected text at position 10"),
        (
            "name=self(x)y",
            "rql_syntax: unexpected text at position 13",
        ),
        ("a=1,,b=2", "rql_syntax: missing expression at position 5"),
        (
            "eq(name,%ZZ)",
            "rql_syntax: invalid percent-encoding: '%ZZ'",
        ),
        ("eq(name,'a%00b')", "rql_syntax: NUL character in the query"),
        (
            "eq(name%3B--,x)",
            "rql_syntax: only , separates arguments at position 8",
        ),
    ]);
}

#[test]
fn quotes_unicode_and_injection() {
    check(&[
        ("eq(name,'say%20%22hi%22')", "eq(name,'say \"hi\"')"),
        ("eq(name,%22O%27Brien%22)", "eq(name,\"O'Brien\")"),
        ("eq(name,'a%28b%29%2Cc%29')", "eq(name,'a(b),c)')"),
        ("eq(name,'A&B')", "eq(name,'A&B')"),
        ("eq(name,%27A&B%27)&a=1", "and(eq(name,'A&B'),eq(a,1))"),
        ("eq(name,'a=b')", "eq(name,'a=b')"),
        ("eq(name,'a%2Bb')", "eq(name,'a+b')"),
        ("eq(name,'100%25')", "eq(name,'100%')"),
        (
            "eq(name,'Z%C3%BCrich%20%E6%9D%B1%E4%BA%AC%20%F0%9F%98%80')",
            "eq(name,'Zürich 東京 😀')",
        ),
        (
            "eq(name,'%E2%80%AE%E2%80%8B')",
            "eq(name,'\u{202e}\u{200b}')",
        ),
        (
            "eq(name,%22x'%20OR%20'1'%3D'1%22)",
            "eq(name,\"x' OR '1'='1\")",
        ),
        ("eq(name,$1)", "eq(name,$1)"),
    ]);
}
