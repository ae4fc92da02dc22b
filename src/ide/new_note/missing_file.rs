//! The file that a broken link names: where it has to lie so that the link finds it.

use crate::syntax::{Link, LinkKind, decode_link_part};
use crate::vault::{NoteRef, VaultPath, is_relative, last_component};

use crate::ide::new_note::note_path;

/// What Obsidian opens that is no note (Obsidian help, "Accepted file formats"): a link to one means a file
/// to be put there.
const ATTACHMENTS: [&str; 26] = [
    "avif", "bmp", "gif", "jpeg", "jpg", "png", "svg", "webp", "flac", "m4a", "mp3", "ogg", "wav", "webm",
    "3gp", "mkv", "mov", "mp4", "ogv", "pdf", "canvas", "base", "zip", "html", "csv", "json",
];

/// Returns the path of the file that a link of `source` names and does not find. A mere name belongs to a
/// file in `folder`. `None` for what no file can be called.
pub(crate) fn missing_file(source: &NoteRef<'_>, link: &Link, folder: &str) -> Option<VaultPath> {
    let raw = source.note.slice(link.target);
    let name = decode_link_part(link, &raw);
    let name = name.trim_end_matches('/');
    let folder = match link.kind.is_wiki() {
        true if is_relative(name) => source.path.folder(),
        true if name.contains('/') => "",
        true => folder,
        false if name.starts_with('/') => "",
        false => source.path.folder(),
    };
    if link.kind == LinkKind::Image || is_attachment(name) {
        return VaultPath::resolve(folder, name).ok();
    }
    note_path(folder, name).ok()
}

fn is_attachment(name: &str) -> bool {
    let extension = last_component(name).rsplit_once('.').map(|(_, extension)| extension);
    extension.is_some_and(|extension| ATTACHMENTS.contains(&&*extension.to_ascii_lowercase()))
}
