//! Help pages: one short page a task, for the people who do it.

use crate::{href, ui::page_title};
use leptos::prelude::*;

/// How to edit an API token.
#[component]
pub fn EditTokenHelp() -> impl IntoView {
    view! {
        {page_title("Help: edit an API token")}
        <div class="card narrow"><article class="help-page">
            <h1>"Edit an API token"</h1>
            <p>
                "You can change a token's name and description, and which modules it may use. Programs go on with the "
                "same secret; a change of modules counts from their next request."
            </p>
            <h2>"Steps"</h2>
            <ol>
                <li>"Open " <a href=href::TOKENS>"API tokens"</a> "."</li>
                <li>"In the token's row, open the menu " <b>"•••"</b> " and choose " <b>"Edit"</b> ". Or open the token by its name and choose " <b>"Edit"</b> "."</li>
                <li>"In the step " <b>"General"</b> ", change the name or the description."</li>
                <li>"In the step " <b>"Modules"</b> ", tick what the token may use. Type into the search field to find a module by name or id."</li>
                <li>"Choose " <b>"Save"</b> ". It can be chosen once something has changed and nothing is wrong. A message confirms the change."</li>
            </ol>
            <h2>"If something comes in between"</h2>
            <ul>
                <li><b>"Somebody else changed the token meanwhile."</b> " Nothing is saved yet. The dialog shows each field that differs, and who changed it. Keep yours or take theirs, then save."</li>
                <li><b>"Your sign-in has ended."</b> " Enter your password in the dialog and go on; what you typed is still there."</li>
                <li><b>"Latchkey cannot be reached."</b> " Leave the dialog open and save again later."</li>
                <li><b>"A module cannot be changed."</b> " The operator of the platform has set it for every token."</li>
            </ul>
            <h2>"Keys"</h2>
            <p><kbd>"/"</kbd> " goes to the search field. " <kbd>"Escape"</kbd> " closes the dialog; it asks first when something would be lost."</p>
            <p>"You see no " <b>"Edit"</b> "? Then you are a Viewer. An Administrator of your account can change tokens."</p>
        </article></div>
    }
}
