//! Titles beside links that show only the name of a file.

use crate::syntax::{Link, LinkKind};
use crate::text::{Offset, Span};
use crate::vault::{
    Cancel, Cancelled, FileId, NoteRef, Resolution, Snapshot, last_component, loose, without_note_extension,
};

use crate::ide::note::title::shortened;

/// A title to show in the text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TitleHint {
    /// Behind the link.
    pub at: Offset,
    /// The title of the note that it leads to; one of more than 120 characters is cut.
    pub title: String,
}

/// For each wikilink in a stretch of a note that has no display text, the title of the note that it leads to,
/// unless the link reads like it already. None for embeds, which show the note, and for links into a part of
/// the note, which read as what they name. None at all if `inlayHints.titles` is off.
pub fn title_hints(
    vault: &Snapshot,
    note: FileId,
    within: Span,
    cancel: &Cancel,
) -> Result<Vec<TitleHint>, Cancelled> {
    let Some(source) = vault.note(note).filter(|_| vault.settings().title_hints) else {
        return Ok(Vec::new());
    };
    let mut hints = Vec::new();
    for link in source.note.parsed.links.iter().filter(|link| within.touches(link.span.end)) {
        cancel.check()?;
        hints.extend(title_hint(vault, &source, link));
    }
    Ok(hints)
}

fn title_hint(vault: &Snapshot, source: &NoteRef<'_>, link: &Link) -> Option<TitleHint> {
    let shows_stem = link.kind == LinkKind::Wikilink && link.display.is_none() && link.fragment.is_none();
    let Resolution::Found(found) = (if shows_stem { vault.resolve(source, link) } else { return None })
    else {
        return None;
    };
    let title = vault.note(found.best)?.note.title()?;
    let written = source.note.slice(link.target);
    let name = last_component(&written);
    let name = without_note_extension(name);
    let reads_alike = name == title || !loose(title).is_empty() && loose(name) == loose(title);
    (!reads_alike).then(|| TitleHint { at: link.span.end, title: shortened(title).into_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Settings;
    use crate::ide::fixture;

    const VAULT: &str = "[[llm]] [[llm|shown]] [[llm#Part]] ![[llm]] [[x/llm.md]] [[gone]] [[large_models]] [m](x/llm.md) [[p.png]]\n\
        //- x/llm.md\n# Language Models\n## Part\n//- large_models.md\n# Large models\n//- p.png\n";

    fn hints(within: Option<Span>, is_on: bool) -> Vec<String> {
        let settings = Settings { title_hints: is_on, ..Settings::default() };
        let (vault, at) = fixture::with_settings(&format!("//- a.md\n{VAULT}"), settings);
        let note = vault.note(at.note).unwrap();
        let within = within.unwrap_or(Span::between(Offset::ZERO, note.note.text.end()));
        let found = title_hints(&vault, at.note, within, &Cancel::new()).unwrap();
        found.iter().map(|hint| format!("{} {}", hint.at.to_usize(), hint.title)).collect()
    }

    #[test]
    fn titles_stand_behind_links_that_show_only_a_name() {
        assert_eq!(hints(None, true), ["7 Language Models", "56 Language Models"]);
        assert_eq!(hints(Some(Span::new(0, 20)), true), ["7 Language Models"]);
        assert_eq!(hints(None, false), Vec::<String>::new());
    }
}
