//! The cases of the query language, each asked of a real list. What a case finds is told by the names of tokens.

use crate::{
    rest::world::*,
    support::{Answer, World},
};
use serde_json::json;

/// What a case must come to.
enum Is {
    /// These tokens, by name.
    Found(&'static [&'static str]),
    /// 400 with this message under this key.
    Wrong(&'static str, &'static str),
    /// 400 for text that is no query.
    Syntax,
}

use Is::{Found, Syntax, Wrong};

/// The tokens: name and description, empty for none. Some have the module Billing.
const SAMPLE: &[(&str, &str, bool)] = &[
    ("Robot", "Robot", true),
    ("CRM robot", "a", true),
    ("a*b", "50%_x", false),
    ("axxb", "", false),
    ("say \"hi\"", "", false),
    ("O'Brien", "", false),
    ("A&B", "", false),
    ("a=b", "", false),
    ("a+b", "", false),
    ("100%", "", false),
    ("a(b),c)", "", false),
    ("Zürich 東京 😀", "Größe XL", false),
    ("$1", "", false),
];

const ALL: &[&str] = &[
    "Robot",
    "CRM robot",
    "a*b",
    "axxb",
    "say \"hi\"",
    "O'Brien",
    "A&B",
    "a=b",
    "a+b",
    "100%",
    "a(b),c)",
    "Zürich 東京 😀",
    "$1",
];
const WITHOUT_DESCRIPTION: &[&str] = &[
    "axxb",
    "say \"hi\"",
    "O'Brien",
    "A&B",
    "a=b",
    "a+b",
    "100%",
    "a(b),c)",
    "$1",
];
const WITH_DESCRIPTION: &[&str] = &["Robot", "CRM robot", "a*b", "Zürich 東京 😀"];
const NONE: Is = Found(&[]);
const NOT_ROBOT: &[&str] = &[
    "CRM robot",
    "a*b",
    "axxb",
    "say \"hi\"",
    "O'Brien",
    "A&B",
    "a=b",
    "a+b",
    "100%",
    "a(b),c)",
    "Zürich 東京 😀",
    "$1",
];
const V: &str = "rql_validation";
const PATH: &str = "Invalid property path.";

