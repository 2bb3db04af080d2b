//! How to see and copy a secret.

use super::text::Part::{self, Head, Points, Steps, Text};

pub const PARTS: &[Part] = &[
    Text(
        "The secret is what a program presents. Whoever has it can do what the token may do. So it is hidden until \
         somebody asks, and each time it is shown or copied is recorded.",
    ),
    Head("Steps"),
    Steps(&[
        "Open [API tokens], and the token by its name.",
        "In the tab *General*, choose the eye to show the secret. Choose it again to hide it.",
        "Choose the button beside the eye to copy the secret. It need not be shown for that. A word beside it says \
         when it is copied.",
        "You may be asked for your password first, when you last entered it a while ago.",
    ]),
    Text(
        "The secret is hidden again after a minute, when you leave the page and when you sign out. What you copied \
         stays on your clipboard: paste it, then copy something else.",
    ),
    Head("Who may see it"),
    Points(&[
        "Administrators of the token's account, as far as the token allows: whenever they ask, or only the first of \
         them who asks. *Edit* shows what this token allows.",
        "Nobody, when the token is set so, or when the one person who could has seen it. The value is then no longer \
         stored anywhere.",
        "Viewers never, and people of other accounts never.",
    ]),
    Head("If something comes in between"),
    Points(&[
        "*Somebody else may have got the secret.* Disable the token at once; requests with it are refused from then \
         on. Add another token for the program, and delete the old one.",
        "*You have asked for many secrets in a short time.* Wait as long as the message says.",
        "*Your browser does not let the page copy.* The secret is selected instead; press `Ctrl` and `C`.",
        "*It was shown, and you did not ask.* The token's tab *Audit trail* says who did, when and from where.",
    ]),
];
