//! How Operations manage accounts.

use super::text::Part::{self, Head, Points, Steps, Text};

pub const PARTS: &[Part] = &[
    Text(
        "An account is a tenant with its own people and API tokens; nobody sees anything of another account. Only people \
         of an Operations account see [Accounts].",
    ),
    Head("Add an account"),
    Steps(&[
        "Open [Accounts] and choose *Add*.",
        "Enter a name and choose a type. The type stays for good: *Client* uses the platform, *Vendor* offers something on \
         it, *Operations* runs it and sees every account.",
        "Choose its *Logo*, if it has one: a PNG or JPEG picture, at most 5 MB.",
        "Tick the modules that its tokens may have.",
        "Open [Users], choose *Invite*, and invite its first Administrator.",
    ]),
    Head("Change one"),
    Points(&[
        "*Edit*: its logo, its name and its modules. Before tokens lose a module, you are shown which, and when they were last used.",
        "*Disable*: its people are signed out and cannot sign in. Its API tokens go on; disable those one by one if they are \
         to stop.",
        "*Enable*: its people can sign in again.",
    ]),
    Text("All of it is in the [Audit trail], where people of that account see it too."),
];
