//! A file that a person chose or dropped: sending it, and showing it without a way over the server.

use leptos::prelude::*;
use wasm_bindgen::JsValue;
use web_sys::{DragEvent, File, FileList, Url};

/// Posts a file as it is. Gives the status and the body, or nothing when the server was not reached.
pub async fn post_file(path: &str, file: &File) -> Option<(u16, String)> {
    super::post(path, None, file).await
}

/// An address of this page's own for a file, until [`forget_url`].
pub fn file_url(file: &File) -> Option<String> {
    Url::create_object_url_with_blob(file).ok()
}

/// Ends what [`file_url`] began.
pub fn forget_url(url: &str) {
    let _ = Url::revoke_object_url(url);
}

/// The file that was dropped; of several the first.
pub fn dropped_file(event: &DragEvent) -> Option<File> {
    first(event.data_transfer()?.files()?)
}

/// The file that a field of type `file` holds. The field is emptied, so that choosing the same file again is heard.
pub fn chosen_file(field: &web_sys::HtmlInputElement) -> Option<File> {
    let file = first(field.files()?);
    field.set_value("");
    file
}

fn first(files: FileList) -> Option<File> {
    files.get(0)
}

/// Whether files are dragged, and not text.
pub fn carries_files(event: &DragEvent) -> bool {
    let files = JsValue::from_str("Files");
    event
        .data_transfer()
        .is_some_and(|data| data.types().includes(&files, 0))
}

/// Keeps the browser from opening a file that is dropped beside its field, which would leave the page. Ends with
/// the component that calls it.
pub fn refuse_stray_files() {
    Effect::new(move |_| {
        let stay = |event: DragEvent| {
            if carries_files(&event) {
                event.prevent_default();
            }
        };
        let over = window_event_listener(leptos::ev::dragover, stay);
        let drop = window_event_listener(leptos::ev::drop, stay);
        on_cleanup(move || {
            over.remove();
            drop.remove();
        });
    });
}
