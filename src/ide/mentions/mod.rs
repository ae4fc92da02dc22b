//! Words that name another note and are no link to it.

mod elsewhere;
mod prose;

use std::cmp::Reverse;
use std::collections::BTreeMap;

use rustc_hash::FxHashSet;

use crate::syntax::LinkKind;
use crate::text::{SortedByPlace, Span};
use crate::vault::{
    Cancel, Cancelled, FileId, NameInText, NoteRef, Snapshot, folder_distance, normalized_name,
};

pub use elsewhere::{NoteMentions, link_mentions_of, mentions_of};
use prose::other_than_prose;

use crate::ide::links::link_writer::LinkWriter;

/// Words that name other notes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mention {
    /// The words: `large language models`.
    pub span: Span,
    /// The notes that they can mean, the best one first.
    pub notes: Vec<FileId>,
    /// Whether only length or alphabet chose the best one: several bear the name in the same way, and no
    /// folder is nearest.
    pub is_ambiguous: bool,
}

/// The mentions of other notes in the plain text of a note, in order. Where names overlap the longest is
/// meant. None is what the note itself is called, a name of `mentions.ignore`, or next to a character that
/// would make something else of a link; none means an excluded note. Linear in the note; the first request
/// after a name has changed waits for [`Snapshot::name_matcher`].
///
/// # Errors
///
/// `Cancelled` if the answer is not wanted any more.
pub fn mentions(vault: &Snapshot, note: FileId, cancel: &Cancel) -> Result<Vec<Mention>, Cancelled> {
    let Some(source) = vault.note(note) else { return Ok(Vec::new()) };
    let text = source.note.text.to_text();
    mentions_in(vault, &source, &text, &[Span::new(0, text.len())], cancel)
}

/// Those of the [`mentions`] of a note that stand in the lines of a stretch. The cost grows with these lines
/// alone, but for what in the note is no plain text.
pub(super) fn mentions_near(
    vault: &Snapshot,
    source: &NoteRef<'_>,
    stretch: Span,
    cancel: &Cancel,
) -> Result<Vec<Mention>, Cancelled> {
    let text = &source.note.text;
    let line = |at| text.line(text.line_of(at)).unwrap_or(stretch);
    let lines = Span::between(line(stretch.start).start, line(stretch.end).end);
    mentions_in(vault, source, &text.to_text(), &[lines], cancel)
}

/// The mentions of other notes in some whole lines of a note with this text; `lines` are in order and apart.
/// No name goes beyond a line, so what stands in other lines changes nothing.
fn mentions_in(
    vault: &Snapshot,
    source: &NoteRef<'_>,
    text: &str,
    lines: &[Span],
    cancel: &Cancel,
) -> Result<Vec<Mention>, Cancelled> {
    cancel.check()?;
    let name_matcher = vault.name_matcher();
    let mut found = Vec::new();
    for line in lines {
        // With the line breaks around them, which end words.
        let start = line.start.to_usize().saturating_sub(1);
        let end = line.end.plus(1).to_usize().min(text.len());
        let place = |span: Span| Span::between(span.start.plus(start), span.end.plus(start));
        let in_line = name_matcher.find(text.get(start..end).unwrap_or_default()).into_iter();
        found.extend(in_line.map(|name| NameInText { span: place(name.span), ..name }));
    }
    cancel.check()?;
    if found.is_empty() {
        return Ok(Vec::new());
    }
    let taken = other_than_prose(source, text);
    let ignored = &vault.settings().ignored_mentions;
    let ignored: FxHashSet<String> = ignored.iter().map(|name| normalized_name(name)).collect();
    found.retain(|name| {
        !ignored.contains(name.name) && !overlaps(&taken, name.span) && can_be_linked(text, name.span)
    });
    let meant = longest(found);
    let others = meant.into_iter().filter(|name| !name.notes.contains(&source.id));
    Ok(others.filter_map(|name| mention(vault, source, &name)).collect())
}

