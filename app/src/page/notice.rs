//! What the server says about a plain form that it shows again: what was wrong, and what had been typed.
//!
//! Plain forms have no script, so all of this exists on the server only.

use crate::{error::FieldError, ui::Erase as _};
use leptos::prelude::*;

/// Put into the context by the server when it answers a failed form with its page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FormNotice {
    /// A sentence about the whole.
    pub message: Option<String>,
    /// Whether that sentence tells of success.
    pub done: bool,
    /// Sentences about single fields.
    pub fields: Vec<FieldError>,
    /// What had been typed, passwords excepted: name and text.
    pub values: Vec<(String, String)>,
}

impl FormNotice {
    /// The notice of this page; empty when it is shown for the first time.
    #[must_use]
    pub(crate) fn of_page() -> Self {
        use_context().unwrap_or_default()
    }

    /// What had been typed into this field, or is told of it.
    pub(super) fn value(&self, name: &str) -> String {
        self.values
            .iter()
            .find(|(other, _)| other == name)
            .map(|(_, value)| value.clone())
            .unwrap_or_default()
    }

    fn error(&self, name: &str) -> Option<String> {
        self.fields
            .iter()
            .find(|error| error.field == name)
            .map(|error| error.message.clone())
    }
}

/// The sentence about the whole, if there is one.
#[component]
pub(crate) fn NoticeMessage(notice: FormNotice) -> impl IntoView {
    let class = if notice.done {
        "notice ok"
    } else {
        "notice danger"
    };
    notice
        .message
        .map(|message| view! { <p class=class role="alert">{message}</p> }.erased())
}

/// A field of a plain form, with the text that had been typed and what is wrong with it.
#[component]
pub(crate) fn PlainField(
    notice: FormNotice,
    name: &'static str,
    label: &'static str,
    kind: &'static str,
    autocomplete: &'static str,
    #[prop(optional)] autofocus: bool,
    #[prop(optional)] hint: &'static str,
) -> impl IntoView {
    let message = format!("{name}-note");
    let error = notice.error(name);
    view! {
        <div class="form-row">
            <label for=name>{label}</label>
            <input
                class="field"
                type=kind
                id=name
                name=name
                autocomplete=autocomplete
                autofocus=autofocus
                required=true
                value=notice.value(name)
                aria-invalid=error.is_some().then_some("true")
                aria-describedby=message.clone()
            />
            <div class="row-foot" id=message>
                {match error {
                    Some(error) => view! { <span class="error">{error}</span> }.erased(),
                    None => view! { <span class="sub">{hint}</span> }.erased(),
                }}
            </div>
        </div>
    }
    .erased()
}