const CASES: &[(&str, Is)] = &[
    // Equality and its short form.
    ("name=Robot", Found(&["Robot"])),
    ("eq(name,Robot)", Found(&["Robot"])),
    ("name=CRM+robot", Found(&["CRM robot"])),
    ("eq(name,'CRM%20robot')", Found(&["CRM robot"])),
    ("eq(account.id,%22ACC-0001-0002%22)", Found(ALL)),
    ("eq(ACCOUNT.Id,ACC-0001-0002)", Found(ALL)),
    ("eq(name,'')", NONE),
    ("name=empty()", NONE),
    ("eq(description,null())", Found(WITHOUT_DESCRIPTION)),
    ("ne(description,null())", Found(WITH_DESCRIPTION)),
    ("ne(description,empty())", Found(ALL)),
    (
        "description=null()&status=Active&name=axxb",
        Found(&["axxb"]),
    ),
    ("name=", Wrong("name", "Expression expected.")),
    ("=x", Wrong(V, PATH)),
    ("status=eq=Active", Syntax),
    ("name=(a,b)", Syntax),
    ("rql=eq(name,x)", Syntax),
    // Comparisons and kinds.
    ("gt(revision,3)", NONE),
    ("ge(revision,1)", Found(ALL)),
    ("lt(revision,-3)", NONE),
    ("gt(revision,abc)", Wrong(V, "Cannot convert value: 'abc'.")),
    (
        "gt(revision,99999999999999999999)",
        Wrong(V, "Cannot convert value: '99999999999999999999'."),
    ),
    (
        "gt(name,Z)",
        Found(&[
            "a*b",
            "axxb",
            "say \"hi\"",
            "a=b",
            "a+b",
            "a(b),c)",
            "Zürich 東京 😀",
        ]),
    ),
    (
        "ge(audit.created.at,'2026-04-15T12%3A34%3A00.000000%2B00%3A00')",
        Found(ALL),
    ),
    ("ge(audit.created.at,'2026-04-15T12:34:00.001Z')", NONE),
    ("lt(audit.created.at,'2026-01-01')", NONE),
    (
        "ge(audit.created.at,'2026-01-01T02%3A03%3A04.000005')",
        Found(ALL),
    ),
    ("ge(audit.created.at,'9999-12-31T23:59:59-01:00')", NONE),
    (
        "ge(audit.created.at,yesterday)",
        Wrong(V, "Cannot convert value: 'yesterday'."),
    ),
    (
        "lt(lastAccessAt,null())",
        Wrong(V, "Null values are not supported."),
    ),
    ("lastAccessAt=null()", Found(ALL)),
    ("gt(lastAccessAt,2020-01-01)", NONE),
    ("eq(name,description)", Found(&["Robot"])),
    ("eq(name,'description')", NONE),
    ("eq(name,self(description))", Found(&["Robot"])),
    ("eq(self(name),Robot)", Found(&["Robot"])),
    ("eq(name,eq(a,b))", Wrong(V, "Unsupported argument type.")),
    ("status=active", Found(ALL)),
    ("ne(status,\"deleted\")", Found(ALL)),
    ("status=Gone", Wrong(V, "Cannot convert value: 'Gone'.")),
    // Lists.
    ("in(status,(Active,Disabled))", Found(ALL)),
    ("in(name,('Robot','A&B'))", Found(&["Robot", "A&B"])),
    ("in(status,Active)", Found(ALL)),
    ("in(id,())", Wrong(V, "Value has to be a non empty array.")),
    ("in(status,(empty(),Active))", Found(ALL)),
    ("out(status,(Deleted))", Found(ALL)),
    ("out(description,(Robot))", Found(NOT_ROBOT)),
    (
        "in(revision,(1,2,x))",
        Wrong(V, "Cannot convert value: 'x'."),
    ),
    (
        "in(id,(null()))",
        Wrong(V, "Null values are not supported."),
    ),
    // Wildcards.
    ("ilike(name,*rob*)", Found(&["Robot", "CRM robot"])),
    ("ilike(name,RO*)", Found(&["Robot"])),
    ("ilike(name,rob)", NONE),
    ("like(name,*rob*)", Found(&["CRM robot"])),
    ("like(name,a*b)", Found(&["a*b", "axxb", "a=b", "a+b"])),
    ("like(name,a\\*b)", Found(&["a*b"])),
    ("like(name,a%5C*b)", Found(&["a*b"])),
    ("like(name,*)", Found(ALL)),
    ("like(description,*)", Found(WITH_DESCRIPTION)),
    ("like(description,50%25_x*)", Found(&["a*b"])),
    ("ilike(description,50%25_X)", Found(&["a*b"])),
    ("like(name,_*)", NONE),
    ("ilike(name,%25)", NONE),
    (
        "ilike(name,null())",
        Wrong(V, "Null values are not supported."),
    ),
    ("ilike(name,Z%C3%9CR*)", Found(&["Zürich 東京 😀"])),
    ("ilike(description,GR%C3%96*)", Found(&["Zürich 東京 😀"])),
    ("like(description,GR%C3%96*)", NONE),
    (
        "like(revision,1*)",
        Wrong(V, "Operator 'like' is not permitted"),
    ),
    // Logic.
    ("and(eq(status,Active),eq(name,Robot))", Found(&["Robot"])),
    ("status=Active,name=Robot", Found(&["Robot"])),
    ("name=Robot;name=axxb", Found(&["Robot", "axxb"])),
    (
        "status=Active&name=Robot|name=axxb&name=x",
        Found(&["Robot"]),
    ),
    (
        "or(eq(name,Robot),eq(name,axxb))",
        Found(&["Robot", "axxb"]),
    ),
    (
        "not(and(or(ne(name,'Robot'),eq(name,'b'))))",
        Found(&["Robot"]),
    ),
    ("not(description=Robot)", Found(NOT_ROBOT)),
    ("ne(description,Robot)", Found(NOT_ROBOT)),
    ("and(status=Active|name=x)", Syntax),
    ("and()", Wrong(V, "Expression group cannot be empty.")),
    ("()", Wrong(V, "Expression group cannot be empty.")),
    (",", Wrong(V, "Expression group cannot be empty.")),
    ("name=Robot&name=axxb", NONE),
    // Collections.
    (
        "any(modules,eq(id,%20%22MOD-0478%22))",
        Found(&["Robot", "CRM robot"]),
    ),
    (
        "any(modules,eq(id,'MOD-0478'))",
        Found(&["Robot", "CRM robot"]),
    ),
    (
        "any(modules,(id=MOD-0478,name=Billing))",
        Found(&["Robot", "CRM robot"]),
    ),
    ("any(modules,and(id=MOD-0478,name=Health))", NONE),
    ("any(modules)", Found(ALL)),
    (
        "all(modules,code=health)",
        Found(&[
            "a*b",
            "axxb",
            "say \"hi\"",
            "O'Brien",
            "A&B",
            "a=b",
            "a+b",
            "100%",
            "a(b),c)",
            "Zürich 東京 😀",
            "$1",
        ]),
    ),
    ("not(any(modules,code=billing))&name=axxb", Found(&["axxb"])),
    (
        "all(modules)",
        Wrong(V, "all() function must have 2 arguments"),
    ),
    ("any()", Syntax),
    (
        "any(name,id=x)",
        Wrong(V, "Collection property has incompatible type"),
    ),
    ("any(modules,bogus=1)", Wrong("modules.bogus", PATH)),
    ("modules.id=MOD-1756", Wrong("modules.id", PATH)),
    ("account=ACC-1", Wrong(V, "Operator 'Eq' is not permitted")),
    ("audit.created.by.id=TKN-0001-0001", Found(ALL)),
    ("audit.created.by.name='Ops%20robot'", Found(ALL)),
    ("audit.updated.at=null()", Found(ALL)),
    ("icon=null()", Found(ALL)),
    // Names that do not exist and text that is no query.
    ("bogus=1", Wrong("bogus", PATH)),
    ("account.bogus=1", Wrong("account.bogus", PATH)),
    ("token=x", Wrong("token", "Filtering is not permitted.")),
    (
        "like(token,lk_*)",
        Wrong("token", "Filtering is not permitted."),
    ),
    ("mistake(x)", Wrong("mistake", "Unknown expression group.")),
    ("foo()", Wrong("foo", "Unknown expression group.")),
    (
        "filter(group.buyers)",
        Wrong("filter", "Unknown expression group."),
    ),
    ("eq()", Syntax),
    ("eq(name,a", Syntax),
    ("eq(name,a))&status=Active", Syntax),
    ("name='a''b'", Syntax),
    ("name=O'Brien", Syntax),
    ("id=null()x", Syntax),
    ("empty(x)", Syntax),
    ("eq(name,%ZZ)", Syntax),
    ("eq(name,'a%00b')", Syntax),
    ("eq(name,%FF)", Syntax),
    // Quotes, Unicode and what looks like SQL.
    ("eq(name,'say%20%22hi%22')", Found(&["say \"hi\""])),
    ("eq(name,%22O%27Brien%22)", Found(&["O'Brien"])),
    ("eq(name,'a%28b%29%2Cc%29')", Found(&["a(b),c)"])),
    ("eq(name,'A&B')", Found(&["A&B"])),
    ("eq(name,'A%26B')", Found(&["A&B"])),
    ("eq(name,'a=b')", Found(&["a=b"])),
    ("eq(name,'a%2Bb')", Found(&["a+b"])),
    ("eq(name,'100%25')", Found(&["100%"])),
    (
        "eq(name,'Z%C3%BCrich%20%E6%9D%B1%E4%BA%AC%20%F0%9F%98%80')",
        Found(&["Zürich 東京 😀"]),
    ),
    ("eq(name,'%E2%80%AE%E2%80%8B')", NONE),
    ("eq(name,%22x'%20OR%20'1'%3D'1%22)", NONE),
    ("eq(name%3B--,x)", Syntax),
    ("eq(name,$1)", Found(&["$1"])),
    // The rest of the query.
    ("order=%2Bname&name=Robot", Found(&["Robot"])),
    (
        "order=modules",
        Wrong("modules", "Ordering is not permitted."),
    ),
    ("order=token", Wrong("token", "Ordering is not permitted.")),
    ("order=bogus", Wrong("bogus", PATH)),
    (
        "order=foo(name)",
        Wrong(
            "order:no_props",
            "No valid ordering properties were detected",
        ),
    ),
    ("select=bogus&name=Robot", Found(&["Robot"])),
    ("limit=-1", Wrong("limit", "This cannot be negative.")),
    ("limit=x", Wrong("limit", "Cannot convert value: 'x'.")),
    ("offset=-1", Wrong("offset", "This cannot be negative.")),
    ("render()&name=Robot", Found(&["Robot"])),
    ("render%28%29=&name=Robot", Found(&["Robot"])),
];

