//! Changes to a form while it is built: conditions are found, added and removed by their place.

use super::{CONDITIONS_MAX, Condition, FilterEntry, FilterForm, FilterPlace, Group};

impl FilterForm {
    /// The condition at this place.
    #[must_use]
    pub fn at(&self, place: FilterPlace) -> Option<&Condition> {
        match (self.entries.get(place.entry)?, place.condition) {
            (FilterEntry::Condition(condition), None) => Some(condition),
            (FilterEntry::Group(group), Some(index)) => group.conditions.get(index),
            _ => None,
        }
    }

    /// The same, to be changed.
    pub fn at_mut(&mut self, place: FilterPlace) -> Option<&mut Condition> {
        match (self.entries.get_mut(place.entry)?, place.condition) {
            (FilterEntry::Condition(condition), None) => Some(condition),
            (FilterEntry::Group(group), Some(index)) => group.conditions.get_mut(index),
            _ => None,
        }
    }

    /// The number of the condition at this place, from 1, those in groups counted too.
    #[must_use]
    pub fn number(&self, place: FilterPlace) -> Option<usize> {
        let mut places = self.placed().map(|(place, _)| place);
        places.position(|other| other == place).map(|at| at + 1)
    }

    /// Whether there are as many conditions as there may be.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.count() >= CONDITIONS_MAX
    }

    /// Adds a condition at the end, or at the end of the group that this entry is. A full form stays as it is.
    pub fn add(&mut self, group: Option<usize>, condition: Condition) -> Option<FilterPlace> {
        if self.is_full() {
            return None;
        }
        let Some(entry) = group else {
            self.entries.push(FilterEntry::Condition(condition));
            return Some(FilterPlace {
                entry: self.entries.len() - 1,
                condition: None,
            });
        };
        let FilterEntry::Group(group) = self.entries.get_mut(entry)? else {
            return None;
        };
        group.conditions.push(condition);
        Some(FilterPlace {
            entry,
            condition: Some(group.conditions.len() - 1),
        })
    }

    /// Adds a group with this condition at the end. A full form stays as it is.
    pub fn add_group(&mut self, condition: Condition) -> Option<FilterPlace> {
        if self.is_full() {
            return None;
        }
        self.entries.push(FilterEntry::Group(Group::default()));
        self.add(Some(self.entries.len() - 1), condition)
    }

    /// Removes the condition at this place; a group that is left without any goes, too.
    pub fn remove(&mut self, place: FilterPlace) {
        if self.at(place).is_none() {
            return;
        }
        if let (Some(FilterEntry::Group(group)), Some(index)) =
            (self.entries.get_mut(place.entry), place.condition)
            && group.conditions.len() > 1
        {
            group.conditions.remove(index);
        } else {
            self.entries.remove(place.entry);
        }
    }

    /// The same form without this entry.
    #[must_use]
    pub fn without(&self, entry: usize) -> Self {
        let mut form = self.clone();
        if entry < form.entries.len() {
            form.entries.remove(entry);
        }
        form.normalised()
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Join, Property};
    use super::*;

    fn place(entry: usize, condition: Option<usize>) -> FilterPlace {
        FilterPlace { entry, condition }
    }

    /// A condition, a group of two, and a condition, each of another property.
    fn four() -> FilterForm {
        let mut form = FilterForm::default();
        form.add(None, Condition::new(Property::Name));
        form.add_group(Condition::new(Property::Id));
        form.add(None, Condition::new(Property::Modules));
        form.add(Some(1), Condition::new(Property::Status));
        form
    }

    fn properties(form: &FilterForm) -> Vec<Property> {
        form.conditions().map(|it| it.property).collect()
    }

    #[test]
    fn a_condition_is_found_where_it_was_added() {
        use Property::{Id, Modules, Name, Status};
        let mut form = four();
        for (place, number, property) in [
            (place(0, None), 1, Name),
            (place(1, Some(0)), 2, Id),
            (place(1, Some(1)), 3, Status),
            (place(2, None), 4, Modules),
        ] {
            assert_eq!(form.at(place).unwrap().property, property);
            assert_eq!(form.at_mut(place).unwrap().property, property);
            assert_eq!(form.number(place), Some(number));
        }
        for nowhere in [
            place(0, Some(0)),
            place(1, None),
            place(1, Some(2)),
            place(3, None),
        ] {
            assert_eq!(form.at(nowhere), None);
            assert_eq!(form.at_mut(nowhere), None);
            assert_eq!(form.number(nowhere), None);
        }
    }

    #[test]
    fn a_group_goes_with_its_last_condition() {
        use Property::{Id, Modules, Name};
        let mut form = four();
        form.remove(place(1, Some(1)));
        assert_eq!(properties(&form), [Name, Id, Modules]);
        assert!(matches!(form.entries[1], FilterEntry::Group(_)));
        form.remove(place(1, Some(0)));
        assert_eq!(form.entries.len(), 2);
        form.remove(place(0, None));
        assert_eq!(properties(&form), [Modules]);
    }

    #[test]
    fn removing_what_is_not_there_changes_nothing() {
        let mut form = four();
        for nowhere in [place(0, Some(0)), place(1, None), place(9, None)] {
            form.remove(nowhere);
        }
        assert_eq!(form, four());
    }

    #[test]
    fn nothing_is_added_to_a_full_form_nor_to_what_is_no_group() {
        let mut form = four();
        assert_eq!(form.add(Some(0), Condition::new(Property::Id)), None);
        assert_eq!(form.add(Some(9), Condition::new(Property::Id)), None);
        while form.add(None, Condition::new(Property::Id)).is_some() {}
        assert!(form.is_full());
        assert_eq!(form.count(), CONDITIONS_MAX);
        let full = form.clone();
        assert_eq!(form.add(Some(1), Condition::new(Property::Id)), None);
        assert_eq!(form.add_group(Condition::new(Property::Id)), None);
        assert_eq!(form, full);
    }

    #[test]
    fn what_is_left_without_an_entry_is_as_simple_as_it_can_be() {
        let mut form = four();
        form.join = Join::Any;
        let less = form.without(0).without(1);
        assert_eq!(less.join, Join::All, "the join of the group");
        assert_eq!(properties(&less), [Property::Id, Property::Status]);
        assert_eq!(less.entries.len(), 2);
        assert_eq!(four().without(9), four());
    }
}
