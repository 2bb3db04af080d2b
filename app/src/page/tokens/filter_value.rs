//! The fields in which the values of a condition are entered, by what they are.

use super::{
    filter_rows::Choice,
    filter_state::{Draft, Offer},
};
use crate::{
    browser,
    domain::filter::{Arity, FilterPlace, Kind, Named, Operator, Property},
    ui::{Erase as _, changing, handler},
};
use leptos::prelude::*;

/// A value of a condition: where it stands, and under which number people know the condition.
#[derive(Clone, Copy)]
struct Slot {
    draft: Draft,
    place: FilterPlace,
    number: usize,
    kind: Kind,
}

impl Slot {
    fn label(self, what: &str) -> String {
        format!("Condition {}: {what}", self.number)
    }

    fn id(self) -> String {
        format!("filter-value-{}", self.number)
    }

    fn fault_id(self) -> String {
        format!("filter-fault-{}", self.number)
    }

    fn is_wrong(self) -> Signal<bool> {
        Signal::derive(move || self.draft.fault(self.place).is_some())
    }

    /// Whether ids are to be typed, since the names could not be had.
    fn is_typed(self) -> bool {
        self.kind != Kind::Status
            && self
                .draft
                .offer
                .with(|offer| matches!(offer, Offer::Failed))
    }
}

/// The fields for the values of this condition; none for an operator that takes none.
pub fn editor(
    draft: Draft,
    place: FilterPlace,
    number: usize,
    property: Property,
    operator: Operator,
) -> AnyView {
    let slot = Slot {
        draft,
        place,
        number,
        kind: property.kind(),
    };
    match (slot.kind, operator.arity()) {
        (_, Arity::None) => ().into_any(),
        (Kind::Text, _) => one_field(slot, 0, "text", "text"),
        (Kind::Days, Arity::Two) => view! {
            <div class="filter-days">
                {one_field(slot, 0, "date", "first day (UTC)")}
                <span aria-hidden="true">"and"</span>
                {one_field(slot, 1, "date", "last day (UTC)")}
                <span class="sub" aria-hidden="true">"UTC"</span>
            </div>
        }
        .erased(),
        (Kind::Days, _) => view! {
            <div class="filter-days">
                {one_field(slot, 0, "date", "day (UTC)")}
                <span class="sub" aria-hidden="true">"UTC"</span>
            </div>
        }
        .erased(),
        (_, Arity::Many) => view! { {move || if slot.is_typed() { typed(slot) } else { several(slot) }}{cut(slot)} }.into_any(),
        _ => view! { {move || if slot.is_typed() { one_field(slot, 0, "text", "id") } else { one(slot) }}{cut(slot)} }.into_any(),
    }
}

/// A field for one value.
fn one_field(slot: Slot, at: usize, kind: &'static str, what: &'static str) -> AnyView {
    let Slot { draft, place, .. } = slot;
    let id = if at == 0 {
        slot.id()
    } else {
        format!("{}-{at}", slot.id())
    };
    field(
        slot,
        id,
        kind,
        what,
        Signal::derive(move || draft.value(place, at)),
        Callback::new(move |text: String| draft.set(place, at, &text)),
    )
}

/// A field for ids with commas between them.
fn typed(slot: Slot) -> AnyView {
    let Slot { draft, place, .. } = slot;
    let joined = draft.form.with_untracked(|form| {
        let condition = form.at(place);
        condition.map_or_else(String::new, |condition| condition.values.join(", "))
    });
    // Apart from the ids, so that a comma can be typed before what follows it.
    let text = RwSignal::new(joined);
    let put = move |typed: String| {
        draft.edit(place, &|condition| {
            let ids = typed.split(',').map(str::trim);
            let ids = ids.filter(|id| !id.is_empty()).map(str::to_owned);
            condition.values = ids.collect();
        });
        text.set(typed);
    };
    let what = "ids, with commas between them";
    field(
        slot,
        slot.id(),
        "text",
        what,
        text.into(),
        Callback::new(put),
    )
}

