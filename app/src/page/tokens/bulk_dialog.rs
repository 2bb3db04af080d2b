//! What is asked before several tokens are changed: how many, which not and why. Then it shows how far the change is.

use super::{
    Changes,
    attempt::{Attempt, trouble},
    bulk_plan::{WHAT, asks_number, planned},
    list::Shared,
    list_views::open,
    selection::{PICK_PAGE, Several},
};
use crate::{
    api::{bulk::change_tokens, tokens::list_filter_choices},
    browser::{self, Live},
    domain::{
        bulk::{BulkAction, BulkAnswer, BulkChange, BulkOrder, BulkPlan, BulkState, Reason},
        filter::Named,
        lifecycle::TokenAction,
        module::ModuleId,
    },
    error::{ApiError, ErrorCode},
    href,
    page::{Viewer, bulk::Following},
    ui::{Dialog, Erase as _, SelectField, Symbol, Toasts, changing, handler, icon},
};
use leptos::{prelude::*, task::spawn_local};

/// What the dialog shows.
enum Stage {
    /// The module is to be chosen, or the answer has not come.
    Asking,
    /// What it would do, and what that is.
    Planned(BulkAction, BulkPlan),
    /// It goes on, or has ended; as it was when it began.
    Begun(BulkChange),
}

impl Stage {
    /// Whether a token that was chosen is gone.
    fn misses_some(&self) -> bool {
        let Self::Planned(_, plan) = self else {
            return false;
        };
        let mut left_alone = plan.left_alone.iter();
        left_alone.any(|group| group.reason == Reason::Gone)
    }
}

#[derive(Clone, Copy)]
struct State {
    shared: Shared,
    several: Several,
    module: RwSignal<Option<String>>,
    stage: RwSignal<Stage>,
    attempt: RwSignal<Attempt>,
    changes: Changes,
    toasts: Toasts,
    /// What can be chosen, for what is about a module.
    modules: RwSignal<Vec<Named>>,
}

impl State {
    /// Asks for what the dialog begins with.
    fn begin(self) {
        if matches!(self.several, Several::Step(_)) || self.module.get_untracked().is_some() {
            self.plan();
            return;
        }
        self.attempt.set(Attempt::None);
        spawn_local(async move {
            match list_filter_choices().await {
                Ok(choices) => {
                    let _ = self.modules.try_set(choices.modules);
                }
                Err(error) => {
                    let _ = self.attempt.try_set(Attempt::Failed(error));
                }
            }
        });
    }

    fn action(self) -> Option<BulkAction> {
        let module = self.module.get_untracked();
        let module: Option<ModuleId> = module.and_then(|text| text.parse().ok());
        self.several.with(module)
    }

    /// Asks what it would do. What was told before is about something else by now.
    fn plan(self) {
        if let Some(action) = self.action() {
            self.stage.set(Stage::Asking);
            self.ask(action, None);
        }
    }

    /// Asks what it would do, or to do it to so many.
    fn ask(self, action: BulkAction, agreed: Option<u64>) {
        if self.attempt.with_untracked(Attempt::is_running) {
            return;
        }
        self.attempt.set(Attempt::Running);
        if agreed.is_some() {
            // The buttons are out of reach until it has begun.
            browser::focus_id(WHAT);
        }
        let query = self.shared.query.get_untracked();
        let choice = self.shared.selection.choice(&query);
        spawn_local(async move {
            let answer = change_tokens(BulkOrder { action, choice }, agreed).await;
            if !self.attempt.is_disposed() {
                self.take(action, answer);
            }
        });
    }

    fn take(self, action: BulkAction, answer: Result<BulkAnswer, ApiError>) {
        self.attempt.set(match answer {
            Ok(BulkAnswer::Planned(plan)) => {
                self.stage.set(Stage::Planned(action, plan));
                Attempt::None
            }
            Ok(BulkAnswer::Begun(change)) => {
                self.stage.set(Stage::Begun(change));
                // The button that was pressed is gone.
                browser::focus_id("several-close");
                Attempt::None
            }
            Err(error) => {
                if error.code != ErrorCode::Unauthenticated {
                    browser::focus_id("several-close");
                }
                Attempt::Failed(error)
            }
        });
    }

