//! How the links of a vault are written, counted note by note, so that a new link can be written in the same
//! way. Only the form of a link matters here, not what it leads to.

use std::borrow::Cow;

use crate::config::{DisplayTexts, LinkPaths, Settings};
use crate::syntax::{Link, LinkKind, Parsed, decode_link_part};
use crate::text::{Offset, SortedByPlace, Span};
use crate::vault::model::{NoteRef, Snapshot};

/// How often links of one note, or of all notes of a vault, are written in each way.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct LinkConventions {
    /// `[[b]]`
    pub names: u32,
    /// `[[./b]]`, `[[../b]]`
    pub relative: u32,
    /// `[[a/b]]`
    pub paths: u32,
    /// `[[/a/b]]`
    pub rooted: u32,
    /// `[t](b.md)`, `[t](../b.md)`
    pub markdown_relative: u32,
    /// `[t](/a/b.md)`
    pub markdown_rooted: u32,
    /// `[[b]]`, whatever its path looks like
    pub bare: u32,
    /// `[[b|shown]]`
    pub tight_displays: u32,
    /// `[[b | shown]]`
    pub spaced_displays: u32,
}

impl LinkConventions {
    /// Counts the links of one note. Linear in their number.
    pub(crate) fn of(text: &str, parsed: &Parsed) -> LinkConventions {
        let mut conventions = LinkConventions::default();
        for link in &parsed.links {
            conventions.count(link, &|span| text.get(span.range()).unwrap_or_default().into());
        }
        conventions
    }

    fn count<'a>(&mut self, link: &Link, slice: &dyn Fn(Span) -> Cow<'a, str>) {
        if link.is_external || link.target.is_empty() {
            return;
        }
        let written = slice(link.target);
        let target = decode_link_part(link, &written);
        let is_rooted = target.starts_with('/');
        let form = match link.kind {
            LinkKind::Autolink | LinkKind::Html => return,
            LinkKind::Inline | LinkKind::Image | LinkKind::Definition if is_rooted => {
                &mut self.markdown_rooted
            }
            LinkKind::Inline | LinkKind::Image | LinkKind::Definition => &mut self.markdown_relative,
            LinkKind::Wikilink | LinkKind::Embed if is_rooted => &mut self.rooted,
            LinkKind::Wikilink | LinkKind::Embed if target.starts_with('.') => &mut self.relative,
            LinkKind::Wikilink | LinkKind::Embed if target.contains('/') => &mut self.paths,
            LinkKind::Wikilink | LinkKind::Embed => &mut self.names,
        };
        *form += 1;
        // The text after the pipe of an embed is mostly the width of an image.
        if link.kind == LinkKind::Wikilink {
            let before = |display: Span| slice(Span::between(link.target.end, display.start));
            let display = match link.display.map(before) {
                None => &mut self.bare,
                Some(before) if before.ends_with(char::is_whitespace) => &mut self.spaced_displays,
                Some(_) => &mut self.tight_displays,
            };
            *display += 1;
        }
    }

    /// Returns the sum of both.
    #[must_use]
    pub(crate) fn and(self, other: LinkConventions) -> LinkConventions {
        self.zip(other, u32::saturating_add)
    }

    /// Returns the difference: these counts without those of `other`.
    #[must_use]
    pub(crate) fn without(self, other: LinkConventions) -> LinkConventions {
        self.zip(other, u32::saturating_sub)
    }

    fn zip(self, other: LinkConventions, count: fn(u32, u32) -> u32) -> LinkConventions {
        LinkConventions {
            names: count(self.names, other.names),
            relative: count(self.relative, other.relative),
            paths: count(self.paths, other.paths),
            rooted: count(self.rooted, other.rooted),
            markdown_relative: count(self.markdown_relative, other.markdown_relative),
            markdown_rooted: count(self.markdown_rooted, other.markdown_rooted),
            bare: count(self.bare, other.bare),
            tight_displays: count(self.tight_displays, other.tight_displays),
            spaced_displays: count(self.spaced_displays, other.spaced_displays),
        }
    }

    /// Returns the form of path that most wikilinks have; never `Auto`.
    fn paths(&self) -> LinkPaths {
        let root = self.paths + self.rooted;
        if self.relative > self.names.max(root) {
            LinkPaths::Relative
        } else if root > self.names {
            LinkPaths::Root
        } else {
            LinkPaths::Shortest
        }
    }
}

