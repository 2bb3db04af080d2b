//! Building blocks of the pages: props in, view and callbacks out. None asks the server for anything.

mod avatar;
mod checkbox_list;
mod chip;
mod copy;
mod dialog;
mod empty;
mod erase;
mod failure;
mod field;
mod grid;
mod icon;
mod keys;
mod loading;
mod logo_field;
mod menu;
mod moment;
mod pager;
mod radio_group;
mod secret;
mod sort_dialog;
mod stepper;
mod tabs;
mod title;
mod toast;
mod way_back;

pub use avatar::Avatar;
pub use checkbox_list::CheckboxList;
pub use chip::{AccountChip, StatusChip};
pub use copy::{COPIED, CopyButton, SELECTED, announce};
pub use dialog::{Confirm, Dialog};
pub use empty::Empty;
pub use erase::{Erase, changing, handler};
pub use failure::{Failure, failure_dialog, not_refreshed, sentence};
pub use field::{ErrorSummary, SelectField, TextArea, TextField};
pub use grid::{Column, ColumnName, ColumnsDialog, Grid, Sorted, Stays};
pub use icon::{Symbol, icon};
pub use keys::{KEYS, SEARCH_BOX, key_of};
pub use loading::{loading, loading_within};
pub use logo_field::{Logo, LogoField};
pub use menu::Menu;
pub use moment::{Moment, OptionalMoment};
pub use pager::{Pager, turn};
pub use radio_group::{RadioChoice, RadioGroup};
pub use secret::{SECRET_TEXT, SecretLine};
pub use sort_dialog::{SortDialog, SortKey};
pub use stepper::{Step, Stepper};
pub use tabs::Tabs;
pub use title::page_title;
pub use toast::{ToastRegion, Toasts};
pub use way_back::{WayBack, close_dialog};

/// The value of an ARIA attribute that is there in either case.
pub const fn truth(value: bool) -> &'static str {
    if value { "true" } else { "false" }
}