    /// Closes the dialog, unless a change is just being begun: it would begin all the same, unseen.
    fn leave(self) {
        if untrack(|| self.is_beginning()) {
            return;
        }
        if untrack(|| self.has_begun()) {
            self.refresh();
            self.close();
            return;
        }
        // Somebody else was quicker: the list shows how things stand.
        if self.stage.with_untracked(Stage::misses_some) {
            self.changes.raise();
        }
        self.shared.selection.asked.set(None);
    }

    /// Closes the dialog of a change. The button that opened it has gone with the selection.
    fn close(self) {
        self.shared.selection.asked.set(None);
        // After the dialog has given the focus back, which it does in the next frame.
        browser::after_question(|| {
            request_animation_frame(|| browser::focus_id(PICK_PAGE));
        });
    }

    fn has_begun(self) -> bool {
        self.stage.with(|stage| matches!(stage, Stage::Begun(_)))
    }

    fn is_beginning(self) -> bool {
        self.attempt.with(Attempt::is_running)
            && self.stage.with(|stage| matches!(stage, Stage::Planned(..)))
    }

    /// The list behind is no longer as it was.
    fn refresh(self) {
        self.shared.selection.clear();
        self.changes.raise();
    }

    /// What the end of a change means: one that changed all that was wanted needs no further look.
    fn ended(self, following: Following) {
        let change = following.change.get_untracked();
        self.refresh();
        if change.state == BulkState::Completed && change.left_alone == 0 {
            self.toasts.say(change.done());
            self.close();
        }
    }
}

/// The dialog, while something is asked.
pub(super) fn question(shared: Shared) -> impl IntoView {
    changing(move || {
        let asked = shared.selection.asked.get();
        asked.map(|several| dialog(shared, several))
    })
}

fn dialog(shared: Shared, several: Several) -> AnyView {
    let state = State {
        shared,
        several,
        module: RwSignal::new(None),
        stage: RwSignal::new(Stage::Asking),
        attempt: RwSignal::new(Attempt::None),
        changes: expect_context(),
        toasts: expect_context(),
        modules: RwSignal::new(Vec::new()),
    };
    let close = Callback::new(move |()| state.leave());
    Effect::new(move |_| state.begin());
    let email = Viewer::get().map(|viewer| viewer.email).unwrap_or_default();
    let again = Callback::new(move |()| state.begin());
    let typed = RwSignal::new(String::new());
    let open = open();
    let leave = Callback::new(move |address: String| {
        let open = open.clone();
        // The list is left, so it need not be fetched anew.
        shared.selection.clear();
        shared.selection.asked.set(None);
        browser::after_question(move || open(&address, false));
    });
    let body = move || {
        state.stage.with(|stage| match stage {
            Stage::Asking => ().into_any(),
            Stage::Planned(_, plan) => planned(several, plan, typed),
            Stage::Begun(change) => begun(state, change, leave),
        })
    };
    let title = match several {
        Several::Step(step) => format!("{} API tokens", step.label()),
        Several::Give => "Add a module to API tokens".to_owned(),
        Several::Take => "Remove a module from API tokens".to_owned(),
    };
    view! {
        <Dialog labelled_by="several-title" on_close=close>
            <form class="dialog-inner" method="post" novalidate=true on:submit=handler(move |event: leptos::ev::SubmitEvent| {
                event.prevent_default();
                if let Some((action, agreed)) = untrack(|| ready(state, typed)) {
                    state.ask(action, Some(agreed));
                }
            })>
                <header>
                    <h2 id="several-title">{title}</h2>
                    <a class="btn quiet icon" href=href::HELP_BULK target="_blank" aria-label="Help, in a new tab">{icon(Symbol::Help)}</a>
                </header>
                <div class="body">
                    {choose_module(state)}
                    {move || state.attempt.with(Attempt::is_running).then(|| view! { <progress class="loading" aria-label="Loading"></progress> }.erased())}
                    <div aria-live="polite">{changing(body)}</div>
                    {trouble(state.attempt, email, "go on", again)}
                </div>
                <footer>{foot(state, typed)}</footer>
            </form>
        </Dialog>
    }
    .erased()
}

