//! What Administrators do beside tokens: modules, accounts, and the people in them. Three short lists on one pattern, with
//! forms and questions in dialogs over them.

mod account_form;
mod accounts;
mod acting;
mod form;
mod loss;
mod module_form;
mod modules;
mod user_forms;
mod user_leaving;
mod users;

pub(crate) use accounts::Accounts;
pub(crate) use modules::Modules;
pub(crate) use users::Users;
