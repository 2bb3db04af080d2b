//! The field for a picture: click or drop, preview, remove. The file goes to the server at once; the form then names
//! what the server kept.

use super::{Erase as _, Symbol, changing, field::field_message, handler, icon};
use crate::{
    browser,
    domain::icon::{FILE_MAX, IconId},
    error::{ApiError, ErrorCode},
    href, json,
};
use leptos::{prelude::*, task::spawn_local};
use web_sys::{DragEvent, File};

/// A picture that is being chosen.
#[derive(Clone, Copy)]
pub struct Logo {
    /// The picture: one that was there, one that was uploaded, or none.
    pub value: RwSignal<Option<IconId>>,
    /// Whether a file is on its way.
    pub sending: RwSignal<bool>,
    /// Why the last file was not taken.
    problem: RwSignal<Option<String>>,
    /// The picture that was uploaded here, with the address that shows it.
    uploaded: RwSignal<Option<(IconId, String)>>,
    /// The newest file; the answer to an older one counts for nothing.
    newest: StoredValue<u32>,
}

impl Logo {
    /// The state of the field whose value is `value`. What it holds of the browser ends with the current component.
    pub fn new(value: RwSignal<Option<IconId>>) -> Self {
        let uploaded = RwSignal::new(None::<(IconId, String)>);
        on_cleanup(move || {
            if let Some(Some((_, url))) = uploaded.try_get_untracked() {
                browser::forget_url(&url);
            }
        });
        Self {
            value,
            sending: RwSignal::new(false),
            problem: RwSignal::new(None),
            uploaded,
            newest: StoredValue::new(0),
        }
    }

    /// Where the picture can be seen, unless it was uploaded before the page was loaded. `stored` is the picture that
    /// was there, with its address.
    pub fn source(self, stored: Signal<Option<(IconId, String)>>) -> Option<String> {
        let value = self.value.get()?;
        [self.uploaded.get(), stored.get()]
            .into_iter()
            .flatten()
            .find_map(|(icon, address)| (icon == value).then_some(address))
    }

    /// Why the last file was not taken, which may turn out when the person has gone on.
    pub fn problem(self) -> Option<String> {
        self.problem.get()
    }

    /// Sends a file, unless it can be seen here already that it is none to take.
    fn send(self, file: File) {
        let number = self.begin();
        if let Err(problem) = check(&file) {
            self.problem.set(Some(problem.to_owned()));
            return;
        }
        self.sending.set(true);
        spawn_local(async move {
            let answer = browser::post_file(href::UPLOAD_ICON, &file).await;
            if self.newest.try_get_value() != Some(number) {
                return;
            }
            self.sending.set(false);
            match kept_picture(answer) {
                Ok(icon) => self.take(icon, &file),
                Err(problem) => self.problem.set(Some(problem)),
            }
        });
    }

    fn take(self, icon: IconId, file: &File) {
        let seen = browser::file_url(file).map(|url| (icon.clone(), url));
        if let Some((_, old)) = self.uploaded.get_untracked() {
            browser::forget_url(&old);
        }
        self.uploaded.set(seen);
        self.value.set(Some(icon));
    }

    /// Takes the picture away, or the file that is on its way.
    fn remove(self) {
        self.begin();
        self.value.set(None);
    }

    /// Forgets what was under way, and gives what comes now its number.
    fn begin(self) -> u32 {
        self.problem.set(None);
        self.sending.set(false);
        self.newest.update_value(|number| *number += 1);
        self.newest.get_value()
    }
}

fn check(file: &File) -> Result<(), &'static str> {
    #[expect(clippy::cast_precision_loss, reason = "5 MiB are exact in a double")]
    let most = FILE_MAX as f64;
    if !["image/png", "image/jpeg"].contains(&file.type_().as_str()) {
        Err("This is not a PNG or JPEG picture. Choose another file.")
    } else if file.size() > most {
        Err("This file is larger than 5 MB. Choose a smaller one.")
    } else {
        Ok(())
    }
}

