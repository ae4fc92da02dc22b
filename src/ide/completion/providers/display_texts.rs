//! What a link could show: the names of its target, and what other links to it show.

use std::cmp::Reverse;

use rustc_hash::FxHashMap;

use crate::syntax::{Link, LinkKind};
use crate::vault::{Backlinks, Cancelled, FileId, NoteRef};

use crate::ide::completion::context::Draft;
use crate::ide::completion::{CompletionKind, Request};
use crate::ide::links::escape::Position;
use crate::ide::links::fragment::Fragments;

/// How many notes are read at most for the texts that links show. A hub's first so many say enough, and
/// reading all would be felt at every letter.
const MAX_SOURCES: usize = 500;

/// What the name of a heading is called in the list.
const HEADING: &str = "heading";

/// The texts for a link to `target` (with its fragment), those that links to the same file show most first.
pub(crate) fn displays(request: &Request<'_>, kind: LinkKind, target: &str) -> Result<Vec<Draft>, Cancelled> {
    let (name, fragment) = target.split_once('#').unwrap_or((target, ""));
    let Some(file) = request.target_file(kind, name.trim_end()) else { return Ok(Vec::new()) };
    let mut texts = Texts::default();
    let note = request.vault.note(file).filter(|_| kind == LinkKind::Wikilink);
    if let Some(note) = note {
        texts.add_names(&note, fragment);
    }
    texts.add_used(request, file)?;
    let found = texts.into_sorted();
    let items = request.fitting(&found, |shown| &shown.text).into_iter().map(|shown| {
        let times = match shown.uses {
            0 => shown.what.map(str::to_owned),
            1 => Some("used once".to_owned()),
            uses => Some(format!("used {uses} times")),
        };
        Draft {
            label: shown.text.clone(),
            detail: times,
            kind: CompletionKind::Display,
            new_text: shown.text.clone(),
            ..Draft::default()
        }
    });
    Ok(items.collect())
}

/// A text that a link could show.
struct Shown {
    text: String,
    /// What it is of the target, if it is a name of it.
    what: Option<&'static str>,
    uses: usize,
}

/// Texts in the order in which they were met, each once.
#[derive(Default)]
struct Texts {
    shown: Vec<Shown>,
    places: FxHashMap<String, usize>,
}

impl Texts {
    fn add(&mut self, text: &str, what: Option<&'static str>, uses: usize) {
        if !Position::Display.can_hold(text) {
            return;
        }
        if let Some(shown) = self.places.get(text).and_then(|place| self.shown.get_mut(*place)) {
            shown.uses += uses;
            return;
        }
        self.places.insert(text.to_owned(), self.shown.len());
        self.shown.push(Shown { text: text.to_owned(), what, uses });
    }

    /// The heading that the fragment names, the title, the aliases.
    fn add_names(&mut self, note: &NoteRef<'_>, fragment: &str) {
        let parsed = &note.note.parsed;
        let index = Fragments::of(*note).find_heading(fragment);
        if let Some(heading) = index.and_then(|index| parsed.headings.get(index)) {
            self.add(parsed.heading_name(heading), Some(HEADING), 0);
        }
        if let Some(title) = note.note.title() {
            self.add(title, Some("title"), 0);
        }
        let aliases = parsed.front_matter.iter().flat_map(|front_matter| front_matter.aliases.iter());
        for alias in aliases {
            self.add(&alias.value, Some("alias"), 0);
        }
    }

    /// What links to the file show, but for the one that is being written.
    fn add_used(&mut self, request: &Request<'_>, file: FileId) -> Result<(), Cancelled> {
        let (source, start) = (request.source.id, request.context.start());
        let backlinks = Backlinks::of(request.vault, file);
        for other in backlinks.sources().into_iter().take(MAX_SOURCES) {
            request.cancel.check()?;
            let is_own = |link: &Link| other.id == source && link.span.touches(start);
            for link in backlinks.from(other).filter(|link| link.kind.is_wiki() && !is_own(link)) {
                if let Some(display) = link.display {
                    self.add(&other.note.slice(display), None, 1);
                }
            }
        }
        Ok(())
    }

    /// The heading that is linked, then those that are used most, then the others as they were met.
    fn into_sorted(mut self) -> Vec<Shown> {
        self.shown.sort_by_key(|shown| (shown.what != Some(HEADING), Reverse(shown.uses)));
        self.shown
    }
}
