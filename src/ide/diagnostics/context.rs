//! The note that is diagnosed, with everything that several rules and their fixes need of it: worked out
//! once, when it is first asked for.

use std::cell::OnceCell;

use rustc_hash::FxHashMap;

use crate::syntax::{
    Clock, Link, LinkKind, Moment, Timestamp, TimestampForm, TimestampParts, decode_link_part, read_clock,
};
use crate::text::{Offset, SortedByPlace, Span};
use crate::vault::{Cancel, Cancelled, FileId, Found, NoteRef, Resolution, Site, Snapshot};

use super::labels::Labels;
use super::site_parts::{SiteParts, paired_shortcodes};
use crate::ide::links::fragment::{FragmentCache, Place};
use crate::ide::note::title::shortened;
use crate::ide::timestamps::clock_text::{clock_in, read_moment};
use crate::ide::timestamps::plausibility::{Plausibility, Verdict};

/// Of so many files that a path may mean, one may have the part that a link names.
const MAX_LANGUAGES: usize = 64;

/// A note and what its rules share.
pub(in crate::ide) struct NoteContext<'a> {
    pub(in crate::ide) vault: &'a Snapshot,
    pub(in crate::ide) source: NoteRef<'a>,
    pub(in crate::ide) cancel: &'a Cancel,
    links: OnceCell<Vec<ResolvedLink<'a>>>,
    labels: OnceCell<Labels>,
    site: OnceCell<Option<Site<'a>>>,
    shortcodes: OnceCell<Vec<Span>>,
    timestamps: OnceCell<TimestampEvidence<'a>>,
    /// The places that links name.
    pub(in crate::ide) fragments: FragmentCache<'a>,
}

/// A link within the vault and where it leads.
pub(super) struct ResolvedLink<'a> {
    pub(super) link: &'a Link,
    pub(super) resolution: Resolution,
    /// Whether it leads to a note that lacks the heading or block that it names.
    pub(super) lacks_part: bool,
    /// The moment that the link names instead of a file or heading: `[[00:27:31]]`, `[x](#00:27:31)`. `None`
    /// if there is a file or heading with that name.
    pub(super) clock: Option<Moment>,
}

/// The timestamps of a note, and what decides whether they can be right.
struct TimestampEvidence<'a> {
    plausibility: Plausibility,
    timestamps: Vec<ReadTimestamp<'a>>,
}

/// A timestamp, read in full.
#[derive(Clone, Copy)]
pub(super) struct ReadTimestamp<'a> {
    pub(super) timestamp: &'a Timestamp,
    pub(super) parts: TimestampParts,
    /// Where a clock says where it leads, and what it says: not in the address of a link to a video.
    pub(super) clock: Option<(Span, Clock)>,
    /// Whether the video can have that moment.
    pub(super) verdict: Verdict,
}

