//! New links, written as the other links of the vault are.

use std::borrow::Cow;

use crate::config::LinkPaths;
use crate::ide::links::escape::{Encoding, Position};
use crate::ide::links::pipe::Pipe;
use crate::ide::links::write::{Others, TargetStyle, Wanted, write_target};
use crate::syntax::LinkKind;
use crate::text::Offset;
use crate::vault::{File, FileId, LinkStyle, NameKind, NoteRef, Snapshot};

/// Writes links at a place of a note.
pub(crate) struct LinkWriter<'a> {
    vault: &'a Snapshot,
    /// The folder of the note.
    folder: &'a str,
    style: LinkStyle,
    /// What stands between a target and what it shows.
    bar: &'static str,
}

impl<'a> LinkWriter<'a> {
    pub(crate) fn at(vault: &'a Snapshot, source: &NoteRef<'a>, at: Offset) -> LinkWriter<'a> {
        let style = vault.link_style(source, at);
        let bar = Pipe::at(source.note, at).with_style(&style);
        LinkWriter { vault, folder: source.path.folder(), style, bar }
    }

    /// Returns a target that leads to a file and no other, by its path or name; `None` if no such target can
    /// stand in a link of `kind`.
    pub(crate) fn exact_target(&self, kind: LinkKind, file: FileId) -> Option<String> {
        // A name that only the nearest file bears for other programs leads to any of them.
        let is_name = kind.is_wiki() && self.style.paths == LinkPaths::Shortest;
        let others = if is_name { Others::None } else { Others::Farther };
        self.target_of(kind, Wanted::exactly(file, others))
    }

    /// Returns a target that leads to a file by any name: where its path cannot be written, as one with `#`
    /// in it cannot, that is an alias or the name without such characters. `None` if nothing leads there.
    pub(crate) fn target(&self, kind: LinkKind, file: FileId) -> Option<String> {
        let wanted = Wanted::by_any_name(file);
        let by_path = self.exact_target(kind, file).or_else(|| self.target_of(kind, wanted));
        by_path.or_else(|| {
            let file = self.vault.file(file)?;
            let front_matter = file.note().and_then(|note| note.parsed.front_matter.as_ref());
            let aliases = front_matter.iter().flat_map(|front_matter| front_matter.aliases.iter());
            let mut names =
                aliases.map(|alias| Cow::from(&*alias.value)).chain([without_reserved(file).into()]);
            let leads_there = |name: &Cow<'_, str>| {
                Position::Target.can_hold(name) && wanted.is_met(self.vault, self.folder, kind, name)
            };
            names.find(leads_there).map(Cow::into_owned)
        })
    }

    /// The same, or the nearest text that can stand in a link if nothing leads there.
    pub(crate) fn nearest_target(&self, kind: LinkKind, id: FileId, file: &File) -> String {
        self.target(kind, id).unwrap_or_else(|| without_reserved(file))
    }

    fn target_of(&self, kind: LinkKind, wanted: Wanted<'_>) -> Option<String> {
        write_target(self.vault, (self.folder, kind), wanted, TargetStyle::of_vault(&self.style, kind))
    }

    /// Returns the destination of a Markdown link to a file.
    pub(crate) fn destination(&self, file: FileId, encoding: Encoding) -> Option<String> {
        let path = self.exact_target(LinkKind::Inline, file)?;
        Position::Path(encoding).write(&path).map(Cow::into_owned)
    }

    /// Returns what stands between `[[` and `]]` for a target found by a name of its file: behind a bar what
    /// the link shows, where links of this vault do that.
    pub(crate) fn with_shown(&self, target: String, file: &File, name: NameKind) -> String {
        match self.shown(file, name).filter(|shown| *shown != target) {
            Some(shown) => format!("{target}{}{shown}", self.bar),
            None => target,
        }
    }

    /// What a link to a file shows beyond its target; `None` if nothing that could stand in a link.
    fn shown<'b>(&self, file: &'b File, name: NameKind) -> Option<Cow<'b, str>> {
        let note = file.note()?;
        let shown = match name {
            NameKind::Alias(index) if self.style.shows_alias => {
                let front_matter = note.parsed.front_matter.as_ref()?;
                &*front_matter.aliases.get(index)?.value
            }
            _ if self.style.shows_title => note.title()?,
            _ => return None,
        };
        Position::Display.write(shown)
    }

    /// Returns `[[target#fragment|display]]`, without the display text if the link shows that by itself;
    /// `None` if a part cannot stand in a wikilink.
    pub(crate) fn wikilink(
        &self,
        target: &str,
        fragment: Option<&str>,
        display: Option<&str>,
    ) -> Option<String> {
        let mut name = Position::Target.write(target)?.into_owned();
        if let Some(fragment) = fragment {
            name = format!("{name}#{}", Position::Fragment.write(fragment)?);
        }
        let shows_by_itself = if target.is_empty() { fragment } else { Some(&*name) };
        match display.filter(|display| Some(*display) != shows_by_itself && *display != name) {
            Some(display) => Some(format!("[[{name}{}{}]]", self.bar, Position::Display.write(display)?)),
            None => Some(format!("[[{name}]]")),
        }
    }
}

/// Returns `[text](destination#fragment)`, the destination encoded already; `None` if the text cannot stand
/// in a link.
pub(crate) fn markdown_link(text: &str, destination: &str, fragment: Option<&str>) -> Option<String> {
    let position = Position::EncodedFragment(Encoding::default());
    let fragment = fragment.and_then(|fragment| position.write(fragment));
    let fragment = fragment.map_or_else(String::new, |fragment| format!("#{fragment}"));
    Some(format!("[{}]({destination}{fragment})", Position::LinkText.write(text)?))
}

/// The path of a file with a space for each character that cannot stand in a target.
fn without_reserved(file: &File) -> String {
    file.path.without_extension().replace(|char| Position::Target.rejects(char), " ").trim().to_owned()
}
