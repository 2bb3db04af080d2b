//! Where settings come from: a TOML file, the environment, flags. Owns how each is read and what it is called in
//! messages; it must not know any setting.

use super::{ConfigError, DEFAULT_FILE, ENV_PREFIX};
use figment::{
    Figment, Metadata, Profile, Provider,
    providers::{Format, Toml},
    value::{Dict, Map, Value},
};
use std::path::{Path, PathBuf};

pub(super) fn from_file(file: Option<&Path>) -> Result<Figment, ConfigError> {
    let path = file.unwrap_or(Path::new(DEFAULT_FILE));
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Figment::from(Named {
            path: path.into(),
            toml: Toml::string(&text),
        })),
        Err(error) if file.is_none() && error.kind() == std::io::ErrorKind::NotFound => {
            Ok(Figment::new())
        }
        Err(error) => Err(ConfigError::File {
            path: path.into(),
            reason: error.to_string(),
        }),
    }
}

/// The variables that are settings. An empty one counts as not there, as is usual in compose files.
pub(super) fn env_settings(
    env: impl IntoIterator<Item = (String, String)>,
) -> impl Iterator<Item = (String, String)> {
    env.into_iter().filter_map(|(name, value)| {
        let name = name.strip_prefix(ENV_PREFIX)?.to_ascii_lowercase();
        let set = !value.trim().is_empty() && name != "config" && !is_foreign(&name);
        set.then_some((name, value))
    })
}

/// Variables of the same beginning that others set: Kubernetes for a service named `latchkey`, our own Makefile
/// for its tools.
fn is_foreign(name: &str) -> bool {
    name == "port" || name == "tools" || name.starts_with("port_") || name.starts_with("service_")
}

/// Settings as text, under a name for messages.
pub(super) struct Layer {
    name: &'static str,
    values: Dict,
}

impl Layer {
    pub(super) fn new(
        name: &'static str,
        values: impl IntoIterator<Item = (String, String)>,
    ) -> Self {
        Self {
            name,
            values: values
                .into_iter()
                .map(|(name, value)| (name, Value::from(value)))
                .collect(),
        }
    }
}

impl Provider for Layer {
    fn metadata(&self) -> Metadata {
        Metadata::named(self.name)
    }

    fn data(&self) -> figment::Result<Map<Profile, Dict>> {
        Ok(Profile::Default.collect(self.values.clone()))
    }
}

/// A settings file that messages call by its path.
struct Named<P> {
    path: PathBuf,
    toml: P,
}

impl<P: Provider> Provider for Named<P> {
    fn metadata(&self) -> Metadata {
        Metadata::named(self.path.display().to_string())
    }

    fn data(&self) -> figment::Result<Map<Profile, Dict>> {
        self.toml.data()
    }
}