/// What the server kept, or the sentence that stands beside the field.
fn kept_picture(answer: Option<(u16, String)>) -> Result<IconId, String> {
    let Some((status, body)) = answer else {
        return Err(
            "Latchkey could not be reached, so the picture was not sent. Check the connection and choose it again."
                .into(),
        );
    };
    if status == 200
        && let Ok(icon) = json::read(body.as_bytes())
    {
        return Ok(icon);
    }
    Err(match json::read::<ApiError>(body.as_bytes()) {
        Ok(error) if error.code == ErrorCode::Unauthenticated => {
            "Your sign-in has ended, so the picture was not sent. Sign in again in another tab, then choose it again."
                .into()
        }
        Ok(error) => error.field("icon").map_or(error.message.clone(), str::to_owned),
        Err(_) if status == 413 => "This file is larger than 5 MB. Choose a smaller one.".into(),
        Err(_) => "The picture was not taken. Choose it again, or go on without one.".into(),
    })
}

/// The field. `stored` is the picture that was there when the form was opened, with its address.
#[component]
pub fn LogoField(
    id: &'static str,
    label: &'static str,
    logo: Logo,
    #[prop(into)] stored: Signal<Option<(IconId, String)>>,
    /// Nothing can be chosen now.
    frozen: Signal<bool>,
    #[prop(into)] error: Signal<Option<String>>,
) -> impl IntoView {
    browser::refuse_stray_files();
    let over = RwSignal::new(false);
    let problem = Signal::derive(move || logo.problem.get().or_else(|| error.get()));
    let (message, hint, state) = (
        format!("{id}-error"),
        format!("{id}-hint"),
        format!("{id}-state"),
    );
    let described_by = format!("{hint} {state} {message}");
    let dragged = move |event: DragEvent| {
        if browser::carries_files(&event) {
            event.prevent_default();
            over.set(!frozen.get_untracked());
        }
    };
    let dropped = move |event: DragEvent| {
        over.set(false);
        if let Some(file) = browser::dropped_file(&event) {
            event.prevent_default();
            if !frozen.get_untracked() {
                logo.send(file);
            }
        }
    };
    view! {
        <div class="form-row logo">
            <label for=id>{label}" "<span class="opt">"Optional"</span></label>
            <div class="drop" class:over=over on:dragenter=handler(dragged) on:dragover=handler(dragged) on:dragleave=handler(move |_| over.set(false)) on:drop=handler(dropped)>
                {logo_picture(logo, stored)}
                <span>
                    <b>"Choose a file"</b>" or drop one here"
                    <span class="sub" id=hint>"PNG or JPEG, at most 5 MB"</span>
                </span>
                <input
                    type="file"
                    id=id
                    accept="image/png,image/jpeg"
                    disabled=frozen
                    aria-describedby=described_by
                    aria-invalid=move || problem.get().is_some().then_some("true")
                    on:change:target=move |event| if let Some(file) = browser::chosen_file(&event.target()) {
                        logo.send(file);
                    }
                />
            </div>
            <div class="row-foot">
                {field_message(message, problem)}
                <span class="sub" id=state role="status">{move || words(logo)}</span>
                {move || (logo.sending.get() || logo.value.with(Option::is_some)).then(|| view! {
                    <button type="button" class="btn quiet small" disabled=frozen on:click=handler(move |_| {
                        logo.remove();
                        browser::focus_id(id);
                    })>{move || if logo.sending.get() { "Cancel" } else { "Remove logo" }}</button>
                }.erased())}
            </div>
        </div>
    }
    .erased()
}

fn words(logo: Logo) -> &'static str {
    if logo.sending.get() {
        "Sending the picture…"
    } else if logo.value.with(Option::is_some) {
        "A logo is chosen."
    } else {
        ""
    }
}

/// The picture, or what stands for it.
fn logo_picture(logo: Logo, stored: Signal<Option<(IconId, String)>>) -> impl IntoView {
    changing(move || {
        if let Some(address) = logo.source(stored) {
            view! { <img class="avatar lg" src=address alt="Preview of the logo"/> }.erased()
        } else {
            let chosen = logo.value.with(Option::is_some);
            let symbol = if chosen { Symbol::Check } else { Symbol::Up };
            view! { <span class="avatar lg">{icon(symbol)}</span> }.erased()
        }
    })
}
