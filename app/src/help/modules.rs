//! What modules are, and how Operations define them.

use super::text::Part::{self, Head, Points, Steps, Text};

pub const PARTS: &[Part] = &[
    Text(
        "A module is an area of the platform. An API token opens the modules that it has, and nothing else. [Modules] \
         shows those of your account, how each is given, and how many tokens have it; the number leads to these tokens.",
    ),
    Head("How a module is given"),
    Points(&[
        "*By choice*: you tick it when you add or edit a token.",
        "*To every token*: all tokens of your account have it, and no choice is offered.",
        "*To no token*: the platform gives it out itself.",
    ]),
    Head("For Operations: define and change one"),
    Steps(&[
        "Open [Modules] and choose *Add*, or *Edit* in a module's menu *•••*.",
        "Enter a name and a code. Gateways and services ask for the code, so it stays for good.",
        "Choose which types of account may have it, and how it is given.",
        "Give it to accounts: open [Accounts] and edit one.",
    ]),
    Head("For Operations: take one away"),
    Points(&[
        "From one account: edit the account, and untick the module.",
        "From all: *Retire* the module. It can be brought back, and then nobody has it until you give it again.",
        "In both cases you are shown first which tokens lose it and when they were last used. It then happens all at once, \
         and each token's trail says so.",
        "The four modules that Latchkey itself uses cannot be changed or retired.",
    ]),
];
