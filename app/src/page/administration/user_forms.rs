//! The forms about people: an invitation, and what is edited of somebody; and the address that an invitation is.

use super::form::{FormDialog, FormState};
use crate::{
    api::{administration::change_user, tokens::list_filter_choices},
    domain::{
        account::AccountId,
        filter::Named,
        user::{Invitation, Role, UserChange, UserChanged, UserForm, UserRow},
    },
    ui::{
        CopyButton, Dialog, Erase as _, RadioChoice, RadioGroup, SelectField, TextField, Toasts,
        handler,
    },
    wire,
};
use leptos::prelude::*;

const FIELDS: &[&str] = &["name", "email", "account", "role"];
const ROLES: [Role; 2] = [Role::Administrator, Role::Viewer];

/// What stands in the form.
#[derive(Clone, Copy)]
struct Draft {
    name: RwSignal<String>,
    email: RwSignal<String>,
    role: RwSignal<usize>,
}

impl Draft {
    fn of(form: &UserForm) -> Self {
        let role = ROLES.iter().position(|role| *role == form.role);
        Self {
            name: RwSignal::new(form.name.clone()),
            email: RwSignal::new(form.email.clone()),
            role: RwSignal::new(role.unwrap_or(1)),
        }
    }

    fn form(self) -> UserForm {
        UserForm {
            name: self.name.get(),
            email: self.email.get(),
            role: ROLES[self.role.get()],
        }
    }

    /// `own` when somebody edits himself: he cannot change his role.
    fn fields(self, state: FormState, own: bool) -> AnyView {
        let frozen = state.frozen();
        let note = if own {
            "You cannot change your own role. Another Administrator can."
        } else {
            ""
        };
        let choice = |label, text| RadioChoice {
            label,
            text,
            offered: true.into(),
        };
        let choices = vec![
            choice(
                "Administrator",
                "Manages API tokens and users, and sees secrets.",
            ),
            choice(
                "Viewer",
                "Reads everything but secrets, and changes nothing.",
            ),
        ];
        view! {
            <TextField id="name" label="Name" value=self.name frozen error=state.error("name")/>
            <TextField id="email" label="E-mail address" value=self.email frozen error=state.error("email")/>
            <RadioGroup
                id="role"
                label="Role"
                choices
                chosen=self.role
                choose=move |index| self.role.set(index)
                frozen=Signal::derive(move || own || frozen.get())
                note
                error=state.error("role")
            />
        }
        .erased()
    }
}

/// The form to invite somebody; to which account, when there is a choice: it begins with the one that the list is of.
/// `invited` is called with his invitation.
pub(super) fn invite_form(
    all_accounts: bool,
    listed: Option<AccountId>,
    invited: Callback<(String, Invitation)>,
    close: Callback<()>,
) -> AnyView {
    let begun = UserForm {
        name: String::new(),
        email: String::new(),
        role: Role::Viewer,
    };
    let draft = Draft::of(&begun);
    let listed = listed.map(|account| account.to_string());
    let shown = listed.clone();
    let account = RwSignal::new(listed.clone());
    let changed = Signal::derive(move || draft.form() != begun || account.get() != listed);
    let mut state = FormState::new(changed, close);
    state.complete =
        Signal::derive(move || changed.get() && (!all_accounts || account.with(Option::is_some)));
    let send = move |()| {
        state.send(|| {
            Box::pin(async move {
                let form = untrack(|| draft.form());
                let name = form.name.trim().to_owned();
                let account = account.get_untracked().and_then(|id| id.parse().ok());
                let change = UserChange::Invite(account, form);
                if let UserChanged::Invited(invitation) = change_user(change).await? {
                    invited.run((name, invitation));
                }
                Ok(())
            })
        });
    };
    let body = view! {
        {all_accounts.then(|| account_field(account, shown, state))}
        {draft.fields(state, false)}
    };
    FormDialog {
        title: "Invite a user".to_owned(),
        submit: "Invite",
        body: body.erased(),
        fields: FIELDS,
        state,
        send: Callback::new(send),
    }
    .view()
}

