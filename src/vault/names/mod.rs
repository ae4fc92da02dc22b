//! The names of files and how they are compared: paths, normal forms, keys and the index of who defines and uses each.

pub(crate) mod index;
pub(crate) mod key;
pub(crate) mod normal_forms;
pub(crate) mod path;
pub(crate) mod words;
