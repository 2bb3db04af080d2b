//! The icons, drawn by us as inline SVG in the text's colour.

use super::Erase as _;
use leptos::prelude::*;

/// Which icon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Symbol {
    Key,
    Menu,
    More,
    Down,
    Up,
    Left,
    Right,
    Copy,
    Check,
    Close,
    Refresh,
    Help,
    Sort,
    Filter,
    Columns,
    Views,
    Keyboard,
    Download,
    Eye,
    EyeOff,
}

impl Symbol {
    const fn path(self) -> &'static str {
        match self {
            Self::Key => "M12.5 12a4.5 4.5 0 1 0-9 0 4.5 4.5 0 0 0 9 0ZM12.5 12H21m-3 0v4",
            Self::Menu => "M4 6h16M4 12h16M4 18h16",
            Self::More => "M5 12h.01M12 12h.01M19 12h.01",
            Self::Down => "m6 9 6 6 6-6",
            Self::Up => "m6 15 6-6 6 6",
            Self::Left => "m14 6-6 6 6 6M8 12h12",
            Self::Right => "m10 6 6 6-6 6M16 12H4",
            Self::Copy => "M9 9h11v11H9zM5 15H4V4h11v1",
            Self::Check => "m5 13 4.5 4.5L19 7",
            Self::Close => "M6 6l12 12M18 6 6 18",
            Self::Refresh => {
                "M20 5v5h-5M4 19v-5h5M19 10a7.5 7.5 0 0 0-13-3M5 14a7.5 7.5 0 0 0 13 3"
            }
            Self::Help => "M9 9a3 3 0 1 1 4.5 2.6c-1 .6-1.5 1.2-1.5 2.4M12 17.5h.01",
            Self::Sort => "M8 5v14m-4-4 4 4 4-4M14 6h6M14 11h4M14 16h2",
            Self::Filter => "M4 6h16M7 12h10M10 18h4",
            Self::Columns => "M4 5h16v14H4zM9.5 5v14M14.5 5v14",
            Self::Views => "M6 4h12v16l-6-4.5L6 20z",
            Self::Keyboard => "M3 7h18v10H3zM7 11h.01M11 11h.01M15 11h.01M8 14h8",
            Self::Download => "M12 4v11m-4.5-4.5L12 15l4.5-4.5M5 20h14",
            Self::Eye => {
                "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12ZM14.8 12a2.8 2.8 0 1 0-5.6 0 2.8 2.8 0 0 0 5.6 0Z"
            }
            Self::EyeOff => {
                "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12ZM14.8 12a2.8 2.8 0 1 0-5.6 0 2.8 2.8 0 0 0 5.6 0ZM4 20 20 4"
            }
        }
    }

    const fn stroke(self) -> &'static str {
        match self {
            Self::More => "3.2",
            _ => "2.2",
        }
    }
}

/// An icon of the text's size. It says nothing to assistive technology: what it means stands beside it or in a
/// label.
pub fn icon(symbol: Symbol) -> impl IntoView {
    view! {
        <svg
            class="icon"
            width="18"
            height="18"
            viewBox="0 0 24 24"
            fill="none"
            stroke="currentColor"
            stroke-width=symbol.stroke()
            stroke-linecap="round"
            stroke-linejoin="round"
            aria-hidden="true"
        >
            <path d=symbol.path()></path>
        </svg>
    }
    .erased()
}
