//! What previews of different things have in common: links, titles, lists of notes.

use crate::syntax::Moment;
use crate::text::Span;
use crate::vault::{Cancel, Cancelled, File, Key, NoteRef, Snapshot, VaultPath, fold};

use super::{Inline, Preview};
use crate::ide::note::sentence::sentence_around;
use crate::ide::note::title::{shortened, title_of_file};
use crate::ide::timestamps::video::{note_of_video, video_address};

/// How many notes are named before the rest is only counted.
const MAX_NOTES: usize = 5;

/// Makes previews of what is in a vault.
#[derive(Clone, Copy)]
pub(crate) struct PreviewBuilder<'a> {
    pub(crate) vault: &'a Snapshot,
    /// The URI of a file of the vault.
    pub(crate) address: &'a dyn Fn(&VaultPath) -> String,
}

impl PreviewBuilder<'_> {
    /// A link to a file by what is shown of it.
    pub(crate) fn link_to(&self, text: &str, path: &VaultPath) -> Inline {
        Inline::Link { text: text.to_owned(), address: (self.address)(path) }
    }

    /// Starts the preview of a file: its title, and its path with what else is said of it.
    pub(crate) fn of_file(&self, file: &File, remarks: Vec<Inline>) -> Preview {
        let mut preview = Preview::default();
        preview.paragraph([Inline::Strong(shortened(title_of_file(file)).into_owned())]);
        preview.paragraph([vec![self.link_to(file.path.as_str(), &file.path)], remarks].concat());
        preview
    }

    /// Starts the preview of a moment: the title of its video, and a link that opens it there.
    pub(crate) fn of_moment(&self, title: &str, video: &str, moment: Moment) -> Preview {
        let mut preview = Preview::default();
        preview.paragraph([Inline::Strong(shortened(title).into_owned())]);
        let seconds = format!(" · {} s · ", moment.seconds);
        preview.paragraph([moment_link(video, moment), Inline::Text(seconds), code(video)]);
        preview
    }

    /// Returns how often a tag and those below it are used, and in which notes the tag itself is; `None` if
    /// neither is used.
    pub(crate) fn of_tag(&self, name: &str, cancel: &Cancel) -> Result<Option<Preview>, Cancelled> {
        let wanted = fold(name);
        let (mut uses, mut nested_uses) = (0, 0);
        let mut notes = Vec::new();
        for note in self.vault.users(Key::tag(name)).iter().filter_map(|id| self.vault.note(*id)) {
            cancel.check()?;
            let before = uses;
            for tag in &note.note.parsed.tags {
                let name = note.note.slice(tag.name);
                match fold(&name).strip_prefix(&*wanted) {
                    Some("") => uses += 1,
                    Some(below) if below.starts_with('/') => nested_uses += 1,
                    _ => {}
                }
            }
            if uses > before {
                notes.push(note);
            }
        }
        let nested = match nested_uses {
            0 => String::new(),
            _ => format!(" · {} of nested tags", counted(nested_uses, "use")),
        };
        let end = if notes.is_empty() { "" } else { ":" };
        let count = format!(" · {} in {}{nested}{end}", counted(uses, "use"), counted(notes.len(), "note"));
        let mut preview = Preview::default();
        preview.paragraph([Inline::Strong(format!("#{}", shortened(name))), Inline::Text(count)]);
        preview.list(self.notes(notes));
        Ok((uses + nested_uses > 0).then_some(preview))
    }

    /// Returns what a video is called: the name of the note that stands for it.
    pub(crate) fn title_of_video(&self, video: &str) -> String {
        note_of_video(self.vault, video)
            .map_or_else(|| format!("Video {video}"), |note| note.name().to_owned())
    }

    /// Returns a note that cites something in an item of a list, with the sentence around it.
    pub(crate) fn citing_note(&self, note: &NoteRef<'_>, moment: Option<Inline>, cited: Span) -> Vec<Inline> {
        let mut item = vec![self.link_to(&shortened(note.name()), note.path)];
        item.extend(moment.into_iter().flat_map(|moment| [Inline::text(" "), moment]));
        let sentence = sentence_around(note, cited);
        if !sentence.is_empty() {
            item.push(Inline::Text(format!(": {}", shortened(&sentence))));
        }
        item
    }

    /// Returns the first of many items, and how many more there are.
    pub(crate) fn limited<T>(&self, all: &[T], item: impl Fn(&T) -> Vec<Inline>) -> Vec<Vec<Inline>> {
        let mut items: Vec<Vec<Inline>> = all.iter().take(MAX_NOTES).map(item).collect();
        if all.len() > MAX_NOTES {
            items.push(vec![Inline::Text(format!("and {} more", all.len() - MAX_NOTES))]);
        }
        items
    }

    /// Returns the items of a list of notes, by path.
    pub(crate) fn notes(&self, mut notes: Vec<NoteRef<'_>>) -> Vec<Vec<Inline>> {
        notes.sort_by_key(|note| note.path);
        self.limited(&notes, |note| vec![self.link_to(&shortened(note.name()), note.path)])
    }
}

/// Returns a number with what it counts: `1 note`, `2 notes`.
pub(crate) fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

/// Returns a link that opens a video at a moment.
pub(crate) fn moment_link(video: &str, moment: Moment) -> Inline {
    Inline::Link { text: moment.to_string(), address: video_address(video, Some(moment.seconds)) }
}

/// Returns a name as code, cut if it is long.
pub(crate) fn code(text: &str) -> Inline {
    Inline::Code(shortened(text).into_owned())
}

/// Whether the file name is that of an image that editors can show.
pub(crate) fn is_image(name: &str) -> bool {
    const EXTENSIONS: [&str; 9] = ["png", "jpg", "jpeg", "gif", "webp", "svg", "bmp", "avif", "ico"];
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    EXTENSIONS.iter().any(|known| extension.eq_ignore_ascii_case(known))
}
