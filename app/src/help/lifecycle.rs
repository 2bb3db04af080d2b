//! How to disable, enable and delete a token.

use super::text::Part::{self, Head, Points, Steps, Text};

pub const PARTS: &[Part] = &[
    Text(
        "Only an Active token opens anything. Disable one to stop a program for a while, delete it to stop it for \
         good. Both hold from the program's next request.",
    ),
    Head("Steps"),
    Steps(&[
        "Open [API tokens].",
        "In the token's row, open the menu *•••*. Or open the token by its name, and then the menu *▾* beside *Edit*.",
        "Choose *Disable*, *Enable* or *Delete*. You are offered what can be done with the token as it stands.",
        "The dialog names the token and says what will happen. Confirm it. A message says that it is done.",
    ]),
    Head("What each means"),
    Points(&[
        "*Disable*: requests with this token are refused until somebody enables it again. Its secret, modules and \
         everything else stay.",
        "*Enable*: the same secret opens the same modules again.",
        "*Delete*: this cannot be undone. The token disappears from your list, and its stored secret is destroyed. A \
         token that was used in the last seven days is deleted only when you type its name, since a program may still \
         need it.",
    ]),
    Head("If something comes in between"),
    Points(&[
        "*Somebody else was first.* The message says what the token is now, and who did it. Nothing else happened.",
        "*You deleted the wrong token.* Add another one and give its secret to the program. The [Audit trail] still \
         has the old token's name and modules.",
    ]),
    Text("You see no menu? Then you are a Viewer. An Administrator of your account can do this."),
];