/// What is agreed to, and for how many, once everything is as it has to be.
fn ready(state: State, typed: RwSignal<String>) -> Option<(BulkAction, u64)> {
    state.stage.with(|stage| {
        let Stage::Planned(action, plan) = stage else {
            return None;
        };
        let confirmed = !asks_number(state.several, plan)
            || typed.with(|typed| typed.trim().replace(',', "") == plan.tokens.to_string());
        (plan.tokens > 0 && confirmed).then_some((*action, plan.tokens))
    })
}

fn foot(state: State, typed: RwSignal<String>) -> AnyView {
    let waiting = Live::waiting();
    let class = match state.several {
        Several::Step(TokenAction::Delete) => "btn danger",
        _ => "btn primary",
    };
    let words = move || {
        state.stage.with(|stage| match stage {
            Stage::Planned(action, plan) if plan.tokens > 0 => {
                let module = plan.module.as_ref().map(|module| &*module.name);
                action.title(module.unwrap_or_default(), plan.tokens)
            }
            _ => String::new(),
        })
    };
    let go = move || {
        let words = words();
        (!words.is_empty()).then(|| {
            let held = move || ready(state, typed).is_none() || state.attempt.with(Attempt::is_running);
            view! { <button type="submit" class=class id="several-go" disabled=changing(held)><bdi>{words}</bdi></button> }.erased()
        })
    };
    let leave = move || {
        if state.has_begun() { "Close" } else { "Cancel" }
    };
    view! {
        <button type="button" class="btn quiet" id="several-close" autofocus=true disabled=move || waiting.get() || state.is_beginning() on:click=handler(move |_| state.leave())>{changing(leave)}</button>
        {changing(go)}
    }
    .erased()
}

/// The choice of a module, for what is about one.
fn choose_module(state: State) -> Option<AnyView> {
    if matches!(state.several, Several::Step(_)) {
        return None;
    }
    let frozen =
        Signal::derive(move || state.attempt.with(Attempt::is_running) || state.has_begun());
    let choose = Callback::new(move |id: String| {
        state.module.set(Some(id));
        state.plan();
    });
    let field = move || {
        let options = state
            .modules
            .get()
            .into_iter()
            .map(|module| (module.id, module.name));
        let options = options.collect();
        view! {
            <SelectField id="several-module" label="Module" placeholder="Choose a module" options chosen=state.module choose frozen error=Signal::stored(None::<String>)/>
        }
        .erased()
    };
    Some(changing(field).into_any())
}

fn begun(state: State, change: &BulkChange, leave: Callback<String>) -> AnyView {
    let (address, title) = (href::bulk_change(&change.id.to_string()), change.title());
    let following = Following::new(change.clone());
    Effect::new(move |_| {
        if following.has_ended() {
            state.ended(following);
        }
    });
    let follow = {
        let address = address.clone();
        move |event: leptos::ev::MouseEvent| {
            // In a tab of its own it leaves nothing.
            if !event.ctrl_key() && !event.meta_key() && !event.shift_key() {
                event.prevent_default();
                leave.run(address.clone());
            }
        }
    };
    let on = move || {
        (!following.is_over()).then(|| {
            view! { <p class="sub">"It goes on when you close this dialog or leave the page."</p> }.erased()
        })
    };
    view! {
        <p><b><bdi>{title}</bdi></b></p>
        {following.view()}
        {changing(on)}
        <p><a href=address.clone() on:click=handler(follow)>"Results for each API token"</a></p>
    }
    .erased()
}
