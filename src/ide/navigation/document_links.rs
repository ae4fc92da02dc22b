//! What an editor may open by a click: links, addresses and timestamps of a note.

use rustc_hash::FxHashMap;

use crate::syntax::{
    LabelKind, Link, LinkKind, Timestamp, decode_link_part, fold_label, is_video_id, unescape_destination,
};
use crate::text::{Offset, Span};
use crate::vault::{Cancel, Cancelled, FileId, NoteRef, Resolution, Snapshot};

use crate::ide::links::fragment::{Place, find_fragment};
use crate::ide::place::Target;
use crate::ide::timestamps::video::{video_address, video_of};

/// A stretch of text that can be followed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DocumentLink {
    /// Where to click: a wikilink, an embed or a timestamp as a whole; of a Markdown link or a definition
    /// what it leads to, `a.md#b` of `[x](a.md#b)`; of a reference link all of it.
    pub span: Span,
    /// Where it leads.
    pub to: LinkDestination,
}

/// Where a link leads.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum LinkDestination {
    /// An address outside of the vault, as it is written.
    Address(String),
    /// A moment of a video.
    Moment {
        /// The address at which the video opens there.
        address: String,
        /// The moment as it is read: `1:55`.
        moment: String,
    },
    /// A file of the vault.
    File {
        /// The file, the best one if the link is ambiguous.
        file: FileId,
        /// The fragment that is to be looked up in it, decoded.
        fragment: Option<String>,
    },
}

/// The links and timestamps of a note that lead somewhere, in order; broken ones are left out. A link to a
/// note whose fragment is not in it leads to the note. Empty for attachments.
pub fn document_links(
    vault: &Snapshot,
    note: FileId,
    cancel: &Cancel,
) -> Result<Vec<DocumentLink>, Cancelled> {
    let Some(source) = vault.note(note) else { return Ok(Vec::new()) };
    let parsed = &source.note.parsed;
    let mut found = Vec::new();
    for link in &parsed.links {
        cancel.check()?;
        let to = destination(vault, &source, link);
        let span = if link.kind.is_wiki() { link.span } else { destination_span(link) };
        found.extend(to.filter(|_| !span.is_empty()).map(|to| DocumentLink { span, to }));
    }
    let definitions = definitions(&source);
    for label in parsed.label_uses.iter().filter(|label| label.kind == LabelKind::Link) {
        cancel.check()?;
        let defined = definitions.get(&fold_label(&source.note.slice(label.label)));
        let to = defined.and_then(|link| destination(vault, &source, link));
        found.extend(to.map(|to| DocumentLink { span: label.span, to }));
    }
    let moments = parsed
        .timestamps
        .iter()
        .filter_map(|one| Some(DocumentLink { span: one.span, to: moment(&source, one)? }));
    found.extend(moments);
    found.sort_by_key(|link| link.span);
    Ok(found)
}

/// The place of a fragment in a file; `None` if it is not there, or the file is gone or no note. Linear in
/// the note.
pub fn fragment_target(vault: &Snapshot, file: FileId, fragment: &str) -> Option<Target> {
    let note = vault.note(file)?;
    let (whole, focus) = match find_fragment(fragment, &note) {
        Place::Heading { section, heading } => (section, heading),
        Place::Block { block, .. } => (block, block),
        Place::Anchor(span) | Place::Lines(span) => (span, span),
        Place::Whole | Place::Missing => return None,
    };
    Some(Target { file, whole, focus })
}

fn destination_span(link: &Link) -> Span {
    Span::between(link.target.start, link.fragment.map_or(link.target.end, |fragment| fragment.end))
}

fn destination(vault: &Snapshot, source: &NoteRef<'_>, link: &Link) -> Option<LinkDestination> {
    match vault.resolve(source, link) {
        Resolution::External => address(source, link).map(LinkDestination::Address),
        Resolution::Found(found) => {
            let written = link.fragment.map(|fragment| source.note.slice(fragment));
            let fragment = written.map(|written| decode_link_part(link, &written).into_owned());
            Some(LinkDestination::File { file: found.best, fragment })
        }
        Resolution::Folder | Resolution::Missing | Resolution::OutsideVault => None,
    }
}

/// Schemes that make a program of an editor, a browser or the system act instead of showing something, and
/// those of files: what a vault leads to lies in it.
const UNSAFE_SCHEMES: [&str; 12] = [
    "command",
    "javascript",
    "vbscript",
    "data",
    "blob",
    "file",
    "vscode",
    "vscode-insiders",
    "jar",
    "ms-msdt",
    "search-ms",
    "view-source",
];

fn address(source: &NoteRef<'_>, link: &Link) -> Option<String> {
    let written = source.note.slice(link.target);
    let address = if link.kind == LinkKind::Autolink {
        written
    } else {
        unescape_destination(&written).into_owned().into()
    };
    let Some((scheme, _)) = address.split_once(':') else {
        // CommonMark, "Autolinks": an e-mail address needs no scheme.
        return address.contains('@').then(|| format!("mailto:{address}"));
    };
    // Browsers leave out line breaks, tabs and what is not printed before they read a scheme.
    let is_printed = |char: &char| !char.is_control() && !char.is_whitespace();
    let scheme: String = scheme.chars().filter(is_printed).collect();
    let is_unsafe = UNSAFE_SCHEMES.iter().any(|unsafe_one| scheme.eq_ignore_ascii_case(unsafe_one));
    (!is_unsafe).then(|| address.into_owned())
}