/// Of names that overlap the longest, of equally long ones the first. In order.
fn longest(mut found: Vec<NameInText<'_>>) -> Vec<NameInText<'_>> {
    found.sort_by_key(|name| (Reverse(name.span.len()), name.span.start));
    let mut chosen: BTreeMap<Span, NameInText<'_>> = BTreeMap::new();
    for name in found {
        let before = chosen.range(..=name.span).next_back().map(|(span, _)| *span);
        let after = chosen.range(name.span..).next().map(|(span, _)| *span);
        if !before.into_iter().chain(after).any(|other| other.overlaps(name.span)) {
            chosen.insert(name.span, name);
        }
    }
    chosen.into_values().collect()
}

/// Whether a stretch overlaps one of those that are in order and apart.
fn overlaps(apart: &[Span], span: Span) -> bool {
    apart.overlapping(span).next().is_some()
}

/// Whether `[[ ]]` around a stretch would be a link: before it stands nothing that would escape it or make it
/// an embed, and no bracket touches it.
fn can_be_linked(text: &str, span: Span) -> bool {
    let before = text.get(..span.start.to_usize()).and_then(|before| before.chars().next_back());
    let after = text.get(span.end.to_usize()..).and_then(|after| after.chars().next());
    let words = text.get(span.range()).unwrap_or_default();
    !words.contains(['[', ']', '|', '`'])
        && !matches!(before, Some('[' | '!' | '\\' | '^'))
        && !matches!(after, Some(']' | '[' | '('))
}

/// The notes that a name can mean, the nearest first; `None` if all of them are excluded.
fn mention(vault: &Snapshot, source: &NoteRef<'_>, name: &NameInText<'_>) -> Option<Mention> {
    let mut notes: Vec<(Nearness, &str, FileId)> = Vec::with_capacity(name.notes.len());
    let bearers = name.notes.iter().filter(|id| !vault.is_excluded(**id));
    for bearer in bearers.filter_map(|id| vault.note(*id)) {
        let nearness = if name.notes.len() > 1 { nearness(source, &bearer, name.name) } else { (0, 0) };
        notes.push((nearness, bearer.path.as_str(), bearer.id));
    }
    notes.sort_by_key(|(nearness, path, _)| (*nearness, path.len(), *path));
    let is_ambiguous = matches!(&*notes, [(first, ..), (second, ..), ..] if first == second);
    let notes: Vec<FileId> = notes.into_iter().map(|(.., id)| id).collect();
    (!notes.is_empty()).then_some(Mention { span: name.span, notes, is_ambiguous })
}

/// The link to `note` to write in place of some words of `source`, in the form of the vault's links and
/// showing the words; `None` if none can lead there.
pub(super) fn link_for(vault: &Snapshot, source: &NoteRef<'_>, words: Span, note: FileId) -> Option<String> {
    let writer = LinkWriter::at(vault, source, words.start);
    let target = writer.target(LinkKind::Wikilink, note)?;
    writer.wikilink(&target, None, Some(&source.note.slice(words)))
}

/// How a name fits a note that bears it, the best first, and how far away that lies.
type Nearness = (usize, usize);

/// A stem fits before an alias and that before a title, as with links ([`crate::vault::Tier`]).
fn nearness(source: &NoteRef<'_>, bearer: &NoteRef<'_>, name: &str) -> Nearness {
    let front_matter = bearer.note.parsed.front_matter.as_ref();
    let mut aliases = front_matter.iter().flat_map(|front_matter| &front_matter.aliases);
    let fit = if normalized_name(bearer.path.stem()) == name {
        0
    } else if aliases.any(|alias| normalized_name(&alias.value) == name) {
        1
    } else {
        2
    };
    (fit, folder_distance(source.path.folder(), bearer.path.folder()))
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::config::Settings;
    use crate::ide::fixture;

    /// The mentions of the note with the cursor, or of the first one, a line each.
    fn check(text: &str, expected: &Expect) {
        let (vault, at) = fixture::vault(text);
        let note = vault.note(at.note).unwrap();
        let mut said = String::new();
        for found in mentions(&vault, at.note, &Cancel::new()).unwrap() {
            let notes: Vec<String> = found.notes.iter().map(|id| fixture::path(&vault, *id)).collect();
            let mark = if found.is_ambiguous { "?" } else { "" };
            said.push_str(&format!("{:?} -> {}{mark}\n", note.note.slice(found.span), notes.join(", ")));
        }
        expected.assert_eq(&said);
    }

    const NOTES: &str = "//- large_language_models.md\n//- language_models.md\n# Models of Language\n\
        //- plasticity.md\n---\naliases: [neural change, LTP]\n---\n//- models of language and thought.md\n";

    #[test]
    fn stems_titles_and_aliases_are_found_as_words() {
        check(
            &format!(
                "//- a.md\nLarge language models, large-language\u{a0}models and Large_Language_Models.\n\
                 A language model, *language models*; models of language. Plasticity's neural\nchange, neural change: LTP!\n{NOTES}"
            ),
            &expect![[r#"
                "Large language models" -> large_language_models.md
                "large-language\u{a0}models" -> large_language_models.md
                "Large_Language_Models" -> large_language_models.md
                "language models" -> language_models.md
                "models of language" -> language_models.md
                "Plasticity" -> plasticity.md
                "neural change" -> plasticity.md
                "LTP" -> plasticity.md
            "#]],
        );
    }

    #[test]
    fn the_longest_name_is_meant() {
        check(
            &format!("//- a.md\nlarge language models of language and thought\n{NOTES}"),
            &expect![[r#"
                "models of language and thought" -> models of language and thought.md
            "#]],
        );
        check(
            &format!(
                "//- large language models of everything.md\nLarge language models of everything\n{NOTES}"
            ),
            &expect![[r#""#]],
        );
    }

    #[test]
    fn only_plain_text_mentions() {
        check(
            &format!(
                "//- a.md\n---\ntitle: on plasticity\ntags: plasticity\n---\n# Plasticity\nPlasticity\n==========\n\
                 [[plasticity]] [[a | plasticity]] [plasticity](x.md) [t](plasticity.md) ![plasticity](p.png) <https://plasticity.org>\n\
                 https://x.org/plasticity `plasticity` $plasticity$ %%plasticity%% <!-- plasticity --> #plasticity #a/plasticity\n\
                 <a title=\"plasticity\">b</a> [plasticity][l] [^plasticity] <plasticity> me@plasticity.org [[plasticity\n\n\
                 ```\nplasticity\n```\n\n    plasticity\n\n> [!plasticity]\n\n[l]: plasticity.md\n[^plasticity]: note\n\n\
                 text ^plasticity\n\n\\plasticity !plasticity [plasticity] plasticity(x)\n\n> and *plasticity*\n{NOTES}"
            ),
            &expect![[r#"
                "plasticity" -> plasticity.md
            "#]],
        );
    }

    #[test]
    fn names_of_several_notes_mean_the_nearest_one() {
        check(
            "//- x/a.md\nThe synapse, a spine, some cortex.\n//- x/synapse.md\n//- y/synapse.md\n//- y/spine.md\n//- z/spine.md\n\
             //- y/b.md\n---\naliases: cortex\n---\n//- y/z/cortex.md\n",
            &expect![[r#"
                "synapse" -> x/synapse.md, y/synapse.md
                "spine" -> y/spine.md, z/spine.md?
                "cortex" -> y/z/cortex.md, y/b.md
            "#]],
        );
    }

    #[test]
    fn short_and_common_names_mention_nothing() {
        let mut notes =
            "//- a.md\nAI is in R, the mind and Go 2024; the network of models, an index, vault notes.\n"
                .to_owned();
        notes.push_str("//- AI.md\n//- R.md\n//- Go.md\n//- the.md\n//- 2024.md\n//- mind.md\n//- index.md\n//- vault notes/index.md\n");
        (0..21).for_each(|number| notes.push_str(&format!("//- the network {number}.md\n")));
        (0..9).for_each(|number| notes.push_str(&format!("//- {number}/models.md\n")));
        check(
            &notes,
            &expect![[r#"
            "mind" -> mind.md
            "vault notes" -> vault notes/index.md
        "#]],
        );
    }

    #[test]
    fn ignored_names_hide_no_shorter_ones() {
        let ignored_mentions = vec!["Large_language models".to_owned()];
        let settings = Settings { ignored_mentions, ..Settings::default() };
        let (vault, at) =
            fixture::with_settings(&format!("//- a.md\nlarge language models\n{NOTES}"), settings);
        let found = mentions(&vault, at.note, &Cancel::new()).unwrap();
        let words: Vec<_> =
            found.iter().map(|one| vault.note(at.note).unwrap().note.slice(one.span)).collect();
        assert_eq!(words, ["language models"]);
    }

    #[test]
    fn a_new_title_is_a_new_name_and_other_text_is_none() {
        use crate::text::Text;
        use crate::vault::{Change, DiskFile, Note, VaultPath, VaultWriter};
        use std::sync::Arc;

        let mut writer = VaultWriter::new(Arc::default());
        let path = |path: &str| VaultPath::resolve("", path).unwrap();
        let file = |text: &str| DiskFile::Note(Arc::new(Note::new(text)));
        writer.apply(Change::Disk(vec![
            (path("a.md"), file("the old name and the new name")),
            (path("b.md"), file("# Old name\ntext")),
        ]));
        let words = |writer: &VaultWriter| {
            let vault = writer.snapshot();
            let note = vault.note(vault.find("a.md").unwrap()).unwrap();
            let found = mentions(&vault, note.id, &Cancel::new()).unwrap();
            found.iter().map(|one| note.note.slice(one.span).into_owned()).collect::<Vec<_>>()
        };
        let before = writer.snapshot();
        assert_eq!(words(&writer), ["old name"]);
        writer.apply(Change::Opened { path: path("b.md"), text: Text::from("# Old name\nmore text") });
        assert!(std::ptr::eq(before.name_matcher(), writer.snapshot().name_matcher()));
        writer.apply(Change::Edited { path: path("b.md"), text: Text::from("# New name\nmore text") });
        assert_eq!(words(&writer), ["new name"]);
        assert_eq!(before.name_matcher().len(), 1);
        writer.apply(Change::Disk(vec![(path("old name.md"), file(""))]));
        assert_eq!(words(&writer), ["old name", "new name"]);
    }
}