async fn sample() -> World {
    let world = world().await;
    for (name, description, billing) in SAMPLE {
        let modules = if *billing {
            json!([{"id": "MOD-0478"}])
        } else {
            json!([])
        };
        added(&world, OPS, json!({
            "account": {"id": "ACC-0001-0002"}, "name": name, "description": description, "modules": modules,
        }))
        .await;
    }
    for id in [CLIENT_ID, WEAK_ID, VENDOR_ID] {
        // Only the sample is left to be found.
        assert_eq!(
            act(&world, "DELETE", &format!("{TOKENS}/{id}"), OPS)
                .await
                .status,
            204
        );
    }
    world
}

fn complaint(answer: &Answer, wanted: &Is) -> Option<String> {
    let body = answer.text();
    let json = answer.json();
    let good = match wanted {
        Found(names) => {
            let rows = json["data"].as_array().cloned().unwrap_or_default();
            let mut found: Vec<_> = rows
                .iter()
                .filter(|row| row["status"] != "Deleted" && row["id"] != OPS_ID)
                .map(|row| row["name"].as_str().unwrap_or_default().to_owned())
                .collect();
            let mut names: Vec<_> = names.iter().map(|name| (*name).to_owned()).collect();
            found.sort();
            names.sort();
            answer.status == 200 && found == names
        }
        Wrong(key, message) => {
            answer.status == 400
                && json["errors"][key]
                    .as_array()
                    .is_some_and(|told| told.iter().any(|told| told == message))
        }
        Syntax => {
            answer.status == 400
                && json["errors"]
                    .as_object()
                    .is_some_and(|errors| errors.contains_key("rql_syntax"))
        }
    };
    (!good).then_some(body)
}

