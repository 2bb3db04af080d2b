//! First start: the one-time code and the first Administrator.

use super::{
    ConsoleService, CreateUser, Doer, NewSession, ServiceError,
    authz::people::is_built_in,
    create::as_current,
    passwords::{check_password, field},
    seen,
};
use crate::{
    repo::{self, Conn, WriteTx},
    secret::one_time::{OneTimeCode, Purpose},
};
use app::{
    domain::{
        account::{AccountRef, AccountStatus, AccountType},
        user::Role,
        validate,
    },
    error::{ApiError, ErrorCode},
    port::Origin,
};
use secrecy::SecretString;
use subtle::ConstantTimeEq;

/// A code is good for this many seconds.
const VALID: i64 = 3_600;

/// What the set-up page asks.
pub struct SetUpForm {
    /// The one-time code.
    pub code: String,
    /// The first Administrator's name.
    pub name: String,
    /// His e-mail address.
    pub email: String,
    /// The name of the Operations account.
    pub account: String,
    /// His password.
    pub password: SecretString,
}

/// The form's texts, valid and in the form in which they are stored.
struct Checked {
    name: String,
    email: String,
    account: String,
}

impl ConsoleService {
    /// Whether nobody has set this installation up yet.
    ///
    /// # Errors
    /// Only failures of the server itself.
    pub async fn setup_needed(&self) -> Result<bool, ApiError> {
        seen(is_needed(self.db.read()).await, &Origin::default())
    }

    /// A new code, good for an hour. An older one is good no more.
    ///
    /// # Errors
    /// Not found, when set-up is over; failures of the server.
    pub async fn issue_setup_code(&self) -> Result<OneTimeCode, ApiError> {
        seen(self.try_issue().await, &Origin::default())
    }

    async fn try_issue(&self) -> Result<OneTimeCode, ServiceError> {
        let code = OneTimeCode::generate(Purpose::SetUp, &*self.env.random)?;
        let tx = self.db.begin_write().await?;
        if !is_needed(&tx).await? {
            return Err(ApiError::not_found().into());
        }
        repo::setup::update_code(&tx, code.hash(), self.env.clock.now().plus_seconds(VALID))
            .await?;
        tx.commit().await?;
        Ok(code)
    }

    /// Whether this is the code that is good at present.
    ///
    /// # Errors
    /// Only failures of the server itself.
    pub async fn setup_code_valid(&self, code: &str) -> Result<bool, ApiError> {
        let valid = async {
            Ok(is_needed(self.db.read()).await? && self.is_good(self.db.read(), code).await?)
        };
        seen(valid.await, &Origin::default())
    }

    async fn is_good(&self, conn: &impl Conn, code: &str) -> Result<bool, ServiceError> {
        let (Some(code), Some((hash, until))) = (
            OneTimeCode::parse(Purpose::SetUp, code),
            repo::setup::find_code(conn).await?,
        ) else {
            return Ok(false);
        };
        Ok(self.env.clock.now() < until
            && bool::from(code.hash().as_slice().ct_eq(hash.as_slice())))
    }

    /// Makes the Operations account and its first Administrator, and signs him in. Works once, ever.
    ///
    /// # Errors
    /// Not found, when set-up is over; forbidden, for a code that is not good; invalid, with the fields `name`,
    /// `email`, `account` and `password`.
    pub async fn set_up(&self, form: SetUpForm, origin: &Origin) -> Result<NewSession, ApiError> {
        seen(self.try_set_up(form, origin).await, origin)
    }

    async fn try_set_up(
        &self,
        form: SetUpForm,
        origin: &Origin,
    ) -> Result<NewSession, ServiceError> {
        // Before the costly hash, so that strangers cannot make the server work; and again inside.
        self.admit(self.db.read(), &form.code).await?;
        let checked = check(&form)?;
        let hash = self
            .passwords
            .hash(form.password, &*self.env.random)
            .await?;
        let tx = self.db.begin_write().await?;
        self.admit(&tx, &form.code).await?;
        let session = self.make_first(&tx, &checked, hash, origin).await?;
        tx.commit().await?;
        Ok(session)
    }

    async fn admit(&self, conn: &impl Conn, code: &str) -> Result<(), ServiceError> {
        // The code first: whoever finds it gone because set-up was done just now is told that it was done.
        let is_good = self.is_good(conn, code).await?;
        if !is_needed(conn).await? {
            return Err(ApiError::not_found().into());
        }
        if is_good {
            return Ok(());
        }
        let message = "This set-up address is not the current one or is older than an hour. Start Latchkey again; it \
                       prints a new one.";
        Err(ApiError::new(ErrorCode::Forbidden, message).into())
    }

    async fn make_first(
        &self,
        tx: &WriteTx,
        checked: &Checked,
        hash: String,
        origin: &Origin,
    ) -> Result<NewSession, ServiceError> {
        let account = self.operations_account(tx, &checked.account).await?;
        let new = CreateUser {
            id: self.free_user_id(tx).await?,
            account: &account,
            name: &checked.name,
            email: &checked.email,
            role: Role::Administrator,
            password_hash: Some(hash),
        };
        let user = as_current(&new);
        let doer = Doer::proven(&user, None, "setup-code", origin);
        self.create_operations(tx, &doer, &account).await?;
        self.create_user(tx, &doer, new).await?;
        let secret = self.open_session(tx, &user, "setup-code", origin).await?;
        Ok(NewSession {
            secret,
            user: user.clone(),
        })
    }

    /// An Operations account of this name, still to be made.
    pub(super) async fn operations_account(
        &self,
        tx: &WriteTx,
        name: &str,
    ) -> Result<AccountRef, ServiceError> {
        let id = self.free_account_id(tx).await?;
        let (kind, status) = (AccountType::Operations, AccountStatus::Active);
        Ok(AccountRef {
            id,
            name: name.to_owned(),
            kind,
            status,
            icon: None,
        })
    }

    /// Makes an Operations account with every module that is built in.
    pub(super) async fn create_operations(
        &self,
        tx: &WriteTx,
        doer: &Doer<'_>,
        account: &AccountRef,
    ) -> Result<(), ServiceError> {
        let modules = repo::modules::list_modules(tx).await?;
        let built_in: Vec<_> = modules
            .iter()
            .filter(|module| is_built_in(module.id))
            .collect();
        self.create_account(tx, doer, account, &built_in).await
    }
}

async fn is_needed(conn: &impl Conn) -> Result<bool, ServiceError> {
    Ok(!repo::setup::is_done(conn).await? && !repo::users::has_administrator(conn).await?)
}

fn check(form: &SetUpForm) -> Result<Checked, ApiError> {
    let name = validate::name("Your name", &form.name).map_err(|message| field("name", message));
    let email = validate::email(&form.email).map_err(|message| field("email", message));
    let account = validate::name("The name of the account", &form.account)
        .map_err(|message| field("account", message));
    let password = check_password(&form.password, &[&form.name, &form.email, &form.account]);
    match (name, email, account, password) {
        (Ok(name), Ok(email), Ok(account), None) => Ok(Checked {
            name,
            email,
            account,
        }),
        (name, email, account, password) => {
            let errors = [name.err(), email.err(), account.err(), password];
            Err(ApiError::invalid(errors.into_iter().flatten().collect()))
        }
    }
}
