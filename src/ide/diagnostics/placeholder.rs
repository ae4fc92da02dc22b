//! Places of a note that are not judged: what a template fills in later, and what only looks like a link.

use crate::config::DiagnosticCode;
use crate::syntax::{Link, LinkKind, decode_link_part};
use crate::text::{Offset, SortedByPlace, Span};
use crate::vault::fits_pattern;

use super::context::NoteContext;

impl NoteContext<'_> {
    /// Returns whether the settings leave out what the link at a place names (`links.ignore`).
    pub(super) fn is_ignored_link(&self, rule: DiagnosticCode, span: Span) -> bool {
        let ignored = &self.vault.settings().ignored_links;
        if ignored.is_empty() || rule.group() != "link" {
            return false;
        }
        let link = self.source.note.parsed.links.containing(span.start);
        let target = link.map(|link| {
            let written = self.source.note.slice(link.target);
            decode_link_part(link, &written).into_owned()
        });
        target.is_some_and(|target| ignored.iter().any(|pattern| fits_pattern(pattern, target.trim())))
    }

    /// Returns whether a place holds what is filled in later, as templates of Obsidian, Templater, Hugo,
    /// Jekyll and others write it: `{{title}}`, `<% tp.date.now() %>`. One value of a front matter makes all
    /// of it invalid, and a link is filled in as a whole.
    pub(super) fn is_placeholder(&self, span: Span) -> bool {
        let note = self.source.note;
        let front_matter = note.parsed.front_matter.as_ref().map(|front| front.content);
        let place = front_matter.filter(|content| content.covers(span));
        let link = note.parsed.links.containing(span.start);
        let text = note.slice(place.or_else(|| link.map(Link::destination)).unwrap_or(span));
        // The value of an attribute ends at the first blank here.
        let is_cut = link.is_some_and(|link| link.kind == LinkKind::Html);
        let holds =
            |open, close| text.split_once(open).is_some_and(|(_, rest)| is_cut || rest.contains(close));
        holds("{{", "}}")
            || holds("<%", "%>")
            || holds("{%", "%}")
            || self.is_in_shortcode(span.start)
            || link.is_some_and(|link| self.is_of_other_syntax(link, &note.slice(link.destination())))
    }

    /// Returns whether what looks like a link is something else to another program: an import of code
    /// (`@[code](@snippets/a.sh)`, VuePress), a block (`[shown](((uuid)))`, Logseq), a query
    /// (`query[[from p = pages()]]`, SilverBullet), or begins with a variable (`$base/a`, `${base}/a`).
    fn is_of_other_syntax(&self, link: &Link, destination: &str) -> bool {
        let before = |bytes: usize| {
            let start = link.span.start.to_usize().saturating_sub(bytes);
            self.source.note.slice(Span::between(Offset::new(start), link.span.start))
        };
        let is_import = || {
            let shown = link.display.map(|display| self.source.note.slice(display));
            shown.is_some_and(|shown| shown.starts_with("code")) && before(1) == "@"
        };
        match link.kind {
            LinkKind::Wikilink => destination.starts_with("from ") && before("query".len()) == "query",
            LinkKind::Inline => {
                let is_block = destination.starts_with("((") && destination.ends_with("))");
                is_block || begins_with_variable(destination) || is_import()
            }
            _ => false,
        }
    }
}

/// Returns whether a path begins with a variable, or is one: `$name/…`, `$name#…`, `${…`.
fn begins_with_variable(path: &str) -> bool {
    let Some(variable) = path.strip_prefix('$') else { return false };
    let name = variable.split(['/', '#', '?']).next();
    let is_name = |name: &str| {
        name.starts_with(|first: char| first.is_ascii_alphabetic())
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    variable.starts_with('{') || name.is_some_and(is_name)
}