#[tokio::test]
async fn every_case_of_the_query_language_comes_to_what_it_must() {
    let world = sample().await;
    let mut wrong = Vec::new();
    for (query, wanted) in CASES {
        // A URI holds no raw quotes of this kind; clients write them encoded.
        let query = query.replace('"', "%22").replace(' ', "%20");
        let answer = get(&world, &format!("{TOKENS}?{query}"), OPS).await;
        if let Some(body) = complaint(&answer, wanted) {
            wrong.push(format!("{query}\n    {} {body:.300}", answer.status));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {} cases fail:\n{}",
        wrong.len(),
        CASES.len(),
        wrong.join("\n")
    );
}

#[tokio::test]
async fn lists_are_sorted_and_equals_stand_by_id() {
    let world = sample().await;
    let names = async |order: &str| {
        let path = format!("{TOKENS}?ne(status,Deleted)&ne(id,{OPS_ID})&limit=3&order={order}");
        let page = get(&world, &path, OPS).await.json();
        let rows = page["data"].as_array().unwrap();
        rows.iter()
            .map(|row| row["name"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        names("name").await,
        ["$1", "100%", "a&b".to_uppercase().as_str()]
    );
    assert_eq!(
        names("-name").await,
        ["Zürich 東京 😀", "say \"hi\"", "Robot"]
    );
    assert_eq!(
        names("-description,name").await,
        ["CRM robot", "Robot", "Zürich 東京 😀"]
    );
    let all = get(&world, &format!("{TOKENS}?order=status&limit=100"), OPS).await;
    let mut sorted = ids(&all);
    sorted.sort();
    let mut seen = Vec::new();
    for offset in 0..sorted.len() {
        seen.extend(ids(&get(
            &world,
            &format!("{TOKENS}?order=revision&limit=1&offset={offset}"),
            OPS,
        )
        .await));
    }
    seen.sort();
    assert_eq!(seen, sorted, "paging by offset shows every row once");
}

#[tokio::test]
async fn long_and_deep_queries_are_answered_or_refused_and_never_end_the_server() {
    let world = sample().await;
    let status = async |query: String| get(&world, &format!("{TOKENS}?{query}"), OPS).await.status;
    let many: Vec<_> = (0..500).map(|n| format!("TKN-0000-{n:04}")).collect();
    assert_eq!(status(format!("in(id,({}))", many.join(","))).await, 200);
    assert_eq!(
        status(format!(
            "{}status=Active{}",
            "not(".repeat(50),
            ")".repeat(50)
        ))
        .await,
        200
    );
    assert_eq!(
        status(format!(
            "{}status=Active{}",
            "not(".repeat(3_000),
            ")".repeat(3_000)
        ))
        .await,
        400
    );
    let terms: Vec<_> = (0..990).map(|n| format!("name={n}")).collect();
    assert_eq!(status(terms.join("|")).await, 200);
    assert_eq!(status(terms.join("&")).await, 200);
    assert_eq!(status(format!("or({})", terms.join(","))).await, 200);
    assert_eq!(status(format!("name='{}'", "x".repeat(15_000))).await, 200);
    for (pattern, wanted) in [
        ("*a".repeat(3_000), 400),
        ("*a".repeat(128), 200),
        ("k".repeat(256), 200),
    ] {
        for field in ["description", "name", "audit.created.by.name"] {
            assert_eq!(
                status(format!("ilike({field},{pattern})")).await,
                wanted,
                "{field}"
            );
        }
    }
    let patterns = ["like(name,*a*)"; 9].join(",");
    assert_eq!(status(patterns.clone()).await, 400);
    assert_eq!(
        status(patterns.replacen("like(name,*a*),", "", 1)).await,
        200
    );
    assert_eq!(status(format!("name='{}'", "x".repeat(16_500))).await, 414);
    let nested = format!("{}code=x{}", "any(modules,".repeat(30), ")".repeat(30));
    assert_eq!(status(nested).await, 400);
    let orders = vec!["name"; 900].join(",");
    assert_eq!(status(format!("order={orders}")).await, 200);
}