fn field(
    slot: Slot,
    id: String,
    kind: &'static str,
    what: &'static str,
    value: Signal<String>,
    put: Callback<String>,
) -> AnyView {
    let wrong = slot.is_wrong();
    let shown = id.clone();
    // Not as a property of the element: that would empty a date of which only a part is typed.
    Effect::new(move |_| browser::set_value(&shown, &value.get()));
    view! {
        <input
            class="field"
            type=kind
            id=id
            aria-label=slot.label(what)
            aria-describedby=slot.fault_id()
            aria-invalid=move || wrong.get().then_some("true")
            autocomplete="off"
            spellcheck="false"
            max=(kind == "date").then_some("9999-12-31")
            value=value.get_untracked()
            on:input=handler(move |event: leptos::ev::Event| put.run(event_target_value(&event)))
        />
    }
    .erased()
}

/// A menu for one value.
fn one(slot: Slot) -> AnyView {
    let Slot { draft, place, .. } = slot;
    let options = move || {
        let coming =
            slot.kind != Kind::Status && draft.offer.with(|it| matches!(it, Offer::Coming));
        let none = if coming { "Loading…" } else { "Choose…" };
        let offered = draft.offered(place).into_iter();
        let offered = offered.map(|named| (named.id.clone(), words(&named)));
        let none = std::iter::once((String::new(), none.to_owned()));
        none.chain(offered).collect()
    };
    Choice {
        id: slot.id(),
        label: slot.label("value"),
        options: Signal::derive(options),
        chosen: Signal::derive(move || draft.value(place, 0)),
        choose: Callback::new(move |value: String| draft.set(place, 0, &value)),
        fault: Some((slot.fault_id(), slot.is_wrong())),
    }
    .view()
}

fn words(named: &Named) -> String {
    if named.name == named.id {
        named.id.clone()
    } else {
        format!("{} · {}", named.name, named.id)
    }
}

/// Boxes to tick for several values.
fn several(slot: Slot) -> AnyView {
    let Slot { draft, place, .. } = slot;
    let wrong = slot.is_wrong();
    let tick = move |named: Named| {
        let (id, changed) = (named.id.clone(), named.id.clone());
        let ticked = move || {
            draft.form.with(|form| {
                let condition = form.at(place);
                condition.is_some_and(|condition| condition.values.contains(&id))
            })
        };
        let below = (named.name != named.id).then(|| named.id.clone());
        view! {
            <label>
                <input
                    type="checkbox"
                    prop:checked=changing(ticked)
                    aria-describedby=slot.fault_id()
                    aria-invalid=move || wrong.get().then_some("true")
                    on:change:target=move |event| draft.tick(place, &changed, event.target().checked())
                />
                <span><bdi>{named.name}</bdi><span class="sub">{below}</span></span>
            </label>
        }
        .erased()
    };
    let coming = move || {
        let coming =
            slot.kind != Kind::Status && draft.offer.with(|it| matches!(it, Offer::Coming));
        coming.then(|| view! { <p class="sub">"Loading…"</p> }.erased())
    };
    view! {
        <fieldset class="filter-many" id=slot.id() tabindex="-1" aria-describedby=slot.fault_id()>
            <legend class="visually-hidden">{slot.label("values")}</legend>
            {move || draft.offered(place).into_iter().map(tick).collect_view()}
            {changing(coming)}
        </fieldset>
    }
    .erased()
}

/// A sentence where not everything is offered.
fn cut(slot: Slot) -> AnyView {
    let told = move || {
        slot.draft.is_cut(slot.kind).then(|| {
            view! { <span class="sub">"There are more than are offered here. Filter by others as text, by their ids."</span> }.erased()
        })
    };
    view! { {changing(told)} }.into_any()
}
