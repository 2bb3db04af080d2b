//! Light or dark: the choices, their words, and the cookie that keeps the choice for the server to read.

/// How the console looks: as the system does, or as the person chose. Kept in the cookie `theme`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// Follows the system.
    #[default]
    System,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

impl Theme {
    /// Every theme, in the order of the menu.
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];
    /// The name of the cookie that keeps it.
    pub const COOKIE: &'static str = "theme";

    /// The theme that a cookie names; nonsense means the system's.
    #[must_use]
    #[cfg(feature = "ssr")]
    pub fn lenient(text: &str) -> Self {
        Self::ALL
            .into_iter()
            .find(|theme| theme.as_str() == text)
            .unwrap_or_default()
    }

    /// The word in the cookie and in `<html data-theme>`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The word in the menu.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::System => "As the system",
            Self::Light => "Light",
            Self::Dark => "Dark",
        }
    }
}
