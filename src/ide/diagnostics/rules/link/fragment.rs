//! What the rules about missing headings and missing blocks share: links to a part that their note does not
//! have.

use super::super::prelude::*;
use crate::ide::links::escape::Position;
use crate::ide::links::write::fits_where_it_stands;
use crate::syntax::decode_link_part;

/// The number of headings or blocks that are offered at most.
pub(super) const MAX_OFFERED: usize = 3;

/// A fragment that its note does not have.
pub(super) struct MissingPart<'a> {
    pub(super) link: &'a Link,
    pub(super) span: Span,
    pub(super) names_block: bool,
    pub(super) target: NoteRef<'a>,
    pub(super) tier: Tier,
}

/// Returns the headings and blocks that links of the note name and that are not there.
pub(super) fn missing_parts<'a>(note: &NoteContext<'a>) -> Result<Vec<MissingPart<'a>>, Cancelled> {
    let missing = note.links()?.iter().filter(|link| link.lacks_part).filter_map(|link| {
        let (found, span) = link.found().zip(link.link.fragment)?;
        let names_block = note.source.note.slice(span).starts_with('^');
        let target = note.vault.note(found.best)?;
        Some(MissingPart { link: link.link, span, names_block, target, tier: found.tier })
    });
    Ok(missing.collect())
}

impl<'a> MissingPart<'a> {
    pub(super) fn finding(&self, note: &NoteContext<'_>, message: String) -> Finding<'a> {
        let related = Related::file(note.vault, self.target.id);
        Finding::new(self.span, message).related(related).tier(self.tier)
    }

    /// Returns the fragment decoded and without its first `#`.
    pub(super) fn decoded(&self, source: &NoteRef<'_>) -> String {
        decode_link_part(self.link, &source.note.slice(self.span)).into_owned()
    }

    /// Adds a fix that writes another fragment, if it can stand there.
    pub(super) fn change_to(
        &self,
        fixes: &mut FixContext<'_, '_>,
        fragment: &str,
        applicability: Applicability,
    ) {
        let source = fixes.note.source;
        let position = Position::fragment_of(self.link, &source.note.slice(self.span));
        let fits = fits_where_it_stands(&source, self.link, fragment);
        if let Some(new_text) = position.write(fragment).filter(|_| fits) {
            let edit = Edit::replace(self.span, new_text);
            fixes.edit(format!("Change to `#{fragment}`"), vec![edit], applicability);
        }
    }
}
