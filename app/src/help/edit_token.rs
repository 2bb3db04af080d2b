//! How to edit a token.

use super::text::Part::{self, Head, Points, Steps, Text};

pub const PARTS: &[Part] = &[
    Text(
        "You can change a token's logo, name and description, who may see its secret later, and which modules it may \
         use. Programs go on with the same secret; a change of modules counts from their next request.",
    ),
    Head("Steps"),
    Steps(&[
        "Open [API tokens].",
        "In the token's row, open the menu *•••* and choose *Edit*. Or open the token by its name and choose *Edit*.",
        "In the step *General*, change what you like. Who may see the secret later can only be made stricter: fewer \
         people, or nobody.",
        "In the step *Modules*, tick what the token may use. Type into the search field to find a module by name or \
         id.",
        "Choose *Save*. It can be chosen once something has changed and nothing is wrong. A message confirms the \
         change.",
    ]),
    Head("If something comes in between"),
    Points(&[
        "*Somebody else changed the token meanwhile.* Nothing is saved yet. The dialog shows each field that differs, \
         and who changed it. Keep yours or take theirs, then save.",
        "*Your sign-in has ended.* Enter your password in the dialog and go on; what you typed is still there.",
        "*Latchkey cannot be reached.* Leave the dialog open and save again later.",
        "*A module cannot be changed.* The operator of the platform has set it for every token.",
    ]),
    Head("Keys"),
    Text(
        "`/` goes to the search field. `Escape` closes the dialog; it asks first when something would be lost.",
    ),
    Text(
        "You see no *Edit*? Then you are a Viewer. An Administrator of your account can change tokens.",
    ),
];
