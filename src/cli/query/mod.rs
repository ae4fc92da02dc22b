//! `vaultls query`: one request of an editor, answered as lines of text or as JSON.

mod ask;
mod show;
mod spot;

use std::path::{Path, PathBuf};

pub use spot::Spot;

use crate::disk;
use crate::vault::FileId;

use super::exit::Exit;
use super::load::{RequestedVault, load_requested};
use super::terminal;

/// A request.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Query {
    /// The target of the link, label or tag at a place.
    Definition(Spot),
    /// All references to the symbol at a place.
    References(Spot),
    /// The hover text at a place, as Markdown.
    Hover(Spot),
    /// The completions at a place.
    Complete(Spot),
    /// The links to a note or attachment.
    Backlinks(PathBuf),
    /// Titles, aliases, headings, tags and videos that match a text.
    Symbols {
        /// Any place in the vault.
        vault: PathBuf,
        /// The text, as in an editor's search for symbols.
        text: String,
    },
    /// All timestamps of a video.
    Moments {
        /// Any place in the vault.
        vault: PathBuf,
        /// The ID of the video.
        video: String,
    },
}

/// The options of `vaultls query`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct QueryOptions {
    /// The request.
    pub query: Query,
    /// The output format.
    pub format: QueryFormat,
}

/// An output format.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum QueryFormat {
    /// One line per place.
    #[default]
    Pretty,
    /// A JSON array.
    Json,
}

/// Writes the answer to one request to stdout.
pub fn query(options: &QueryOptions) -> Exit {
    terminal::exit_of(answer(options))
}

fn answer(options: &QueryOptions) -> Result<Exit, String> {
    let requested = load_requested(options.query.path())?;
    let found = requested.answer(&options.query)?;
    let text = match options.format {
        QueryFormat::Pretty => show::lines(&found, &requested.prefix),
        QueryFormat::Json => show::json(&found),
    };
    terminal::write_answer(text.as_bytes())?;
    Ok(if found.is_empty() { Exit::Findings } else { Exit::Clean })
}

impl Query {
    /// Returns a path in the vault of the request.
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

impl RequestedVault {
    /// Returns the file of the request.
    fn file(&self) -> Result<FileId, String> {
        let path = disk::to_vault_path(&self.loaded.root, &self.real);
        let file = path.and_then(|path| self.loaded.vault.find(path.as_str()));
        file.ok_or_else(|| {
            format!("{}: not a file of the vault {}", self.real.display(), self.loaded.root.display())
        })
    }
}
