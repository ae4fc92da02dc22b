//! Sessions: their beginning and end, messages of any kind, settings, and notes that change in the editor and
//! on disk.

mod files;
mod folders;
mod lengthy;
mod lifecycle;
mod loading;
mod messages;
mod settings;
mod status;
mod sync;
