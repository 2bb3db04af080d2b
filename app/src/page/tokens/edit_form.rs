//! The form in the edit dialog: two steps, saving, and everything that can come in between.

use super::{
    conflict::{ConflictBox, Conflicts},
    draft::Draft,
    sign_in_again::SignInAgain,
};
use crate::{
    api::tokens::edit_token,
    browser::{self, Live},
    domain::{
        token::{EditOutcome, TokenEdit, TokenField, TokenForm},
        validate::DESCRIPTION_MAX,
    },
    error::{ApiError, ErrorCode},
    href::{self, Behind, EditStep},
    ui::{CheckboxList, Confirm, Dialog, ErrorSummary, Step, Stepper, TextArea, TextField, Toasts},
};
use leptos::{prelude::*, task::spawn_local};
use leptos_router::{NavigateOptions, hooks::use_navigate};

/// What became of the last attempt to save.
#[derive(Clone)]
enum Attempt {
    None,
    Running,
    Failed(ApiError),
}

/// The id of a field's element.
const fn element_id(field: TokenField) -> &'static str {
    match field {
        TokenField::Name => "token-name",
        TokenField::Description => "token-description",
        TokenField::Modules => "modules",
    }
}

const fn step_of(field: TokenField) -> EditStep {
    match field {
        TokenField::Name | TokenField::Description => EditStep::General,
        TokenField::Modules => EditStep::Modules,
    }
}

