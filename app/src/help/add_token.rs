//! How to add a token.

use super::text::Part::{self, Head, Points, Steps, Text};

pub const PARTS: &[Part] = &[
    Text(
        "An API token lets a program use your platform in your account's name. You choose what it opens. At the end \
         you get its secret, which the program presents with each request.",
    ),
    Head("Steps"),
    Steps(&[
        "Open [API tokens] and choose *Add*.",
        "In the step *General*, type a name that will tell you later which program this is. A description and a logo \
         are optional: click the field for the logo or drop a PNG or JPEG of at most 5 MB on it. If you see tokens of \
         several accounts, choose the account first.",
        "Choose who may see the secret later: Administrators of the account whenever they ask, the first of them who \
         asks, or nobody. You can make this stricter later, never looser.",
        "In the step *Modules*, tick what the token may use. Give it no more than the program needs.",
        "In the step *Overview*, look everything over and choose *Add*.",
        "The *Summary* has the secret, hidden at first. Copy it and put it where your program keeps its settings. Then \
         choose *View details* or *Close*.",
    ]),
    Head("If something comes in between"),
    Points(&[
        "*You go back a step or reload the page.* What you typed is still there. A secret is never kept: after the \
         summary it can be seen only on the token's page, if you allowed that.",
        "*A logo or a name is not accepted.* A sentence beside the field says why. Nothing else is lost.",
        "*You are not sure whether the token was added.* Look at the list: choosing *Add* twice adds one token.",
        "*The secret is gone and nobody may see it.* It cannot be brought back. Add another token, and delete this \
         one.",
    ]),
    Text(
        "You see no *Add*? Then you are a Viewer. An Administrator of your account can add tokens.",
    ),
];
