//! Links that can be read and are not written well: ambiguous, by a name that only we understand, not closed, or empty.

use crate::config::DiagnosticCode;
use crate::syntax::{FaultKind, Link, LinkKind, split_wikilink_name};
use crate::text::{Offset, Span};
use crate::vault::{Cancelled, FileId, Found, Resolution, Tier, loose};

use super::FixContext;
use crate::ide::change::{Edit, VaultChange};
use crate::ide::links::fragment::{Fragments, Place, find_place};
use crate::ide::links::relink::{edits_to_name, shares_name};

/// How many of the files that a link fits are offered.
const AT_MOST: usize = 5;

pub(super) fn fix(broken: &mut FixContext<'_>) -> Result<(), Cancelled> {
    broken.cancel.check()?;
    match broken.finding.code {
        DiagnosticCode::InexactLink => broken.write_real_name()?,
        DiagnosticCode::AmbiguousLink if !broken.pass.wants_sure_only => broken.write_path_of_either(),
        DiagnosticCode::UnclosedLink => broken.close_link(),
        DiagnosticCode::EmptyLink if !broken.pass.wants_sure_only => broken.remove_empty_link()?,
        _ => {}
    }
    Ok(())
}

impl<'a> FixContext<'a> {
    /// The link that the finding is about: findings mark its target, its fragment or all of it.
    pub(super) fn link(&self) -> Option<&'a Link> {
        let span = self.finding.span;
        let parts = |link: &Link| link.target == span || link.fragment == Some(span) || link.span == span;
        self.source.note.parsed.links.iter().find(|link| parts(link))
    }

    /// Not sure where several files share the inexact name, for then the one that is taken may not be meant, and where loose
    /// spelling hides a number or a sign.
    fn write_real_name(&mut self) -> Result<(), Cancelled> {
        let Some(link) = self.link() else { return Ok(()) };
        let Resolution::Found(found) = self.vault.resolve(&self.source, link) else { return Ok(()) };
        let Some(file) = self.vault.file(found.best) else { return Ok(()) };
        let Some(edits) = edits_to_name(self.vault, &self.source, link, found.best) else { return Ok(()) };
        let title = format!("Write the real name, `{}`", file.path.stem());
        let is_sure = self.is_beyond_doubt(link, &found);
        self.add(title, edits, is_sure);
        if is_sure && !self.pass.wants_sure_only {
            self.write_all_real_names()?;
        }
        Ok(())
    }

    fn is_beyond_doubt(&self, link: &Link, found: &Found) -> bool {
        let Some(file) = self.vault.file(found.best) else { return false };
        let target = self.source.note.slice(link.target);
        found.all.len() == 1
            && (found.tier != Tier::Loose || is_same_but_for_separators(&target, file.path.stem()))
    }

    /// The same for all links of the note of which it is sure.
    fn write_all_real_names(&mut self) -> Result<(), Cancelled> {
        let mut edits = Vec::new();
        let mut count = 0;
        for link in self.source.note.parsed.links.iter().filter(|link| !link.target.is_empty()) {
            self.cancel.check()?;
            let Resolution::Found(found) = self.vault.resolve(&self.source, link) else { continue };
            if found.tier.is_inexact() && self.is_beyond_doubt(link, &found) {
                let of_link = edits_to_name(self.vault, &self.source, link, found.best);
                count += usize::from(of_link.is_some());
                edits.extend(of_link.into_iter().flatten());
            }
        }
        if count > 1 {
            self.add(format!("Write the real names of all {count} such links in this note"), edits, false);
        }
        Ok(())
    }

    /// Never sure: that two files fit is the finding. Of files without the part that the link names only if the one that is
    /// taken lacks it too.
    fn write_path_of_either(&mut self) {
        let Some(link) = self.link() else { return };
        let Resolution::Found(found) = self.vault.resolve(&self.source, link) else { return };
        let (vault, source) = (self.vault, self.source);
        let lacks_part = |file: FileId| {
            let note = vault.note(file);
            note.is_some_and(|note| find_place(&source, link, &note) == Place::Missing)
        };
        let is_broken = lacks_part(found.best);
        let as_good = found.all.iter().filter(|file| is_broken || !lacks_part(**file));
        for file in as_good.take(AT_MOST) {
            let Some(edits) = edits_to_name(self.vault, &self.source, link, *file) else { continue };
            let Some(name) = edits.first().map(|edit| edit.new_text.clone()) else { continue };
            self.add(format!("Write `{name}`"), edits, false);
        }
    }

    /// Closes a link where the longest name that a file has ends. Sure if nothing else stands on the line.
    fn close_link(&mut self) {
        let span = self.finding.span;
        let text = self.source.note.slice(span);
        let Some(written) = text.strip_prefix("[[") else { return };
        let from = span.start.plus(2);
        if let Some((name, _)) = written.split_once('|') {
            // Display text goes to the end of the line.
            if self.names_place(name.trim()) {
                self.close_at(span.end, false);
            }
            return;
        }
        let inset = written.len() - written.trim_start().len();
        let ends = written.char_indices().filter(|(at, char)| *at > inset && !char.is_alphanumeric());
        let mut ends: Vec<usize> = ends.map(|(at, _)| at).collect();
        ends.push(written.len());
        for (name, behind) in ends.into_iter().rev().filter_map(|end| written.split_at_checked(end)) {
            // `[[note]]#Part` would be no link to the part.
            let is_cut = name.ends_with(char::is_whitespace) || behind.starts_with('#');
            if !is_cut && self.names_place(name.trim()) {
                self.close_at(from.plus(name.len()), behind.is_empty());
                return;
            }
        }
    }

    fn close_at(&mut self, end: Offset, is_sure: bool) {
        self.add("Close the link", vec![Edit::replace(Span::empty(end), "]]")], is_sure);
    }

    /// Whether a wikilink that says this leads to one file and a part that it has, and other tools find it too. Not by a name
    /// that two notes have: the link would be the first to make that matter.
    fn names_place(&self, written: &str) -> bool {
        let (target, fragment) = split_wikilink_name(written);
        let (target, fragment) = (written.get(target), fragment.and_then(|fragment| written.get(fragment)));
        let Some(target) = target.filter(|target| !target.is_empty()) else { return false };
        let folder = self.source.path.folder();
        let Resolution::Found(found) = self.vault.resolve_target(folder, LinkKind::Wikilink, target) else {
            return false;
        };
        let has_part = |fragment: &str| {
            let note = self.vault.note(found.best);
            note.is_some_and(|note| Fragments::of(note).find(fragment) != Place::Missing)
        };
        found.all.len() == 1
            && !found.tier.is_inexact()
            && (found.tier == Tier::Path || !shares_name(self.vault, found.best))
            && fragment.is_none_or(has_part)
    }

    /// The words behind the `|` stay. Never sure: somebody may be about to write a name there.
    fn remove_empty_link(&mut self) -> Result<(), Cancelled> {
        let span = self.finding.span;
        let is_empty = |kind: &FaultKind| *kind == FaultKind::EmptyLink;
        if !self.source.note.parsed.faults.iter().any(|fault| fault.span == span && is_empty(&fault.kind)) {
            return Ok(());
        }
        let text = self.source.note.slice(span);
        let inner = text.trim_start_matches('!').trim_start_matches("[[").trim_end_matches("]]");
        let shown = inner.split_once('|').map_or("", |(_, shown)| shown.trim());
        let title =
            if shown.is_empty() { "Remove the empty link" } else { "Remove the link, keep its words" };
        let change = VaultChange::in_note(self.source.id, vec![Edit::replace(span, shown)]);
        // What stands on both sides may read as one.
        if self.adds_no_finding(&change)? {
            self.add_change(title, change, false);
        }
        Ok(())
    }
}

/// Whether two loosely equal names have the same numbers and differ in nothing but spaces and punctuation: `v1.2` and `v12`
/// do not, nor do `C++` and `C`.
pub(super) fn is_same_but_for_separators(a: &str, b: &str) -> bool {
    let numbers = |name: &str| -> Vec<String> {
        let runs = name.split(|char: char| !char.is_numeric());
        runs.filter(|run| !run.is_empty()).map(str::to_owned).collect()
    };
    let signs = |name: &str| -> Vec<char> {
        let is_sign =
            |char: &char| !(char.is_alphanumeric() || char.is_whitespace() || is_punctuation(*char));
        name.chars().filter(is_sign).collect()
    };
    loose(a) == loose(b) && numbers(a) == numbers(b) && signs(a) == signs(b)
}

fn is_punctuation(char: char) -> bool {
    matches!(
        char,
        '_' | '-'
            | '–'
            | '—'
            | '.'
            | ','
            | ';'
            | ':'
            | '!'
            | '?'
            | '\''
            | '"'
            | '‘'
            | '’'
            | '“'
            | '”'
            | '('
            | ')'
            | '/'
            | '&'
    )
}
