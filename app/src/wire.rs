//! How a page's data travels inside the page, and comes anew when it is asked for again.

use crate::{browser, json};
use codee::{Decoder, Encoder};
use leptos::prelude::*;
use serde::{Serialize, de::DeserializeOwned};
use std::{
    any::Any,
    convert::Infallible,
    future::{Future, poll_fn},
    marker::PhantomData,
    pin::Pin,
    sync::Arc,
};

/// An answer of any type. The machinery around a resource is compiled once for each type of data, so it sees only
/// this one: the browser's half is a good deal smaller for it.
#[derive(Clone)]
struct Answer {
    /// As it stands in the page: what the server sends along, and what the browser begins with.
    text: Option<Arc<str>>,
    /// As it came, in this half.
    value: Option<Arc<dyn Any + Send + Sync>>,
}

impl Answer {
    fn new<T: Serialize + Send + Sync + 'static>(value: T) -> Self {
        // Only the server writes pages.
        #[cfg(feature = "ssr")]
        let text = serde_json::to_string(&value).ok().map(Arc::from);
        #[cfg(not(feature = "ssr"))]
        let text = None;
        Self {
            text,
            value: Some(Arc::new(value)),
        }
    }

    /// The answer as what it is; nothing, when the page is of another version than this program.
    fn read<T: Clone + DeserializeOwned + 'static>(&self) -> Option<T> {
        match (&self.value, &self.text) {
            (Some(value), _) => value.downcast_ref().cloned(),
            (None, Some(text)) => json::read(text.as_bytes()).ok(),
            (None, None) => None,
        }
    }
}

/// Puts an answer into the page and finds it there.
struct Wire;

impl Encoder<Answer> for Wire {
    type Error = Infallible;
    type Encoded = String;

    fn encode(answer: &Answer) -> Result<String, Infallible> {
        Ok(answer.text.as_deref().unwrap_or("null").to_owned())
    }
}

impl Decoder<Answer> for Wire {
    type Error = Infallible;
    type Encoded = str;

    fn decode(text: &str) -> Result<Answer, Infallible> {
        Ok(Answer {
            text: Some(text.into()),
            value: None,
        })
    }
}

type Asked = Pin<Box<dyn Future<Output = Answer> + Send>>;

/// Data that a page loads: on the server when that renders the page, later in the browser.
pub struct Loaded<T: 'static> {
    data: Resource<Answer, Wire>,
    again: RwSignal<u32>,
    /// Whether newer data is on its way.
    pub busy: RwSignal<bool>,
    /// Whether newer data waits while a menu is open.
    held: RwSignal<bool>,
    stopped: Callback<()>,
    kind: PhantomData<fn() -> T>,
}

impl<T> Clone for Loaded<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Loaded<T> {}

impl<T: Clone + DeserializeOwned + 'static> Loaded<T> {
    /// The data, once it is there; whoever waits is told anew when newer data has come.
    pub async fn get(self) -> T {
        if let Some(data) = self.data.await.read() {
            return data;
        }
        self.refetch();
        std::future::pending().await
    }

    /// The data as it stands now, for a part that lies inside another one that waits: what such a part would itself
    /// wait for is counted differently on both sides, and the browser would not find it again.
    pub fn now(self) -> Option<T> {
        self.data.get()?.read()
    }

    /// Waits no longer for newer data: what was there stays.
    pub fn stop(self) {
        self.stopped.run(());
    }

    /// Newer data comes while a menu is open, too: for what the menu itself shows.
    pub fn for_menu(self) -> Self {
        self.held.set(false);
        self
    }

    /// Fetches the same again.
    pub fn refetch(self) {
        self.again.update(|count| *count += 1);
    }
}

/// Loads data with `fetcher`, and again whenever `source` changes. The newest question counts: an older one that is
/// still unanswered holds up nothing and is forgotten. (A bare resource asks one question after the other, so that
/// one that hangs would block all later ones.) Newer data waits while a menu is open: one in the part of the page that
/// is made anew would go with it, under the hands of a person who is about to choose.
pub fn load<S, T, Fut>(
    source: impl Fn() -> S + Send + Sync + 'static,
    fetcher: impl Fn(S) -> Fut + Send + Sync + 'static,
) -> Loaded<T>
where
    S: PartialEq + Send + Sync + 'static,
    T: Serialize + Send + Sync + 'static,
    Fut: Future<Output = T> + Send + 'static,
{
    let again = RwSignal::new(0);
    let source = Arc::new(source);
    let (asked, mut last) = (source.clone(), None);
    // Not a memo: its machinery would be compiled for each type of question.
    let changed = move || {
        let now = Some((asked(), again.get()));
        let changed = now != last;
        last = now;
        changed
    };
    let ask = Arc::new(move || -> Asked {
        let asked = fetcher(untrack(|| source()));
        Box::pin(async move { Answer::new(asked.await) })
    });
    let held = RwSignal::new(true);
    let (data, busy, stopped) = load_answer(held, Box::new(changed), ask);
    Loaded {
        data,
        again,
        busy,
        held,
        stopped,
        kind: PhantomData,
    }
}

/// [`load`] for an answer of any type: `held` says whether newer data waits for menus; `changed` says whether there is
/// another question than the last time, and is told of those to come; `ask` asks the latest. What is given back last
/// forgets the question that is unanswered.
fn load_answer(
    held: RwSignal<bool>,
    mut changed: Box<dyn FnMut() -> bool + Send + Sync>,
    ask: Arc<dyn Fn() -> Asked + Send + Sync>,
) -> (Resource<Answer, Wire>, RwSignal<bool>, Callback<()>) {
    let busy = RwSignal::new(false);
    let (answers, newest) = (RwSignal::new(0_u32), StoredValue::new(None::<Answer>));
    let last_asked = StoredValue::new(0_u32);
    let first = ask.clone();
    let data = Resource::new_with_options(
        move || answers.get(),
        move |_| -> Asked {
            match newest.try_update_value(Option::take).flatten() {
                Some(came) => Box::pin(std::future::ready(came)),
                None => first(),
            }
        },
        false,
    );
    Effect::new(move |before: Option<u32>| {
        let (changed, Some(before)) = (changed(), before) else {
            // The first question is the resource's own.
            return 0;
        };
        if !changed {
            return before;
        }
        let number = before + 1;
        busy.set(true);
        last_asked.set_value(number);
        let asked = ask();
        leptos::task::spawn_local(async move {
            let answer = asked.await;
            let is_newest = || last_asked.try_get_value() == Some(number);
            if is_newest() {
                busy.set(false);
                if held.try_get_untracked() == Some(true) {
                    poll_fn(browser::poll_menus_closed).await;
                }
            }
            if is_newest() {
                newest.set_value(Some(answer));
                answers.update(|count| *count += 1);
            }
        });
        number
    });
    let stopped = Callback::new(move |()| {
        // The number of no question.
        last_asked.set_value(u32::MAX);
        busy.set(false);
    });
    (data, busy, stopped)
}
