//! What the filter dialog works on: the conditions as they are being chosen, what is wrong with them, and what their
//! values can be chosen from. Nothing of it is in force before it is applied.

use crate::{
    api::tokens::list_filter_choices,
    browser,
    domain::{
        filter::{
            Condition, FilterChoices, FilterEntry, FilterFault, FilterForm, FilterPlace, Join,
            Kind, Named, Property,
        },
        token::TokenStatus,
    },
};
use leptos::{prelude::*, task::spawn_local};

/// The filter of the list, as it came with the rows.
#[derive(Clone, Default)]
pub struct ShownFilter {
    /// Its text.
    pub text: String,
    /// As the builder shows it, if it can.
    pub form: Option<FilterForm>,
    /// The names of what it mentions by id.
    pub names: Vec<Named>,
    /// What is wrong with its text.
    pub faults: Vec<String>,
}

impl ShownFilter {
    /// What the thing with this id is called.
    pub fn name(&self, id: &str) -> Option<String> {
        name_in(&self.names, id)
    }

    /// How many conditions it has; one, when the builder cannot say.
    pub fn count(&self) -> usize {
        let unknown = usize::from(!self.text.is_empty());
        self.form.as_ref().map_or(unknown, FilterForm::count)
    }
}

fn name_in(names: &[Named], id: &str) -> Option<String> {
    let mut named = names.iter();
    Some(named.find(|named| named.id == id)?.name.clone())
}

/// What values can be chosen from.
#[derive(Clone)]
pub enum Offer {
    /// On its way.
    Coming,
    /// It is there.
    Here(FilterChoices),
    /// It could not be had.
    Failed,
}

/// The conditions as they are being chosen.
#[derive(Clone, Copy)]
pub struct Draft {
    /// The form.
    pub form: RwSignal<FilterForm>,
    /// What was wrong with it when it was last to be applied.
    pub faults: RwSignal<Vec<FilterFault>>,
    /// What values can be chosen from.
    pub offer: RwSignal<Offer>,
    /// Whether whoever builds sees several accounts.
    pub all_accounts: bool,
    names: StoredValue<Vec<Named>>,
}

impl Draft {
    /// Begins with this form, and asks what can be chosen.
    pub fn new(form: FilterForm, names: Vec<Named>, all_accounts: bool) -> Self {
        let draft = Self {
            form: RwSignal::new(form),
            faults: RwSignal::new(Vec::new()),
            offer: RwSignal::new(Offer::Coming),
            all_accounts,
            names: StoredValue::new(names),
        };
        draft.load();
        draft
    }

    /// Asks what can be chosen.
    pub fn load(self) {
        self.offer.set(Offer::Coming);
        spawn_local(async move {
            let offer = list_filter_choices()
                .await
                .map_or(Offer::Failed, Offer::Here);
            // The dialog may be closed by now.
            let _ = self.offer.try_set(offer);
        });
    }

    /// A value of the condition at this place; empty when there is none.
    pub fn value(self, place: FilterPlace, slot: usize) -> String {
        self.form.with(|form| {
            let values = form.at(place).map(|condition| &condition.values);
            let value = values.and_then(|values| values.get(slot));
            value.cloned().unwrap_or_default()
        })
    }

    /// What is wrong with the condition at this place.
    pub fn fault(self, place: FilterPlace) -> Option<String> {
        self.faults.with(|faults| {
            let mut faults = faults.iter();
            let fault = faults.find(|fault| fault.place == Some(place));
            fault.map(|fault| fault.message.clone())
        })
    }

    /// Changes the condition at this place; what was wrong with it is no longer said.
    pub fn edit(self, place: FilterPlace, change: &dyn Fn(&mut Condition)) {
        self.form.update(|form| {
            if let Some(condition) = form.at_mut(place) {
                change(condition);
            }
        });
        self.faults
            .update(|faults| faults.retain(|fault| fault.place != Some(place)));
    }

    /// Sets a value of a condition.
    pub fn set(self, place: FilterPlace, slot: usize, value: &str) {
        self.edit(place, &|condition| {
            let values = &mut condition.values;
            values.truncate(condition.operator.arity().most());
            if values.len() <= slot {
                values.resize(slot + 1, String::new());
            }
            value.clone_into(&mut values[slot]);
        });
    }

    /// Takes a value in among those of a condition, or out.
    pub fn tick(self, place: FilterPlace, value: &str, on: bool) {
        self.edit(place, &|condition| {
            let values = &mut condition.values;
            values.retain(|other| other != value && !other.is_empty());
            if on {
                values.push(value.to_owned());
            }
        });
    }

