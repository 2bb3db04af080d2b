//! Operations and Administrators at work: what tests of modules, accounts and people share.

use crate::world::{PASSWORD, World, origin};
use app::{
    domain::{
        account::{AccountForm, AccountId, AccountRow, AccountType},
        directory::{DirectoryQuery, Loss, Outcome},
        module::{ModuleForm, ModuleId, ModuleRow, ModuleSettings},
        page::PageRequest,
        user::{Invitation, Role, UserChange, UserChanged, UserForm, UserId, UserRow},
    },
    error::ApiError,
    port::{Actor, Administration as _},
};
use server::service::NewSession;

pub const STARK: &str = "ACC-0000-0001";

pub fn module_id(text: &str) -> ModuleId {
    text.parse().unwrap()
}

pub fn account_id(text: &str) -> AccountId {
    text.parse().unwrap()
}

pub fn everything() -> DirectoryQuery {
    DirectoryQuery {
        page: PageRequest {
            number: 1,
            size: 100,
        },
        ..DirectoryQuery::default()
    }
}

pub async fn modules(world: &World, actor: &Actor) -> Vec<ModuleRow> {
    let found = world.service.list_module_rows(actor, &everything()).await;
    found.unwrap().rows
}

pub async fn module(world: &World, actor: &Actor, id: &str) -> ModuleRow {
    let rows = modules(world, actor).await.into_iter();
    rows.into_iter()
        .find(|row| row.id == module_id(id))
        .unwrap()
}

pub async fn account(world: &World, actor: &Actor, id: &str) -> AccountRow {
    let found = world.service.list_account_rows(actor, &everything()).await;
    let mut rows = found.unwrap().rows.into_iter();
    rows.find(|row| row.account.id == account_id(id)).unwrap()
}

pub fn form(row: &AccountRow) -> AccountForm {
    AccountForm {
        name: row.account.name.clone(),
        kind: row.account.kind,
        modules: row.modules.clone(),
        icon: row.account.icon.clone(),
    }
}

pub fn loss(outcome: Outcome) -> Loss {
    match outcome {
        Outcome::Loses(loss) => loss,
        Outcome::Done => panic!("it was done"),
    }
}

/// The modules of a token, by id.
pub async fn held(world: &World, token: &str) -> Vec<String> {
    let operator = world.user("Olga").await;
    let token = world.token(&operator, token).await;
    let mut ids: Vec<_> = token.modules.iter().map(|module| module.id).collect();
    ids.sort();
    ids.iter().map(ModuleId::to_string).collect()
}

pub fn new_module(code: &str) -> ModuleForm {
    ModuleForm {
        name: "Search".into(),
        code: code.into(),
        description: "Finds things.".into(),
        account_types: vec![AccountType::Vendor, AccountType::Client],
        settings: ModuleSettings {
            configurable: true,
            ..ModuleSettings::default()
        },
    }
}

pub fn user_id(text: &str) -> UserId {
    text.parse().unwrap()
}

pub fn person(email: &str, role: Role) -> UserForm {
    UserForm {
        name: "Rhodey".into(),
        email: email.into(),
        role,
    }
}

pub async fn users(world: &World, actor: &Actor) -> Result<Vec<UserRow>, ApiError> {
    let query = DirectoryQuery {
        page: PageRequest {
            number: 1,
            size: 100,
        },
        ..DirectoryQuery::default()
    };
    let found = world.service.list_user_rows(actor, &query).await;
    found.map(|page| page.rows)
}

pub async fn row(world: &World, id: UserId) -> UserRow {
    let olga = world.user("Olga").await;
    let mut rows = users(world, &olga).await.unwrap().into_iter();
    rows.find(|row| row.user.id == id).unwrap()
}

pub async fn invite(world: &World, actor: &Actor, email: &str) -> Result<Invitation, ApiError> {
    let new = person(email, Role::Administrator);
    let change = UserChange::Invite(None, new);
    world.service.change_user(actor, change).await.map(invited)
}

pub fn invited(changed: UserChanged) -> Invitation {
    match changed {
        UserChanged::Invited(invitation) => invitation,
        other => panic!("no invitation: {other:?}"),
    }
}

pub async fn invite_again(
    world: &World,
    actor: &Actor,
    id: UserId,
) -> Result<Invitation, ApiError> {
    let change = UserChange::InviteAgain(id);
    world.service.change_user(actor, change).await.map(invited)
}

/// The code in an invitation's address.
pub fn code(invitation: &Invitation) -> String {
    let address = invitation.address.expose();
    let (_, code) = address.split_once("/invitation?code=").unwrap();
    code.to_owned()
}

pub async fn accept(world: &World, code: &str) -> Result<NewSession, ApiError> {
    let service = &world.service;
    service
        .accept_invitation(code, PASSWORD.into(), &origin())
        .await
}
