//! The form for an account: a new one, or one that is edited.

use super::{
    form::{FormDialog, FormState},
    loss::question,
};
use crate::{
    api::administration::{change_account, list_module_offers},
    domain::{
        account::{AccountChange, AccountForm, AccountRef, AccountRow, AccountType},
        directory::{Loss, Outcome},
        icon::IconId,
        module::{ModuleId, ModuleOffer},
        token::ModuleChoice,
    },
    error::ApiError,
    href,
    ui::{
        CheckboxList, Dialog, Erase as _, Failure, Logo, LogoField, SelectField, TextField, Toasts,
        changing, handler,
    },
    wire,
};
use leptos::prelude::*;
use std::collections::BTreeSet;

const FIELDS: &[&str] = &["icon", "name", "kind", "modules"];

/// What stands in the form.
#[derive(Clone, Copy)]
struct Draft {
    name: RwSignal<String>,
    kind: RwSignal<Option<AccountType>>,
    modules: RwSignal<BTreeSet<ModuleId>>,
    logo: Logo,
}

/// Everything that is entered, as far as it is.
type Entered = (
    String,
    Option<AccountType>,
    BTreeSet<ModuleId>,
    Option<IconId>,
);

impl Draft {
    fn entered(self) -> Entered {
        let (name, kind) = (self.name.get(), self.kind.get());
        (name, kind, self.modules.get(), self.logo.value.get())
    }

    fn form(self) -> Option<AccountForm> {
        Some(AccountForm {
            name: self.name.get(),
            kind: self.kind.get()?,
            modules: self.modules.get().into_iter().collect(),
            icon: self.logo.value.get(),
        })
    }
}

/// The form for `account`, or for a new one, once the modules that it can have are there. `done` is called when it was saved.
pub(super) fn account_form(
    account: Option<AccountRow>,
    done: Callback<()>,
    close: Callback<()>,
) -> AnyView {
    let offers = wire::load(|| (), |()| list_module_offers());
    let opened = StoredValue::new(account);
    let now = move || match offers.now() {
        None => waiting(None, close),
        Some(Err(error)) => waiting(Some(error), close),
        Some(Ok(offers)) => form(opened.get_value(), offers, done, close),
    };
    changing(now).into_any()
}

/// What stands there until the modules have come.
fn waiting(error: Option<ApiError>, close: Callback<()>) -> AnyView {
    let body = match error {
        Some(error) => view! { <Failure error/> }.into_any(),
        None => view! { <progress class="loading" aria-label="Loading"></progress> }.erased(),
    };
    view! {
        <Dialog labelled_by="form-title" on_close=close>
            <div class="dialog-inner">
                <header><h2 id="form-title">"Account"</h2></header>
                <div class="body">{body}</div>
                <footer><button type="button" class="btn quiet" on:click=handler(move |_| close.run(()))>"Close"</button></footer>
            </div>
        </Dialog>
    }
    .erased()
}