/// How new links are written in a vault: as its settings say, else as the existing links are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LinkStyle {
    /// The path of a wikilink; never `Auto`.
    pub paths: LinkPaths,
    /// Whether a path from the root begins with `/` in a wikilink.
    pub is_rooted_with_slash: bool,
    /// Whether Markdown links name their files from the root and not from their note.
    pub is_markdown_rooted: bool,
    /// Whether a link to a note shows its title.
    pub shows_title: bool,
    /// Whether a link by an alias shows that alias.
    pub shows_alias: bool,
    /// Whether spaces surround the pipe before a display text.
    pub has_spaced_bar: bool,
}

impl LinkStyle {
    fn new(settings: &Settings, conventions: &LinkConventions) -> LinkStyle {
        let displayed = conventions.tight_displays + conventions.spaced_displays;
        LinkStyle {
            paths: match settings.completion_paths {
                LinkPaths::Auto => conventions.paths(),
                set => set,
            },
            is_rooted_with_slash: conventions.rooted > conventions.paths,
            is_markdown_rooted: match settings.completion_paths {
                LinkPaths::Auto => conventions.markdown_rooted > conventions.markdown_relative,
                set => set == LinkPaths::Root,
            },
            shows_title: match settings.completion_displays {
                DisplayTexts::Auto => displayed > conventions.bare,
                set => set == DisplayTexts::Always,
            },
            shows_alias: settings.completion_displays != DisplayTexts::Never,
            has_spaced_bar: conventions.spaced_displays > conventions.tight_displays,
        }
    }
}

impl Snapshot {
    /// Returns the conventions of all links of the vault.
    pub fn link_conventions(&self) -> &LinkConventions {
        self.need_whole();
        &self.conventions
    }

    /// Returns the style of a new link in `source`. The link that touches `at`, if there is one, is the new
    /// one and does not count.
    pub fn link_style(&self, source: &NoteRef<'_>, at: Offset) -> LinkStyle {
        let mut own = LinkConventions::default();
        if let Some(link) = source.note.parsed.links.touching(at) {
            own.count(link, &|span| source.note.slice(span));
        }
        LinkStyle::new(self.settings(), &self.conventions.without(own))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vault::Note;

    fn style(text: &str, settings: &Settings) -> LinkStyle {
        LinkStyle::new(settings, &Note::new(text).conventions)
    }

    #[test]
    fn every_form_of_a_link_is_counted_once() {
        let text = "[[a]] [[a | A]] [[./a|A]] [[../a#h]] [[x/a]] [[/x/a]] [[#own]] ![[i.png|300]] [m](a.md) ![i](<../i.png>) \
                    [r](/a.md) [w](https://a.example) <https://b.example>\n\n[l]: x/a.md\n";
        let expected = LinkConventions {
            names: 3,
            relative: 2,
            paths: 1,
            rooted: 1,
            markdown_relative: 3,
            markdown_rooted: 1,
            bare: 4,
            tight_displays: 1,
            spaced_displays: 1,
        };
        let conventions = Note::new(text).conventions;
        assert_eq!(conventions, expected);
        assert_eq!(conventions.and(conventions).without(conventions), conventions);
    }

    #[test]
    fn what_most_links_do_is_done_unless_a_setting_says_otherwise() {
        let auto = Settings::default();
        let plain = style("", &auto);
        assert_eq!(
            (plain.paths, plain.shows_title, plain.has_spaced_bar),
            (LinkPaths::Shortest, false, false)
        );
        let spaced = style("[[a | A]] [[b | B]] [[c]]", &auto);
        assert!(spaced.shows_title && spaced.has_spaced_bar);
        assert_eq!(style("[[x/a]] [[x/b]] [[c]]", &auto).paths, LinkPaths::Root);
        assert_eq!(style("[[../a]] [[./b]] [[c]]", &auto).paths, LinkPaths::Relative);
        assert!(style("[a](/a.md)", &auto).is_markdown_rooted);
        let set = Settings {
            completion_paths: LinkPaths::Relative,
            completion_displays: DisplayTexts::Never,
            ..Settings::default()
        };
        let set = style("[[a | A]] [a](/a.md)", &set);
        assert_eq!((set.paths, set.shows_title, set.shows_alias), (LinkPaths::Relative, false, false));
        assert!(set.has_spaced_bar && !set.is_markdown_rooted);
    }
}