/// The link of the first definition of each label, folded.
fn definitions<'a>(source: &NoteRef<'a>) -> FxHashMap<String, &'a Link> {
    let parsed = &source.note.parsed;
    let links = parsed.links.iter().filter(|link| link.kind == LinkKind::Definition);
    let by_start: FxHashMap<Offset, &Link> = links.map(|link| (link.span.start, link)).collect();
    let mut found = FxHashMap::default();
    for definition in parsed.label_definitions.iter().filter(|one| one.kind == LabelKind::Link) {
        if let Some(link) = by_start.get(&definition.span.start) {
            found.entry(fold_label(&source.note.slice(definition.label))).or_insert(*link);
        }
    }
    found
}

fn moment(source: &NoteRef<'_>, timestamp: &Timestamp) -> Option<LinkDestination> {
    let moment = timestamp.moment()?;
    let video = video_of(source, timestamp).filter(|video| is_video_id(video))?;
    let address = video_address(&video, Some(moment.seconds));
    Some(LinkDestination::Moment { address, moment: moment.to_string() })
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::ide::fixture;

    fn check(text: &str, expected: &Expect) {
        let (vault, at) = fixture::vault(text);
        let note = vault.note(at.note).unwrap();
        let mut said = String::new();
        for link in document_links(&vault, at.note, &Cancel::new()).unwrap() {
            let to = match link.to {
                LinkDestination::Address(address) => address,
                LinkDestination::Moment { address, moment } => format!("{address} ({moment})"),
                LinkDestination::File { file, fragment } => {
                    let place = fragment.as_deref().map(|fragment| fragment_target(&vault, file, fragment));
                    let slice =
                        |target: Target| vault.note(file).unwrap().note.slice(target.focus).into_owned();
                    let place = place.map(|place| place.map_or("(not there)".to_owned(), slice));
                    [Some(fixture::path(&vault, file)), place]
                        .into_iter()
                        .flatten()
                        .collect::<Vec<_>>()
                        .join(": ")
                }
            };
            said.push_str(&format!("{:?} -> {to}\n", note.note.slice(link.span)));
        }
        expected.assert_eq(&said);
    }

    #[test]
    fn links_of_all_kinds_lead_to_files_and_addresses() {
        check(
            "[[b]] [[b#Part|x]] ![[p.png]] [[none]] [[b#none]] [[#Own]]\n\n[m](b.md#part) [![i](p.png)](b.md) [e]() [r][l] [u][v]\n\n\
             [l]: <b.md#^id> 'title'\n\n# Own\n`[[b]]` %% [[b]] %%\n//- b.md\n## Part\ntext ^id\n//- p.png\n",
            &expect![[r#"
                "[[b]]" -> b.md
                "[[b#Part|x]]" -> b.md: ## Part
                "![[p.png]]" -> p.png
                "[[b#none]]" -> b.md: (not there)
                "[[#Own]]" -> note.md: # Own
                "b.md#part" -> b.md: ## Part
                "p.png" -> p.png
                "b.md" -> b.md
                "[r][l]" -> b.md: text ^id
                "b.md#^id" -> b.md: text ^id
            "#]],
        );
    }

    #[test]
    fn addresses_are_followed_as_they_are_unless_they_make_the_editor_act() {
        check(
            "https://example.org/a#b <x@example.org> [a](https://example.org/a\\_b) [b](command:quit) [c](JavaScript:x) [d](obsidian://open) \
             [e](file:///etc/passwd) [f](<command :x>) [g](vscode://x)\n",
            &expect![[r#"
                "https://example.org/a#b" -> https://example.org/a#b
                "x@example.org" -> mailto:x@example.org
                "https://example.org/a\\_b" -> https://example.org/a_b
                "obsidian://open" -> obsidian://open
            "#]],
        );
    }

    #[test]
    fn timestamps_open_their_video_at_the_moment() {
        let stamps = "<a class=\"yt-timestamp\" data-t=\"00:01:55\">[00:01:55]</a> [0:10] \
            <a class=\"yt-timestamp\" data-t=\"1:2:3:4\">[x]</a> [00:02:00](https://youtu.be/Rxmv7rT9leo?t=120)\n";
        check(
            &format!("---\nvideoId: RDoVLHaYfgM\n---\n{stamps}"),
            &expect![[r#"
            "<a class=\"yt-timestamp\" data-t=\"00:01:55\">[00:01:55]</a>" -> https://www.youtube.com/watch?v=RDoVLHaYfgM&t=115s (1:55)
            "[0:10]" -> https://www.youtube.com/watch?v=RDoVLHaYfgM&t=10s (0:10)
            "[00:02:00](https://youtu.be/Rxmv7rT9leo?t=120)" -> https://www.youtube.com/watch?v=Rxmv7rT9leo&t=120s (2:00)
        "#]],
        );
        check(
            &format!("---\nvideoId: bad\n---\n{stamps}"),
            &expect![[r#"
            "[00:02:00](https://youtu.be/Rxmv7rT9leo?t=120)" -> https://www.youtube.com/watch?v=Rxmv7rT9leo&t=120s (2:00)
        "#]],
        );
    }
}