/// To which account somebody is invited. That of the list is offered also when it is not among the first by name.
fn account_field(
    account: RwSignal<Option<String>>,
    listed: Option<String>,
    state: FormState,
) -> AnyView {
    let choices = wire::load(|| (), |()| list_filter_choices());
    let field = move || {
        let found = choices.now();
        let failed = match &found {
            Some(Err(error)) => Some(error.message.clone()),
            _ => None,
        };
        let accounts = found.and_then(Result::ok).map(|found| found.accounts);
        let option = |named: Named| {
            let words = format!("{} · {}", named.name, named.id);
            (named.id, words)
        };
        let mut options: Vec<_> = accounts
            .unwrap_or_default()
            .into_iter()
            .map(option)
            .collect();
        if let Some(listed) = listed
            .clone()
            .filter(|id| options.iter().all(|(other, _)| other != id))
        {
            options.insert(0, (listed.clone(), listed));
        }
        view! {
            <SelectField
                id="account"
                label="Account"
                placeholder="Choose an account"
                options
                chosen=account
                choose=move |id| account.set(Some(id))
                frozen=state.frozen()
                error=Signal::derive(move || failed.clone().or_else(|| state.error("account").get()))
            />
        }
        .into_any()
    };
    crate::ui::changing(field).into_any()
}

/// The form to edit somebody. `done` is called when it was saved.
pub(super) fn user_form(user: UserRow, done: Callback<()>, close: Callback<()>) -> AnyView {
    let begun = UserForm {
        name: user.user.name.clone(),
        email: user.user.email.clone(),
        role: user.user.role,
    };
    let draft = Draft::of(&begun);
    let changed = Signal::derive(move || draft.form() != begun);
    let state = FormState::new(changed, close);
    let toasts = expect_context::<Toasts>();
    let (id, revision) = (user.user.id, user.revision);
    let send = move |()| {
        state.send(|| {
            Box::pin(async move {
                let form = untrack(|| draft.form());
                let name = form.name.trim().to_owned();
                change_user(UserChange::Edit(id, revision, form)).await?;
                toasts.say(format!("User \"{name}\" updated"));
                done.run(());
                Ok(())
            })
        });
    };
    FormDialog {
        title: format!("Edit user {}", user.user.name),
        submit: "Save",
        body: draft.fields(state, user.own),
        fields: FIELDS,
        state,
        send: Callback::new(send),
    }
    .view()
}

/// The id of the element with an invitation's address.
const ADDRESS: &str = "invitation-address";

/// The address that an invitation is, shown once.
#[expect(
    clippy::disallowed_methods,
    reason = "this is where an invitation is shown to whoever wrote it"
)]
pub(super) fn invitation_dialog(
    name: String,
    invitation: Invitation,
    close: Callback<()>,
) -> AnyView {
    let address = invitation.address.expose().to_owned();
    view! {
        <Dialog labelled_by="invitation-title" on_close=close>
            <div class="dialog-inner">
                <header><h2 id="invitation-title">"Invitation for "<bdi>{name.clone()}</bdi></h2></header>
                <div class="body">
                    <p>"Send this link to "<b><bdi>{name}</bdi></b>" only: whoever opens it first chooses the password. It is shown only now, and works once, within three days."</p>
                    <p class="secret">
                        <span class="secret-text" id=ADDRESS translate="no">{address.clone()}</span>
                        <CopyButton what="the invitation" text=address source=ADDRESS/>
                    </p>
                    <p class="sub">"If it is lost, choose Invite again in the user's menu for a new one. The old link then stops working."</p>
                </div>
                <footer>
                    <button type="button" class="btn primary" autofocus=true on:click=handler(move |_| close.run(()))>"Done"</button>
                </footer>
            </div>
        </Dialog>
    }
    .erased()
}
