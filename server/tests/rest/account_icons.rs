//! The logo of an account: its address within tokens and records, and `GET /public/v1/accounts/accounts/{id}/icon`.

use crate::{rest::world::*, support::World};
use app::{
    domain::{
        account::{AccountChange, AccountForm, AccountType},
        user::CurrentUser,
    },
    port::{Actor, Administration as _, Console as _, Origin, Who},
};
use server::provision::{ProvisionFile, provision};

const STARK: &str = "ACC-0001-0002";
const ICON: &str = "/public/v1/accounts/accounts/ACC-0001-0002/icon";
const OPERATOR: &str = r#"{"users":[
  {"id":"USR-0001-0009","account":"ACC-0001-0001","name":"Olga","email":"olga@example.com","role":"Administrator"}]}"#;

/// Somebody of Operations gives the Client's account a logo.
async fn with_logo() -> World {
    let world = world().await;
    let file = ProvisionFile::parse(OPERATOR.to_owned()).unwrap();
    provision(&world.service, file).await.unwrap();
    let users = world.service.list_users().await.unwrap();
    let user = users.into_iter().find(|user| user.name == "Olga").unwrap();
    let actor = Actor {
        who: Who::User(CurrentUser {
            id: user.id,
            name: user.name,
            email: user.email,
            role: user.role,
            account: user.account,
        }),
        sign_in: None,
        origin: Origin::default(),
    };
    let picture = crate::icons::picture();
    let icon = world.service.upload_icon(&actor, picture).await.unwrap();
    let modules = ["MOD-1756", "MOD-1758", "MOD-0478", "MOD-0479", "MOD-0480"];
    let form = AccountForm {
        name: "Stark Industries".into(),
        kind: AccountType::Client,
        modules: modules.map(|id| id.parse().unwrap()).to_vec(),
        icon: Some(icon),
    };
    let edit = AccountChange::Edit(STARK.parse().unwrap(), 1, form, 0);
    world.service.change_account(&actor, edit).await.unwrap();
    world
}

#[tokio::test]
async fn an_account_without_a_logo_has_no_such_member_and_no_picture() {
    let world = world().await;
    let token = get(&world, &format!("{TOKENS}/{WEAK_ID}"), CLIENT).await;
    let account = token.json()["account"].clone();
    assert_eq!(account["id"], STARK);
    assert!(account.get("icon").is_none(), "{account}");
    assert_eq!(get(&world, ICON, CLIENT).await.status, 404);
}

#[tokio::test]
async fn a_logo_is_named_by_an_address_that_opens_it() {
    let world = with_logo().await;
    for secret in [CLIENT, OPS] {
        let token = get(&world, &format!("{TOKENS}/{WEAK_ID}"), secret).await;
        assert_eq!(token.json()["account"]["icon"], ICON);
        let picture = get(&world, ICON, secret).await;
        assert_eq!(
            (picture.status, picture.header("content-type")),
            (200, "image/png")
        );
        assert_eq!(&picture.body[1..4], b"PNG");
    }
    let list = get(&world, &format!("{TOKENS}?order=id"), OPS).await.json();
    let rows = list["data"].as_array().unwrap();
    let with = rows
        .iter()
        .filter(|row| row["account"].get("icon").is_some());
    assert_eq!(with.count(), 2, "those of the Client, and no others");
    let path = format!("{RECORDS}?select=viewers&eq(event,platform.accounts.account.updated)");
    let records = get(&world, &path, CLIENT).await.json();
    assert_eq!(records["data"][0]["viewers"][0]["icon"], ICON, "{records}");
}

#[tokio::test]
async fn others_do_not_see_it_and_a_token_needs_the_module() {
    let world = with_logo().await;
    for (secret, status) in [(VENDOR, 404), (WEAK, 403), (UNKNOWN, 401), ("", 401)] {
        assert_eq!(get(&world, ICON, secret).await.status, status, "{secret}");
    }
    for id in ["ACC-0001-0003", "ACC-9999-9999", "nonsense", WEAK_ID] {
        let path = format!("/public/v1/accounts/accounts/{id}/icon");
        assert_eq!(get(&world, &path, OPS).await.status, 404, "{id}");
    }
}

#[tokio::test]
async fn tokens_and_records_are_found_by_it() {
    let world = with_logo().await;
    let by_address = format!("{TOKENS}?account.icon='{ICON}'&order=id");
    let present = format!("{TOKENS}?ne(account.icon,null())&order=id");
    for path in [by_address, present] {
        assert_eq!(
            ids(&get(&world, &path, OPS).await),
            [CLIENT_ID, WEAK_ID],
            "{path}"
        );
    }
    let path = format!("{TOKENS}?eq(account.icon,null())&order=id");
    assert_eq!(ids(&get(&world, &path, OPS).await), [OPS_ID, VENDOR_ID]);
}
