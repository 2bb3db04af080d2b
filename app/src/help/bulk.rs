//! How to change several tokens at once.

use super::text::Part::{self, Head, Points, Steps, Text};

pub const PARTS: &[Part] = &[
    Text(
        "You can disable, enable or delete several API tokens in one go, or add a module to them or remove one, up to a \
         million of them.",
    ),
    Head("Steps"),
    Steps(&[
        "Open [API tokens], and narrow the list to the tokens that you mean.",
        "Tick the tokens, or *Select page*. To take all that the list holds on all its pages, press *Select all* beside \
         it. Of these, too, you can take single ones out again.",
        "Choose what is to be done: *Disable*, *Enable*, *Add a module*, *Remove a module* or *Delete*.",
        "The dialog says how many tokens will be changed, and which are left alone and why. Confirm it.",
        "Watch it, or close the dialog: it goes on by itself, also when you sign out or Latchkey is started again.",
    ]),
    Head("What happens"),
    Points(&[
        "Each token is changed on its own, and from that moment its programs are let in or refused. The [Audit trail] has \
         a record for each token, and one for the whole when it has ended.",
        "Tokens that nothing would change for are left alone: one that is disabled already, or whose account does not have \
         the module.",
        "Which tokens are meant is fixed when you confirm. Tokens that are added later are not changed, and those that the \
         dialog left alone stay as they are.",
        "Deleting tokens of which some were used in the last seven days asks you to type how many they are.",
        "Changes of one account are done one after the other, in the order in which they were begun. \
         The page of one that waits says for which.",
    ]),
    Head("If something comes in between"),
    Points(&[
        "*You want to end it.* Press *Stop*. What was done until then stays done, and the page of the change says which \
         tokens were not reached.",
        "*You closed the page.* [Bulk changes] has every change of the last 30 days, and what became of each token.",
        "*The person who began it is disabled, or made a Viewer.* Then it stops by itself.",
    ]),
    Text("You see no boxes? Then you are a Viewer. An Administrator of your account can do this."),
];