    /// Chooses whether all or any of the form's entries, or of a group's conditions, have to be met.
    pub fn set_join(self, group: Option<usize>, join: Join) {
        self.form.update(|form| match group {
            None => form.join = join,
            Some(entry) => {
                if let Some(FilterEntry::Group(group)) = form.entries.get_mut(entry) {
                    group.join = join;
                }
            }
        });
    }

    /// How the form's entries, or a group's conditions, are joined.
    pub fn join(self, group: Option<usize>) -> Join {
        self.form
            .with(|form| match group.map(|entry| form.entries.get(entry)) {
                None => form.join,
                Some(Some(FilterEntry::Group(group))) => group.join,
                Some(_) => Join::All,
            })
    }

    /// Adds a condition to the form or to a group, and leads there.
    pub fn add(self, group: Option<usize>) {
        let condition = Condition::new(Property::Name);
        let place = self
            .form
            .try_update(|form| form.add(group, condition))
            .flatten();
        self.lead_to(place);
    }

    /// Adds a group with one condition, and leads there.
    pub fn add_group(self) {
        let condition = Condition::new(Property::Name);
        let place = self
            .form
            .try_update(|form| form.add_group(condition))
            .flatten();
        self.lead_to(place);
    }

    fn lead_to(self, place: Option<FilterPlace>) {
        if let Some(number) = place.and_then(|place| self.number(place)) {
            browser::focus_id(&format!("filter-property-{number}"));
        }
    }

    fn number(self, place: FilterPlace) -> Option<usize> {
        self.form.with_untracked(|form| form.number(place))
    }

    /// Removes a condition.
    pub fn remove(self, place: FilterPlace) {
        let number = self.number(place);
        self.form.update(|form| form.remove(place));
        self.removed(number);
    }

    /// Removes a group.
    pub fn remove_group(self, entry: usize) {
        let first = FilterPlace {
            entry,
            condition: Some(0),
        };
        let number = self.number(first);
        self.form.update(|form| {
            if entry < form.entries.len() {
                form.entries.remove(entry);
            }
        });
        self.removed(number);
    }

    /// Leads to what stands now where something was removed, or to the condition before that.
    fn removed(self, number: Option<usize>) {
        // The places of what was wrong are others now.
        self.faults.set(Vec::new());
        let left = self.form.with_untracked(FilterForm::count);
        match number.unwrap_or(1).min(left) {
            0 => browser::focus_id("filter-add"),
            next => browser::focus_id(&format!("filter-property-{next}")),
        }
    }

    /// Shows what is wrong, and leads to the first of it.
    pub fn refuse(self, faults: Vec<FilterFault>) {
        let first = faults.iter().find_map(|fault| fault.place);
        match first.and_then(|place| self.number(place)) {
            Some(number) => browser::focus_id(&format!("filter-value-{number}")),
            None => browser::focus_id("filter-faults"),
        }
        self.faults.set(faults);
    }

    /// What the condition at this place can be compared with, and what it is compared with already.
    pub fn offered(self, place: FilterPlace) -> Vec<Named> {
        let condition = self
            .form
            .with_untracked(|form| form.at(place).cloned())
            .unwrap_or(Condition::new(Property::Status));
        let mut offered = self.offered_of(condition.property.kind());
        let most = condition.operator.arity().most();
        for id in condition.values.into_iter().take(most) {
            if !id.is_empty() && !offered.iter().any(|named| named.id == id) {
                let name = self.names.with_value(|names| name_in(names, &id));
                let name = name.unwrap_or_else(|| id.clone());
                offered.insert(0, Named { id, name });
            }
        }
        offered
    }

    fn offered_of(self, kind: Kind) -> Vec<Named> {
        if kind == Kind::Status {
            let mut states = TokenStatus::ALL.to_vec();
            // Deleted tokens exist for them only.
            states.retain(|status| self.all_accounts || *status != TokenStatus::Deleted);
            let states = states.into_iter().map(|status| Named {
                id: status.as_str().to_owned(),
                name: status.as_str().to_owned(),
            });
            return states.collect();
        }
        self.offer.with(|offer| match (offer, kind) {
            (Offer::Here(choices), Kind::Modules) => choices.modules.clone(),
            (Offer::Here(choices), Kind::People) => choices.creators.clone(),
            (Offer::Here(choices), Kind::Accounts) => choices.accounts.clone(),
            _ => Vec::new(),
        })
    }

    /// Whether there are more things of this kind than are offered.
    pub fn is_cut(self, kind: Kind) -> bool {
        self.offer.with(|offer| match (offer, kind) {
            (Offer::Here(choices), Kind::People) => {
                choices.creators.len() >= FilterChoices::CREATORS_MAX
            }
            (Offer::Here(choices), Kind::Accounts) => {
                choices.accounts.len() >= FilterChoices::ACCOUNTS_MAX
            }
            _ => false,
        })
    }
}
