//! What to write for a link to a file, so that it leads there and looks like the other links of the vault.

use crate::config::LinkPaths;
use crate::ide::links::pipe::Pipe;
use crate::syntax::LinkKind;
use crate::text::Offset;
use crate::vault::{
    File, FileId, Found, LinkStyle, NameKind, NoteRef, Resolution, Snapshot, dotted_relative_path,
    relative_path,
};

/// Writes links into a note as the other links of the vault are written.
pub(in crate::ide) struct LinkWriter<'a> {
    vault: &'a Snapshot,
    /// The folder of the note.
    folder: &'a str,
    style: LinkStyle,
    /// What stands between a target and what it shows.
    bar: &'static str,
    /// Whether there is room for what it shows.
    takes_display: bool,
}

impl<'a> LinkWriter<'a> {
    /// The same for a link that has room for what it shows, or has none.
    pub(crate) fn with_display(self, takes_display: bool) -> LinkWriter<'a> {
        LinkWriter { takes_display, ..self }
    }

    /// For a link at a place of `source`.
    pub(in crate::ide) fn at(vault: &'a Snapshot, source: &NoteRef<'a>, at: Offset) -> LinkWriter<'a> {
        let style = vault.link_style(source, at);
        let bar = Pipe::at(source.note, at).with_style(&style);
        LinkWriter { vault, folder: source.path.folder(), style, bar, takes_display: true }
    }

    /// A whole wikilink that shows these words; `None` if no link can show them or lead to the file.
    pub(in crate::ide) fn showing(&self, words: &str, id: FileId, file: &File) -> Option<String> {
        let target = self.target(LinkKind::Wikilink, id, file);
        let leads_there = matches!(
            self.vault.resolve_target(self.folder, LinkKind::Wikilink, &target),
            Resolution::Found(found) if found.best == id
        );
        let link = if words == target {
            format!("[[{target}]]")
        } else {
            format!("[[{target}{}{words}]]", self.bar)
        };
        (leads_there && can_be_shown(words)).then_some(link)
    }

    /// What to write between `[[` and `]]` to mean a file: its target, and behind a bar what the link shows, where links
    /// of this vault do that and there is room for it. `name` is the name that the file was found by.
    pub(crate) fn text(&self, kind: LinkKind, id: FileId, file: &File, name: NameKind) -> String {
        let target = self.target(kind, id, file);
        let is_shown = self.takes_display && kind == LinkKind::Wikilink;
        match self.shown(file, name).filter(|shown| is_shown && *shown != target) {
            Some(shown) => format!("{target}{}{shown}", self.bar),
            None => target,
        }
    }

    /// What a link to a file shows beyond its target; `None` if nothing that could stand in a link.
    fn shown<'b>(&self, file: &'b File, name: NameKind) -> Option<&'b str> {
        let note = file.note()?;
        let shown = match name {
            NameKind::Alias(index) if self.style.shows_alias => {
                let front_matter = note.parsed.front_matter.as_ref()?;
                &*front_matter.aliases.get(index)?.value
            }
            _ if self.style.shows_title => note.title()?,
            _ => return None,
        };
        can_be_shown(shown).then_some(shown)
    }

    /// What to write between `[[` and `]]` to mean a file, and nothing else: in the form that links of this vault have
    /// if that leads there, else its stem or the shortest end of its path that does, else its path from the root.
    pub(in crate::ide) fn target(&self, kind: LinkKind, id: FileId, file: &File) -> String {
        let path = file.path.without_extension();
        let from_root = format!("/{path}");
        let preferred = match self.style.paths {
            LinkPaths::Relative => {
                let way = relative_path(self.folder, path);
                vec![way, dotted_relative_path(self.folder, path)]
            }
            LinkPaths::Root if self.style.is_rooted_with_slash => vec![from_root.clone()],
            LinkPaths::Root => vec![path.to_owned()],
            LinkPaths::Auto | LinkPaths::Shortest => Vec::new(),
        };
        let ends = path.rmatch_indices('/').filter_map(|(slash, _)| path.get(slash + 1..));
        let shortest = ends.chain([path, &from_root, file.path.as_str()]);
        let names = preferred.iter().map(String::as_str).chain(shortest).filter(|name| is_writable(name));
        let is_sure = |found: &Found| found.best == id && !found.is_ambiguous && !found.tier.is_inexact();
        let leads = |name: &str, fits: &dyn Fn(&Found) -> bool| matches!(self.vault.resolve_target(self.folder, kind, name), Resolution::Found(found) if fits(&found));
        if let Some(name) = names.clone().find(|name| leads(name, &is_sure)) {
            return name.to_owned();
        }
        // A name with `#` or `|` in it cannot be linked to the letter, but an alias, or the name without them, may lead
        // there.
        let front_matter = file.note().and_then(|note| note.parsed.front_matter.as_ref());
        let aliases = front_matter.iter().flat_map(|front_matter| front_matter.aliases.iter());
        let mut aliases = aliases.map(|alias| &*alias.value).filter(|alias| is_writable(alias));
        let loosely = path.replace(UNWRITABLE, " ");
        let means = |name: &&str| leads(name, &|found| found.best == id);
        let inexact = names.clone().find(means).or_else(|| aliases.find(means));
        inexact.unwrap_or(&loosely).to_owned()
    }
}

/// Whether a text can stand behind the bar of a link as it is.
pub(crate) fn can_be_shown(text: &str) -> bool {
    !text.is_empty() && text.trim() == text && !text.contains(['[', ']', '|', '\n', '\r'])
}

const UNWRITABLE: [char; 5] = ['[', ']', '#', '|', '^'];

fn is_writable(name: &str) -> bool {
    !name.contains(UNWRITABLE) && name.trim() == name
}
