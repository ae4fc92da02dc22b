//! Links to headings and blocks that their note does not have: the nearest ones that it has, and the heading appended.

use crate::config::DiagnosticCode;
use crate::syntax::{Link, decode_link_part};
use crate::text::Span;
use crate::vault::{Cancelled, Note, NoteRef, Resolution, loose};

use super::links::is_same_but_for_separators;
use super::{FixContext, appended_to};
use crate::ide::change::{Edit, VaultChange};
use crate::ide::links::escape::{Part, encode};
use crate::ide::links::fragment::{Fragments, Place, is_writable_fragment};
use crate::ide::links::relink::fits_where_it_stands;
use crate::ide::search::suggestions::suggest_names;

/// How many headings or blocks are offered.
const AT_MOST: usize = 3;

/// A heading below a title, as most are.
const APPENDED: &str = "## ";

pub(super) fn fix(broken: &mut FixContext<'_>) -> Result<(), Cancelled> {
    let is_block = match broken.finding.code {
        DiagnosticCode::MissingHeading => false,
        DiagnosticCode::MissingBlock => true,
        _ => return Ok(()),
    };
    let Some(link) = broken.link() else { return Ok(()) };
    let Resolution::Found(found) = broken.vault.resolve(&broken.source, link) else { return Ok(()) };
    let (Some(target), Some(span)) = (broken.vault.note(found.best), link.fragment) else { return Ok(()) };
    let raw = broken.source.note.slice(span);
    let decoded = decode_link_part(link, &raw);
    let fragment = Fragment { link, span, raw: &raw, decoded: &decoded, target };
    if is_block {
        return fragment.change_to_blocks(broken);
    }
    fragment.change_to_headings(broken)?;
    if !broken.pass.wants_sure_only {
        fragment.append_heading(broken);
    }
    Ok(())
}

/// A fragment that its note does not have.
struct Fragment<'a> {
    link: &'a Link,
    span: Span,
    /// As it is written.
    raw: &'a str,
    /// What that says, without its first `#`.
    decoded: &'a str,
    target: NoteRef<'a>,
}

impl Fragment<'_> {
    /// Sure if one heading alone has the same letters and digits, and nothing else tells both apart but spaces and
    /// punctuation.
    fn change_to_headings(&self, broken: &mut FixContext<'_>) -> Result<(), Cancelled> {
        let parsed = &self.target.note.parsed;
        let names: Vec<&str> = parsed.headings.iter().map(|heading| parsed.heading_name(heading)).collect();
        let wanted = self.decoded.rsplit('#').next().unwrap_or_default();
        let same = loose(wanted);
        let is_same = |name: &&&str| !same.is_empty() && loose(name) == same;
        let is_only = names.iter().filter(is_same).count() == 1 && !self.decoded.contains('#');
        if broken.pass.wants_sure_only && !is_only {
            return Ok(());
        }
        let slugs = if self.link.kind.is_wiki() { Vec::new() } else { parsed.slugs() };
        let places = Fragments::of(self.target);
        let mut offered = Vec::new();
        for index in suggest_names(&names, wanted, broken.cancel)? {
            let (Some(heading), Some(name)) = (parsed.headings.get(index), names.get(index)) else {
                continue;
            };
            // What the link says there would be said in the name of the heading as well.
            if self.target.id == broken.source.id && heading.span.covers(self.link.span) {
                continue;
            }
            let written = slugs.get(index).map_or(*name, |slug| slug.as_str());
            let leads_there = matches!(
                places.find(written), Place::Heading { heading: found, .. } if found == heading.span
            );
            if leads_there && offered.len() < AT_MOST && !offered.contains(&written) {
                let is_sure = is_only && is_same_but_for_separators(name, wanted);
                self.change_to(broken, written, is_sure);
                offered.push(written);
            }
        }
        Ok(())
    }

    fn change_to_blocks(&self, broken: &mut FixContext<'_>) -> Result<(), Cancelled> {
        if broken.pass.wants_sure_only {
            return Ok(());
        }
        let note = self.target.note;
        let ids: Vec<String> =
            note.parsed.blocks.iter().map(|block| note.slice(block.id).into_owned()).collect();
        let names: Vec<&str> = ids.iter().map(String::as_str).collect();
        let wanted = self.decoded.trim_start_matches('^');
        let nearest = suggest_names(&names, wanted, broken.cancel)?;
        let mut offered: Vec<&str> = Vec::new();
        for id in nearest.into_iter().filter_map(|index| names.get(index)).take(AT_MOST) {
            if !offered.iter().any(|other| other.eq_ignore_ascii_case(id)) {
                offered.push(id);
                self.change_to(broken, &format!("^{id}"), false);
            }
        }
        Ok(())
    }

    fn change_to(&self, broken: &mut FixContext<'_>, written: &str, is_sure: bool) {
        let is_wiki = self.link.kind.is_wiki();
        if is_wiki && !is_writable_fragment(written)
            || !fits_where_it_stands(&broken.source, self.link, written)
        {
            return;
        }
        let new_text = if is_wiki { written.to_owned() } else { encode(written, Part::Fragment, self.raw) };
        broken.add(format!("Change to `#{written}`"), vec![Edit::replace(self.span, new_text)], is_sure);
    }

    /// A heading at the end of the note, if the link leads there then. A slug is written as words.
    fn append_heading(&self, broken: &mut FixContext<'_>) {
        let words = self.decoded.replace('-', " ");
        let names = if self.link.kind.is_wiki() { vec![self.decoded] } else { vec![&*words, self.decoded] };
        let text = self.target.note.text.to_text();
        for name in names.into_iter().map(capitalised) {
            let appended = appended_to(&text, &format!("{APPENDED}{name}"));
            let after = Note::new(&format!("{text}{appended}"));
            let target = NoteRef { note: &after.into(), ..self.target };
            let found = Fragments::of(target).find(self.decoded);
            let is_there = matches!(found, Place::Heading { .. })
                && target.note.parsed.headings.len() == self.target.note.parsed.headings.len() + 1
                && target.note.parsed.faults.len() == self.target.note.parsed.faults.len();
            if !is_there {
                continue;
            }
            let end = Span::empty(self.target.note.text.end());
            let edits = vec![(self.target.id, Edit::replace(end, appended))];
            let title = format!("Add the heading `{name}` to `{}`", self.target.path.stem());
            broken.add_change(title, VaultChange::in_notes(broken.vault, edits), false);
            return;
        }
    }
}

/// With a capital letter, where the first letter has one.
fn capitalised(name: &str) -> String {
    let mut rest = name.chars();
    let first = rest.next().map(|first| first.to_uppercase().collect::<String>());
    format!("{}{}", first.unwrap_or_default(), rest.as_str())
}
