//! What conditions a filter becomes, and that a hostile one becomes a small one.

use super::*;
use app::domain::filter::{Condition, FilterEntry, FilterForm, Join, Kind as Values, Property};
use app::rql::parse;

fn compiled(text: &str) -> Result<SimpleExpr, Vec<String>> {
    let tree =
        parse(text).map_err(|errors| errors.iter().map(ToString::to_string).collect::<Vec<_>>())?;
    compile(TOKENS, tree.as_ref())
        .map_err(|errors| errors.iter().map(ToString::to_string).collect())
}

#[test]
fn every_unknown_name_is_told() {
    let errors =
        compiled("bogus=1,account.bogus=2,token=x,account=ACC-1,modules.id=MOD-1756").unwrap_err();
    assert_eq!(
        errors,
        [
            "bogus: Invalid property path.",
            "account.bogus: Invalid property path.",
            "token: Filtering is not permitted.",
            "rql_validation: Operator 'Eq' is not permitted",
            "modules.id: Invalid property path.",
        ]
    );
}

#[test]
fn a_name_within_a_collection_is_told_from_outside() {
    let errors = compiled("any(modules,bogus=1)").unwrap_err();
    assert_eq!(errors, ["modules.bogus: Invalid property path."]);
}

#[test]
fn orders_go_by_values_only() {
    let orders = |text| {
        let keys = app::rql::parse_order(text).unwrap();
        orders(TOKENS, &keys)
            .map(|orders| orders.len())
            .map_err(|errors| errors[0].to_string())
    };
    assert_eq!(orders("-audit.created.at,name"), Ok(2));
    assert_eq!(
        orders("modules"),
        Err("modules: Ordering is not permitted.".into())
    );
    assert_eq!(
        orders("token"),
        Err("token: Ordering is not permitted.".into())
    );
    assert_eq!(
        orders("nothing"),
        Err("nothing: Invalid property path.".into())
    );
}

#[test]
fn every_condition_of_the_filter_builder_is_one() {
    for property in Property::ALL {
        let value = match property.kind() {
            Values::Status => "Active",
            Values::Days => "2026-01-31",
            Values::Text | Values::Modules | Values::People | Values::Accounts => "X-1",
        };
        for operator in property.operators() {
            let condition = Condition {
                operator: *operator,
                values: vec![value.to_owned(); 2],
                ..Condition::new(property)
            };
            let form = FilterForm {
                join: Join::All,
                entries: vec![FilterEntry::Condition(condition)],
            };
            let text = form.to_rql().unwrap();
            assert!(compiled(&text).is_ok(), "{text}");
        }
    }
}

/// The filter builder takes a bare word of other characters for a value.
#[test]
fn fields_of_tokens_have_names_of_letters() {
    fn check(fields: &[Field]) {
        for field in fields {
            let letters = field.name.chars().all(|it| it.is_ascii_alphabetic());
            assert!(letters, "{}", field.name);
            if let What::Object(parts) | What::Many(_, parts) = &field.what {
                check(parts);
            }
        }
    }
    check(TOKENS);
}