/// The dialog with its form. `email` is whom to ask for the password when the sign-in has ended; `saved` closes the
/// dialog and shows the new values.
#[component]
pub fn EditForm(
    form: TokenForm,
    email: String,
    step: Memo<EditStep>,
    behind: Memo<Behind>,
    close: Callback<()>,
    saved: Callback<()>,
) -> impl IntoView {
    let draft = Draft::new(&form);
    let dirty = draft.dirty();
    let id = form.token.id;
    let attempt = RwSignal::new(Attempt::None);
    let refused = RwSignal::new(None::<(TokenEdit, ApiError)>);
    let conflicts = RwSignal::new(None::<Conflicts>);
    let leaving = RwSignal::new(false);
    let done = RwSignal::new(false);
    let waiting = Live::waiting();

    let error = move |field: TokenField| {
        draft.error(field).or_else(|| {
            refused.with(|refused| {
                let (edit, error) = refused.as_ref()?;
                (*edit == draft.edit()).then(|| error.field(field.key()).map(str::to_owned))?
            })
        })
    };
    let errors = Memo::new(move |_| {
        TokenField::ALL
            .into_iter()
            .filter_map(|field| Some((element_id(field), error(field)?)))
            .collect::<Vec<_>>()
    });
    let wrong = move |step: EditStep| {
        Signal::derive(move || {
            TokenField::ALL
                .into_iter()
                .any(|field| step_of(field) == step && error(field).is_some())
        })
    };
    let running = move || attempt.with(|attempt| matches!(attempt, Attempt::Running));
    let undecided =
        move || conflicts.with(|conflicts| conflicts.as_ref().is_some_and(|c| !c.decided()));
    let can_save = Memo::new(move |_| {
        !waiting.get() && dirty.get() && errors.with(Vec::is_empty) && !running() && !undecided()
    });

    let save = Callback::new(move |()| {
        if !can_save.get_untracked() {
            return;
        }
        attempt.set(Attempt::Running);
        spawn_local(async move {
            let edit = untrack(|| draft.edit());
            let outcome = edit_token(id, edit.clone()).await;
            attempt.set(Attempt::None);
            match outcome {
                Ok(EditOutcome::Saved { token, over }) => {
                    done.set(true);
                    let beside = over.map_or_else(String::new, |stamp| {
                        format!(" beside a change by {}", stamp.by.name)
                    });
                    Toasts::say(format!("API token \"{}\" updated{beside}", token.name));
                    saved.run(());
                }
                Ok(EditOutcome::Outdated {
                    token,
                    conflicts: found,
                }) => {
                    draft.base.set(*token.clone());
                    conflicts.set(Some(Conflicts::new(edit, *token, found)));
                    browser::focus_id("conflicts");
                }
                Err(error) if error.code == ErrorCode::Invalid => refused.set(Some((edit, error))),
                Err(error) => attempt.set(Attempt::Failed(error)),
            }
        });
    });
    let unsaved = Signal::derive(move || dirty.get() && !done.get());
    let ask_to_close = Callback::new(move |()| {
        if unsaved.get_untracked() {
            leaving.set(true)
        } else {
            close.run(())
        }
    });
    browser::guard_leaving(unsaved, Callback::new(move |()| leaving.set(true)));

    let navigate = use_navigate();
    let go_to_step = Callback::new(move |step: EditStep| {
        let options = NavigateOptions {
            replace: true,
            scroll: false,
            ..NavigateOptions::default()
        };
        navigate(
            &href::edit_token(&id.to_string(), step, &behind.get_untracked()),
            options,
        );
    });
    let go_to_field = Callback::new(move |element: &'static str| {
        let field = TokenField::ALL
            .into_iter()
            .find(|field| element_id(*field) == element);
        go_to_step.run(field.map_or(EditStep::General, step_of));
        browser::focus_id(element);
    });
    let steps = [
        ("General", EditStep::General),
        ("Modules", EditStep::Modules),
    ];
    let step_list = steps
        .iter()
        .map(|(label, step)| Step {
            label,
            wrong: wrong(*step),
        })
        .collect::<Vec<_>>();
    let current = Signal::derive(move || {
        steps
            .iter()
            .position(|(_, other)| *other == step.get())
            .unwrap_or(0)
    });

    view! {
        <Dialog labelled_by="edit-title" on_close=ask_to_close>
            <form class="dialog-inner" method="post" novalidate=true on:submit=move |event| {
                event.prevent_default();
                save.run(());
            }>
                <header><h2 id="edit-title">"Edit API token"</h2></header>
                <div class="body">
                    <Stepper steps=step_list current go=Callback::new(move |index: usize| go_to_step.run(steps[index].1))/>
                    <div class="form">
                        {trouble(attempt, email, save)}
                        <ConflictBox conflicts draft choices=form.choices.clone()/>
                        <ErrorSummary errors go=go_to_field/>
                        <div class="step-fields" hidden=move || step.get() != EditStep::General>
                            <TextField id="token-name" label=TokenField::Name.label() value=draft.name error=Signal::derive(move || error(TokenField::Name))/>
                            <TextArea
                                id="token-description"
                                label=TokenField::Description.label()
                                value=draft.description
                                max=DESCRIPTION_MAX
                                error=Signal::derive(move || error(TokenField::Description))
                            />
                        </div>
                        <div class="step-fields" hidden=move || step.get() != EditStep::Modules>
                            <CheckboxList choices=form.choices chosen=draft.modules/>
                            {move || error(TokenField::Modules).map(|error| view! { <span class="error">{error}</span> }.into_any())}
                        </div>
                    </div>
                </div>
                <footer>
                    <button type="button" class="btn quiet" disabled=waiting on:click=move |_| ask_to_close.run(())>"Close"</button>
                    <button type="submit" class="btn primary" disabled=move || !can_save.get() aria-busy=move || running().to_string()>
                        {move || if running() { "Saving…" } else { "Save" }}
                    </button>
                </footer>
            </form>
        </Dialog>
        {move || leaving.get().then(|| view! {
            <Confirm
                title="Discard your changes?"
                text="What you changed in this token is not saved yet. If you leave now, it is lost."
                yes="Discard changes"
                no="Keep editing"
                on_yes=Callback::new(move |()| {
                    done.set(true);
                    leaving.set(false);
                    close.run(());
                })
                on_no=Callback::new(move |()| leaving.set(false))
            />
        }.into_any())}
    }
}

/// Why the last attempt did not go through, and what to do about it.
fn trouble(attempt: RwSignal<Attempt>, email: String, save: Callback<()>) -> impl IntoView {
    let email = StoredValue::new(email);
    move || match attempt.get() {
        Attempt::None | Attempt::Running => ().into_any(),
        Attempt::Failed(error) if error.code == ErrorCode::Unauthenticated => {
            let signed_in = Callback::new(move |()| {
                attempt.set(Attempt::None);
                save.run(());
            });
            view! { <SignInAgain email=email.get_value() signed_in/> }.into_any()
        }
        Attempt::Failed(error) => view! {
            <div class="notice danger" role="alert">
                <p>{error.message}</p>
                {error.request_id.map(|id| view! { <p class="sub">"Request "{id}</p> }.into_any())}
            </div>
        }
        .into_any(),
    }
}