fn form(
    account: Option<AccountRow>,
    offers: Vec<ModuleOffer>,
    done: Callback<()>,
    close: Callback<()>,
) -> AnyView {
    let draft = Draft {
        name: RwSignal::new(String::new()),
        kind: RwSignal::new(None),
        modules: RwSignal::new(BTreeSet::new()),
        logo: Logo::new(RwSignal::new(None)),
    };
    if let Some(row) = &account {
        draft.logo.value.set(row.account.icon.clone());
        draft.name.set(row.account.name.clone());
        draft.kind.set(Some(row.account.kind));
        draft.modules.set(row.modules.iter().copied().collect());
    }
    let begun = untrack(|| draft.entered());
    let had = untrack(|| draft.modules.get());
    let is_new = account.is_none();
    let title = account.as_ref().map_or_else(
        || "Add account".to_owned(),
        |row| format!("Edit account {}", row.account.name),
    );
    let changed = Signal::derive(move || draft.entered() != begun || draft.logo.sending.get());
    let mut state = FormState::new(changed, close);
    state.complete = Signal::derive(move || {
        changed.get() && draft.form().is_some() && !draft.logo.sending.get()
    });
    let loss = RwSignal::new(None::<Loss>);
    let toasts = expect_context::<Toasts>();
    let id = StoredValue::new(account.as_ref().map(|row| (row.account.id, row.revision)));
    let save = Callback::new(move |agreed: u64| {
        let Some(form) = untrack(|| draft.form()) else {
            return;
        };
        state.send(|| {
            Box::pin(async move {
                let name = form.name.trim().to_owned();
                let change = match id.get_value() {
                    None => AccountChange::Add(form),
                    Some((id, revision)) => AccountChange::Edit(id, revision, form, agreed),
                };
                match change_account(change).await? {
                    Outcome::Loses(told) => loss.set(Some(told)),
                    Outcome::Done => {
                        let what = if is_new { "added" } else { "updated" };
                        toasts.say(format!("Account \"{name}\" {what}"));
                        done.run(());
                    }
                }
                Ok(())
            })
        });
    });
    let known = offers.clone();
    let question = question(
        loss,
        Signal::derive(move || draft.modules.with(|kept| names(&known, &had, kept))),
        state.running.into(),
        save,
    );
    let dialog = FormDialog {
        title,
        submit: if is_new { "Add" } else { "Save" },
        body: fields(draft, state, offers, account.map(|row| row.account)),
        fields: FIELDS,
        state,
        send: Callback::new(move |()| save.run(0)),
    };
    view! { {dialog.view()}{question} }.erased()
}

/// The names of the modules that were there and are no more.
fn names(known: &[ModuleOffer], had: &BTreeSet<ModuleId>, kept: &BTreeSet<ModuleId>) -> String {
    let lost = known.iter().map(|offer| &offer.module);
    let lost = lost.filter(|module| had.contains(&module.id) && !kept.contains(&module.id));
    let names = lost.map(|module| module.name.as_str());
    names.collect::<Vec<_>>().join(", ")
}

fn fields(
    draft: Draft,
    state: FormState,
    offers: Vec<ModuleOffer>,
    account: Option<AccountRef>,
) -> AnyView {
    let is_new = account.is_none();
    let stored =
        account.and_then(|account| Some((account.icon.clone()?, href::account_icon(&account)?)));
    let frozen = state.frozen();
    let kinds = AccountType::ALL.map(|kind| (kind.as_str().to_owned(), kind.as_str().to_owned()));
    let chosen = move || draft.kind.get().map(|kind| kind.as_str().to_owned());
    let choose = move |word: String| {
        let kind = AccountType::ALL
            .into_iter()
            .find(|kind| kind.as_str() == word);
        draft.kind.set(kind);
    };
    let kind_frozen = Signal::derive(move || frozen.get() || !is_new);
    let offers = StoredValue::new(offers);
    // Another type has other modules to choose from.
    let list = move || {
        let kind = draft.kind.get()?;
        let fitting = offers.with_value(|offers| {
            let fitting = offers.iter().filter(|offer| offer.types.contains(&kind));
            let choices = fitting.map(|offer| ModuleChoice {
                module: offer.module.clone(),
                fixed: false,
            });
            choices.collect::<Vec<_>>()
        });
        if is_new {
            let fits: BTreeSet<_> = fitting.iter().map(|choice| choice.module.id).collect();
            draft
                .modules
                .update(|chosen| chosen.retain(|id| fits.contains(id)));
        }
        Some(
            view! { <CheckboxList choices=fitting chosen=draft.modules frozen error=state.error("modules")/> },
        )
    };
    view! {
        <LogoField id="icon" label="Logo" logo=draft.logo stored=Signal::stored(stored) frozen error=state.error("icon")/>
        <TextField id="name" label="Account name" value=draft.name frozen error=state.error("name")/>
        <SelectField
            id="kind"
            label="Type (cannot be changed later)"
            placeholder="Choose a type"
            options=kinds.to_vec()
            chosen=Signal::derive(chosen)
            choose
            frozen=kind_frozen
            error=state.error("kind")
        />
        {list}
    }
    .erased()
}
