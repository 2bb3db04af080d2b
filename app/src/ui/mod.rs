//! Building blocks of the pages: props in, view and callbacks out. None asks the server for anything.

mod avatar;
mod checkbox_list;
mod chip;
mod copy;
mod dialog;
mod empty;
mod failure;
mod field;
mod grid;
mod icon;
mod loading;
mod menu;
mod moment;
mod pager;
mod stepper;
mod tabs;
mod title;
mod toast;

pub use avatar::Avatar;
pub use checkbox_list::CheckboxList;
pub use chip::{AccountChip, StatusChip};
pub use copy::CopyButton;
pub use dialog::{Confirm, Dialog};
pub use empty::Empty;
pub use failure::Failure;
pub use field::{ErrorSummary, TextArea, TextField};
pub use grid::SortHeader;
pub use icon::{Symbol, icon};
pub use loading::loading;
pub use menu::Menu;
pub use moment::{Moment, OptionalMoment};
pub use pager::Pager;
pub use stepper::{Step, Stepper};
pub use tabs::Tabs;
pub use title::page_title;
pub use toast::{ToastRegion, Toasts};
