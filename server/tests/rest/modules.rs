//! `GET /public/v1/accounts/modules` and one of them.

use super::world::*;
use serde_json::json;

#[tokio::test]
async fn an_account_s_programs_see_its_modules_and_operations_all() {
    let world = world().await;
    let seen = async |secret: &str| {
        let mut seen = ids(&get(&world, MODULES, secret).await);
        seen.sort();
        seen
    };
    assert_eq!(seen(VENDOR).await, ["MOD-0478", "MOD-1756", "MOD-1758"]);
    assert_eq!(seen(OPS).await.len(), 7);
    assert_eq!(
        get(&world, &format!("{MODULES}/MOD-0479"), CLIENT)
            .await
            .status,
        200
    );
    for id in ["MOD-0479", "MOD-9999", "MOD-0000-0000", "x"] {
        assert_eq!(
            get(&world, &format!("{MODULES}/{id}"), VENDOR).await.status,
            404,
            "{id}"
        );
    }
}

#[tokio::test]
async fn a_module_comes_whole() {
    let world = world().await;
    let module = get(&world, &format!("{MODULES}/MOD-0478"), OPS)
        .await
        .json();
    assert_eq!(
        module,
        json!({
            "id": "MOD-0478", "name": "Billing", "description": "Invoices", "code": "billing", "revision": 1,
            "accountTypes": ["Client", "Vendor", "Operations"],
            "settings": {"configurable": true, "default": false, "paid": false},
            "$meta": {"omitted": ["audit"]},
        })
    );
}

#[tokio::test]
async fn modules_are_found_by_any_of_their_fields() {
    let world = world().await;
    for (query, want) in [
        ("settings.paid=true", vec!["MOD-0480"]),
        (
            "settings.default=TRUE&order=name",
            vec!["MOD-0479", "MOD-0480"],
        ),
        (
            "any(accountTypes,self()=Operations)&not(any(accountTypes,self()=Client))",
            vec!["MOD-1757"],
        ),
        (
            "all(accountTypes,in(self(),(Client,Vendor)))&order=id",
            vec!["MOD-0480"],
        ),
        ("ilike(name,*ACCESS*)", vec!["MOD-1756"]),
        ("code=billing", vec!["MOD-0478"]),
        ("description=null()&order=-id", vec!["MOD-0480", "MOD-0479"]),
        ("any(accountTypes)&limit=1&order=id", vec!["MOD-0478"]),
    ] {
        let answer = get(&world, &format!("{MODULES}?{query}"), OPS).await;
        assert_eq!(ids(&answer), want, "{query}");
    }
    let wrong = get(
        &world,
        &format!("{MODULES}?any(accountTypes,self()=Nobody)"),
        OPS,
    )
    .await;
    assert_eq!(
        wrong.json()["errors"],
        json!({"rql_validation": ["Cannot convert value: 'Nobody'."]})
    );
}
