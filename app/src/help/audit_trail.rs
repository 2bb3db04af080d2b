//! How to read the audit trail.

use super::text::Part::{self, Head, Points, Steps, Text};

pub const PARTS: &[Part] = &[
    Text(
        "The audit trail says who did what, when and from where: each change, each look at a secret, each sign-in. \
         Nobody can change or remove a record. A secret never stands in it.",
    ),
    Head("Steps"),
    Steps(&[
        "Open [Audit trail]. For one token alone, open the token and its tab *Audit trail*.",
        "The newest records come first. *Older* and *Newer* turn the pages, *Newest* goes back to the beginning, and \
         *Refresh* fetches what was recorded meanwhile.",
        "To find something, fill in one or more filters and choose *Apply filters*: a name or id of the object, a \
         name, e-mail address or id of the person, an event, days. Days begin and end at midnight UTC.",
        "Choose *View details* for everything that is known of a record: the address and browser it came from, and \
         each field before and after, with the words that changed marked.",
        "The copy buttons take the summary, the details or the whole record as JSON. The address of the page leads to \
         the record again; you can send it to somebody else of your account.",
    ]),
    Head("Good to know"),
    Points(&[
        "Objects and people stand there under the names they had at the time. The filters look for the names they \
         have now.",
        "*Refused* marks what was tried and not done.",
        "*Latchkey* acts when the operator uses its command on the server. *Unknown* is somebody who did not sign in.",
        "You see the records of your own account, also those of the operator's people who worked in it.",
        "Times on the page are those of your own time zone. Point at one to see the exact moment in UTC.",
    ]),
];