impl<'a> NoteContext<'a> {
    pub(in crate::ide) fn new(
        vault: &'a Snapshot,
        source: NoteRef<'a>,
        cancel: &'a Cancel,
    ) -> NoteContext<'a> {
        let (links, labels, timestamps) = (OnceCell::new(), OnceCell::new(), OnceCell::new());
        let (site, shortcodes) = (OnceCell::new(), OnceCell::new());
        let fragments = FragmentCache::default();
        NoteContext { vault, source, cancel, links, labels, site, shortcodes, timestamps, fragments }
    }

    /// Returns the links of the note, but those to other places than the vault. While the vault is being
    /// read, only those of which it is certain already where they lead.
    pub(super) fn links(&self) -> Result<&[ResolvedLink<'a>], Cancelled> {
        if let Some(links) = self.links.get() {
            return Ok(links);
        }
        let mut site_parts = FxHashMap::default();
        let mut resolved = Vec::new();
        for link in self.source.note.parsed.links.iter().filter(|link| !link.is_external) {
            self.cancel.check()?;
            // What is not settled while the vault is being read is no finding yet.
            let resolution = self.vault.settled(|vault| vault.resolve(&self.source, link));
            let Some(resolution) = resolution else { continue };
            let target = match &resolution {
                Resolution::Found(found) => self.vault.note(found.best),
                _ => None,
            };
            let lacks_part = target.filter(|_| link.fragment.is_some()).is_some_and(|target| {
                self.fragments.of(target).find_place(&self.source, link) == Place::Missing
                    && (link.kind.is_wiki() || !self.site_may_have_part(&target, link, &mut site_parts))
                    && !self.has_part_elsewhere(link, &resolution)
            });
            let is_broken = lacks_part || resolution == Resolution::Missing;
            let clock = is_broken.then(|| self.clock_of(link)).flatten();
            let lacks_part = lacks_part && clock.is_none();
            resolved.push(ResolvedLink { link, resolution, lacks_part, clock });
        }
        Ok(self.links.get_or_init(|| resolved))
    }

    /// Returns the moment that the target of a link names, or its fragment without a target: digits and
    /// colons alone. Links in the front matter name no moments, for there are no timestamps.
    fn clock_of(&self, link: &Link) -> Option<Moment> {
        let front_matter = self.source.note.parsed.front_matter.as_ref();
        let is_in_text = front_matter.is_none_or(|front| !front.content.covers(link.span));
        let name = match link.fragment {
            Some(fragment) if link.target.is_empty() => fragment,
            Some(_) => return None,
            None => link.target,
        };
        let clock = self.source.note.slice(name);
        let is_clock = clock.bytes().all(|byte| byte.is_ascii_digit() || byte == b':');
        let is_meant = is_in_text && is_clock && matches!(link.kind, LinkKind::Wikilink | LinkKind::Inline);
        read_moment(&clock).filter(|_| is_meant)
    }

    /// Returns whether the page that a generator makes of a note may have the part that a link names.
    fn site_may_have_part(
        &self,
        target: &NoteRef<'a>,
        link: &Link,
        known: &mut FxHashMap<FileId, Option<SiteParts<'a>>>,
    ) -> bool {
        let parts = known.entry(target.id).or_insert_with(|| {
            self.vault.site_of(target.path).map(|site| SiteParts::of(site.generator, *target))
        });
        let fragment = link.fragment.map(|fragment| self.source.note.slice(fragment)).unwrap_or_default();
        parts.as_ref().is_some_and(|parts| parts.may_have(&decode_link_part(link, &fragment)))
    }

    /// Returns whether another file that a path from the root of a site may mean has the part that the link
    /// names: that of another language.
    fn has_part_elsewhere(&self, link: &Link, resolution: &Resolution) -> bool {
        let Resolution::Found(found) = resolution else { return false };
        let is_rooted = || self.source.note.slice(link.target).starts_with('/');
        let has_part = |file: &FileId| {
            let other = self.vault.note(*file);
            other.is_some_and(|other| {
                self.fragments.of(other).find_place(&self.source, link) != Place::Missing
            })
        };
        found.all.len() > 1
            && !link.kind.is_wiki()
            && is_rooted()
            && self.site().is_some()
            && found.all.iter().take(MAX_LANGUAGES).any(has_part)
    }

    /// Returns whether a place lies within a shortcode of Hugo: what that makes of its content is unknown,
    /// and it is no Markdown.
    pub(super) fn is_in_shortcode(&self, at: Offset) -> bool {
        let note = self.source.note;
        let shortcodes = self.shortcodes.get_or_init(|| paired_shortcodes(&note.text.to_text()));
        shortcodes.containing(at).is_some()
    }

    /// Returns the site that the note belongs to.
    pub(super) fn site(&self) -> Option<Site<'a>> {
        *self.site.get_or_init(|| self.vault.site_of(self.source.path))
    }

    /// Returns the labels of references and footnotes.
    pub(in crate::ide) fn labels(&self) -> &Labels {
        self.labels.get_or_init(|| Labels::of(self.source.note))
    }

    /// Returns the timestamps of the note.
    pub(super) fn timestamps(&self) -> Result<impl Iterator<Item = ReadTimestamp<'a>>, Cancelled> {
        let has_some = !self.source.note.parsed.timestamps.is_empty();
        let evidence = has_some.then(|| self.timestamp_evidence()).transpose()?;
        Ok(evidence.into_iter().flat_map(|evidence| evidence.timestamps.iter().copied()))
    }

    /// Returns the timestamps whose tag has an end: what others show is unknown.
    pub(super) fn closed_timestamps(&self) -> Result<impl Iterator<Item = ReadTimestamp<'a>>, Cancelled> {
        Ok(self.timestamps()?.filter(|timestamp| timestamp.parts.is_closed))
    }

    /// Returns what the note and the others about its video say of its timestamps.
    pub(super) fn plausibility(&self) -> Result<&Plausibility, Cancelled> {
        Ok(&self.timestamp_evidence()?.plausibility)
    }

    fn timestamp_evidence(&self) -> Result<&TimestampEvidence<'a>, Cancelled> {
        if let Some(known) = self.timestamps.get() {
            return Ok(known);
        }
        let plausibility = Plausibility::of(self.vault, &self.source, self.cancel)?;
        let mut timestamps = Vec::new();
        for timestamp in &self.source.note.parsed.timestamps {
            self.cancel.check()?;
            timestamps.push(ReadTimestamp::new(&self.source, timestamp, &plausibility));
        }
        Ok(self.timestamps.get_or_init(|| TimestampEvidence { plausibility, timestamps }))
    }

    /// Returns a name as a message shows it.
    pub(super) fn shown(&self, span: Span) -> String {
        shortened(&self.source.note.slice(span)).into_owned()
    }

    /// Returns the span of the first line, where diagnostics of the note as a whole are shown.
    pub(super) fn first_line(&self) -> Span {
        self.source.note.text.line(0).unwrap_or_default()
    }
}

