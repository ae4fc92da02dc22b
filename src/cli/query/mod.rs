//! `vaultls query`: one question that an editor would ask, answered for people or as JSON.

mod ask;
mod show;
mod spot;

use std::io::{self, Write};
use std::path::{Path, PathBuf};

pub use spot::Spot;

use crate::disk;
use crate::vault::FileId;

use super::load::{Loaded, load_shown};
use super::root::{prefix, root_of};
use super::{Exit, terminal};

/// What is asked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Query {
    /// Where the link, label or tag at a place leads.
    Definition(Spot),
    /// All places that are about what stands at a place.
    References(Spot),
    /// What an editor shows over a place, as Markdown.
    Hover(Spot),
    /// What an editor would offer at a place.
    Complete(Spot),
    /// The links to a note or attachment.
    Backlinks(PathBuf),
    /// Notes, aliases, headings and tags by what was typed.
    Symbols {
        /// Any place in the vault.
        vault: PathBuf,
        /// As in an editor's search for symbols.
        typed: String,
    },
    /// All moments of a video that the vault cites.
    Moments {
        /// Any place in the vault.
        vault: PathBuf,
        /// The id of the video.
        video: String,
    },
}

/// What to ask and how to say the answer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct QueryOptions {
    /// What is asked.
    pub query: Query,
    /// How the answer is written.
    pub format: QueryFormat,
}

/// How an answer is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum QueryFormat {
    /// One line a place, for people.
    #[default]
    Pretty,
    /// One JSON array.
    Json,
}

/// Answers one question on stdout.
pub fn query(options: &QueryOptions) -> Exit {
    match answer(options) {
        Ok(exit) => exit,
        Err(message) => {
            terminal::complain(&message);
            Exit::Failed
        }
    }
}

fn answer(options: &QueryOptions) -> Result<Exit, String> {
    let path = options.query.path();
    let real = path.canonicalize().map_err(|error| format!("{}: {error}", path.display()))?;
    let root = root_of(&real);
    let loaded = load_shown(&root).map_err(|error| format!("{}: {error}", root.display()))?;
    let here = std::env::current_dir().and_then(|here| here.canonicalize()).ok();
    let asked = Asked { real: &real, prefix: prefix(here.as_deref(), &loaded.root), loaded: &loaded };
    let found = asked.answer(&options.query)?;
    let text = match options.format {
        QueryFormat::Pretty => show::lines(&found, &asked.prefix),
        QueryFormat::Json => show::json(&found),
    };
    match anstream::AutoStream::auto(io::stdout().lock()).write_all(text.as_bytes()) {
        Err(error) if !terminal::is_closed_pipe(&error) => {
            Err(format!("the answer could not be written: {error}"))
        }
        _ => Ok(if found.is_empty() { Exit::Findings } else { Exit::Clean }),
    }
}

impl Query {
    /// A path in the vault that is asked.
    fn path(&self) -> &Path {
        match self {
            Query::Definition(spot)
            | Query::References(spot)
            | Query::Hover(spot)
            | Query::Complete(spot) => &spot.path,
            Query::Backlinks(path) => path,
            Query::Symbols { vault, .. } | Query::Moments { vault, .. } => vault,
        }
    }
}

/// A vault that is asked about.
struct Asked<'a> {
    loaded: &'a Loaded,
    /// The path that was named, with all links followed.
    real: &'a Path,
    /// What stands before the paths of the vault for a reader in the current folder.
    prefix: String,
}

impl Asked<'_> {
    /// The file of the vault that was named.
    fn file(&self) -> Result<FileId, String> {
        let path = disk::to_vault_path(&self.loaded.root, self.real);
        let file = path.and_then(|path| self.loaded.vault.find(path.as_str()));
        file.ok_or_else(|| {
            format!("{}: no file of the vault {}", self.real.display(), self.loaded.root.display())
        })
    }
}
