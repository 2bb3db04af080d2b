//! Finding, sorting and filtering API tokens.

use super::text::Part::{self, Head, Points, Steps, Text};

pub const PARTS: &[Part] = &[
    Text(
        "The list under [API tokens] has every token of your account. Search, sort and filter it; the address of the page \
         keeps what you chose, so you can bookmark it or send it to a colleague.",
    ),
    Head("Steps"),
    Steps(&[
        "Press `/` or choose the search box at the top of any page.",
        "Enter a part of the name or of the id, and press `Enter`. Capital and small letters are the same.",
    ]),
    Text("Never enter a token's secret: it would not be sent, and it finds nothing."),
    Head("Sort"),
    Points(&[
        "Choose a column's heading to sort by it, and again for the other direction.",
        "With *Sort* you choose several columns: the first one counts most. The columns show their places.",
    ]),
    Head("Filter"),
    Steps(&[
        "Choose *Filter*, then *Add a condition*: what to look at, how to compare it, and with what.",
        "Say whether all conditions have to be met, or any of them. A *conditional group* has its own all or any.",
        "Choose *Apply*. Each condition stands over the list; its cross takes it away again.",
    ]),
    Text(
        "A filter is also a line of text, the same that programs send to the REST interface. You can see and change it in \
         the filter, under *As text*.",
    ),
    Head("Columns"),
    Points(&[
        "With *Columns* you show, hide and move columns and choose how wide they are.",
        "A column's own menu, beside its heading, moves it and makes it wider or narrower. With the mouse, pull its right edge.",
        "The API token and the actions always stay.",
    ]),
    Head("Keep a view"),
    Points(&[
        "The first button over the list holds your views. *Save as a new view* keeps filter, order and columns under a name.",
        "An Administrator can share a view with everybody in the account.",
        "Your list can begin with the view that you choose as your default.",
    ]),
    Head("Keys"),
    Text(
        "Press `?` for the keys that press the buttons over the list. They can be turned off there.",
    ),
    Head("Large lists"),
    Points(&[
        "Rows come first; their number follows where counting takes longer. Up to 100,000 tokens are counted, more when you \
         choose *Count all*.",
        "A filter that has to look at every token is ended after five seconds. Add a condition that fewer tokens meet, such \
         as the beginning of the name, a status or a module.",
        "*Refresh* marks the rows that somebody changed since you loaded the list.",
        "*Export* writes what the list shows, on all its pages, as CSV or NDJSON.",
    ]),
];