impl ResolvedLink<'_> {
    /// Returns the span of the target, or of the whole link if it has none.
    pub(super) fn target_span(&self) -> Span {
        if self.link.target.is_empty() { self.link.span } else { self.link.target }
    }

    /// Whether nothing has the name that the link names, and it is no clock.
    pub(super) fn is_missing(&self) -> bool {
        self.resolution == Resolution::Missing && self.clock.is_none()
    }

    /// Returns the file that the link leads to.
    pub(super) fn found(&self) -> Option<&Found> {
        match &self.resolution {
            Resolution::Found(found) => Some(found),
            _ => None,
        }
    }
}

impl<'a> ReadTimestamp<'a> {
    fn new(source: &NoteRef<'_>, timestamp: &'a Timestamp, plausibility: &Plausibility) -> ReadTimestamp<'a> {
        let parts = timestamp.parts(&source.note.slice(timestamp.span));
        let clock = match timestamp.form() {
            TimestampForm::Tag | TimestampForm::WrappedTag => parts.value,
            TimestampForm::Bare => Some(parts.label.unwrap_or(timestamp.span)),
            TimestampForm::VideoLink => None,
        };
        let clock = clock.map(|span| (span, read_clock(&source.note.slice(span))));
        ReadTimestamp { timestamp, parts, clock, verdict: plausibility.verdict(source, timestamp) }
    }

    /// Returns the spans of the labels, the inner one first.
    pub(super) fn labels(&self) -> impl Iterator<Item = Span> {
        [self.parts.label, self.parts.outer_label].into_iter().flatten()
    }

    /// Returns the span that says where the timestamp leads.
    pub(super) fn value_span(&self) -> Span {
        self.parts.value.or(self.parts.label).unwrap_or(self.timestamp.span)
    }

    /// Whether it leads past the end of the video.
    pub(super) fn is_past_end(&self) -> bool {
        matches!(self.verdict, Verdict::PastEnd { .. })
    }

    /// Returns the moments of the labels that are clocks.
    pub(super) fn shown_moments(&self, source: &NoteRef<'_>) -> impl Iterator<Item = Moment> {
        let clocks = self.labels().filter_map(|label| clock_in(source, label));
        clocks.filter_map(|clock| read_moment(&source.note.slice(clock)))
    }
}
