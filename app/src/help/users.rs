//! How to invite people and to change what they may do.

use super::text::Part::{self, Head, Points, Steps, Text};

pub const PARTS: &[Part] = &[
    Text(
        "*Administrators* manage API tokens and users, and see secrets. *Viewers* read everything but secrets. Only \
         Administrators see [Users].",
    ),
    Head("Invite somebody"),
    Steps(&[
        "Open [Users] and choose *Invite*.",
        "Enter name and e-mail address, and choose a role.",
        "Copy the link that is shown and send it to that person, and nobody else: whoever opens it first chooses the \
         password. It works once, and for three days.",
    ]),
    Text(
        "Latchkey sends no e-mail. Is the link lost or too old? Choose *Invite again* in the person's menu *•••*; the old \
         link then stops working.",
    ),
    Head("Change and end"),
    Points(&[
        "*Edit*: name, e-mail address, role. Somebody signs in with the new address from then on.",
        "*End sign-ins*: the person is signed out everywhere, and can sign in again at once.",
        "*Disable*: for somebody who leaves. The person is signed out and can no longer sign in, and you choose what \
         becomes of the API tokens that the person made: keep them, disable them, or hand them over to a colleague.",
        "*Enable*: the person can sign in again, with the same password.",
    ]),
    Text(
        "Everybody changes the own name under *Your profile* in the menu at the top right, Viewers too. The [Audit trail] \
         has it, before and after.",
    ),
    Head("What cannot be done"),
    Points(&[
        "The last active Administrator of an account stays one. Make somebody else Administrator first.",
        "You cannot disable yourself or change your own role. Ask another Administrator.",
        "Nobody is ever removed: the [Audit trail] names people for good.",
    ]),
];
