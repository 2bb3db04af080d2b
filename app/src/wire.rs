//! How a page's data travels inside the page: JSON, read by the same code that reads a server function's answer.
//!
//! Leptos' own codec reads from text and server functions read from bytes, so that every type would be compiled
//! twice into what the browser loads.

use codee::{Decoder, Encoder};
use leptos::prelude::*;
use serde::{Serialize, de::DeserializeOwned};
use std::future::Future;

/// JSON, read from bytes.
pub struct Wire;

impl<T: Serialize> Encoder<T> for Wire {
    type Error = serde_json::Error;
    type Encoded = String;

    fn encode(value: &T) -> Result<String, serde_json::Error> {
        serde_json::to_string(value)
    }
}

impl<T: DeserializeOwned> Decoder<T> for Wire {
    type Error = serde_json::Error;
    type Encoded = str;

    fn decode(text: &str) -> Result<T, serde_json::Error> {
        serde_json::from_slice(text.as_bytes())
    }
}

/// Data that a page loads: on the server when that renders the page, later in the browser.
pub struct Loaded<T: Send + Sync + 'static> {
    data: Resource<T, Wire>,
    again: RwSignal<u32>,
    /// Whether newer data is on its way.
    pub busy: RwSignal<bool>,
}

impl<T: Send + Sync + 'static> Clone for Loaded<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Loaded<T> {}

impl<T: Clone + Send + Sync + 'static> Loaded<T> {
    /// The data, once it is there; whoever waits is told anew when newer data has come.
    pub async fn get(self) -> T {
        self.data.await
    }

    /// The data as it stands now, for a part that lies inside another one that waits: what such a part would itself
    /// wait for is counted differently on both sides, and the browser would not find it again.
    pub fn now(self) -> Option<T> {
        self.data.get()
    }

    /// Fetches the same again.
    pub fn refetch(self) {
        self.again.update(|count| *count += 1);
    }
}

/// Loads data with `fetcher`, and again whenever `source` changes. The newest question counts: an older one that is
/// still unanswered holds up nothing and is forgotten. (A bare resource asks one question after the other, so that
/// one that hangs would block all later ones.)
pub fn load<S, T, Fut>(
    source: impl Fn() -> S + Send + Sync + 'static,
    fetcher: impl Fn(S) -> Fut + Clone + Send + Sync + 'static,
) -> Loaded<T>
where
    S: PartialEq + Clone + Send + Sync + 'static,
    T: Serialize + DeserializeOwned + Send + Sync + 'static,
    Fut: Future<Output = T> + Send + 'static,
{
    let (again, busy) = (RwSignal::new(0), RwSignal::new(false));
    let question = Memo::new(move |_| (source(), again.get()));
    let (answers, newest) = (RwSignal::new(0_u32), StoredValue::new(None::<T>));
    let last_asked = StoredValue::new(0_u32);
    let first = fetcher.clone();
    let data = Resource::new_with_options(
        move || answers.get(),
        move |_| {
            let came = newest.try_update_value(Option::take).flatten();
            let asked = if came.is_none() {
                Some(first(untrack(|| question.get()).0))
            } else {
                None
            };
            async move {
                match (came, asked) {
                    (Some(data), _) => data,
                    (None, Some(asked)) => asked.await,
                    (None, None) => std::future::pending().await,
                }
            }
        },
        false,
    );
    Effect::new(move |before: Option<u32>| {
        let (source, _) = question.get();
        let Some(number) = before.map(|number| number + 1) else {
            // The first question is the resource's own.
            return 0;
        };
        busy.set(true);
        last_asked.set_value(number);
        let asked = fetcher(source);
        leptos::task::spawn_local(async move {
            let data = asked.await;
            if last_asked.try_get_value() == Some(number) {
                newest.set_value(Some(data));
                busy.set(false);
                answers.update(|count| *count += 1);
            }
        });
        number
    });
    Loaded { data, again, busy }
}
