//! The codes of all diagnostics, in one place: their names are stable, for settings and other tools name them.

/// How bad a finding is, the worst first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Severity {
    /// The note says something that cannot be meant.
    Error,
    /// Something is broken.
    Warning,
    /// Worth knowing.
    Information,
    /// A small mark, no listed problem.
    Hint,
}

impl Severity {
    /// All severities, the worst first.
    pub const ALL: [Severity; 4] =
        [Severity::Error, Severity::Warning, Severity::Information, Severity::Hint];

    /// As settings and reports write it: `warning`.
    pub fn as_str(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Information => "information",
            Severity::Hint => "hint",
        }
    }

    /// The severity of that name.
    pub fn parse(name: &str) -> Option<Severity> {
        Severity::ALL.into_iter().find(|severity| severity.as_str() == name)
    }
}

/// Declares the codes, each with its name, default severity and summary.
macro_rules! codes {
    ($($variant:ident = $name:literal, $severity:expr, $summary:literal;)+) => {
        /// What can be wrong with a note.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum DiagnosticCode {
            $(#[doc = concat!("`", $name, "`: ", $summary)] $variant,)+
        }

        impl DiagnosticCode {
            /// All codes, group by group.
            pub const ALL: &'static [DiagnosticCode] = &[$(DiagnosticCode::$variant),+];

            /// The stable name, `group/name`: `link/missing-note`.
            pub fn as_str(self) -> &'static str {
                match self { $(DiagnosticCode::$variant => $name),+ }
            }

            /// How bad it is unless the settings say otherwise; `None` if it is not looked for.
            pub fn default_severity(self) -> Option<Severity> {
                match self { $(DiagnosticCode::$variant => $severity),+ }
            }

            /// What is wrong, in one sentence.
            pub fn summary(self) -> &'static str {
                match self { $(DiagnosticCode::$variant => $summary),+ }
            }
        }
    };
}

codes! {
    MissingNote = "link/missing-note", Some(Severity::Warning),
        "The link names a note or attachment that is not there.";
    MissingHeading = "link/missing-heading", Some(Severity::Warning),
        "The note is there, but has no such heading.";
    MissingBlock = "link/missing-block", Some(Severity::Warning),
        "The note is there, but has no block with this id.";
    MissingFile = "link/missing-file", Some(Severity::Warning),
        "A Markdown link or image leads to a file that is not there.";
    AmbiguousLink = "link/ambiguous", Some(Severity::Warning),
        "Several notes fit the link equally well.";
    InexactLink = "link/inexact", Some(Severity::Hint),
        "The link fits only by an alias, a title or a loosely written name, which other tools do not follow.";
    EmptyLink = "link/empty", Some(Severity::Warning),
        "The link names nothing: `[[]]`.";
    UnclosedLink = "link/unclosed", Some(Severity::Warning),
        "`[[` has no `]]` on its line.";
    OutsideVault = "link/outside-vault", Some(Severity::Warning),
        "The path of the link leaves the vault.";
    UndefinedLabel = "link/undefined-label", Some(Severity::Warning),
        "A reference or footnote has no definition.";
    UnusedLabel = "link/unused-label", Some(Severity::Hint),
        "A reference definition or footnote is never used.";
    DuplicateLabel = "link/duplicate-label", Some(Severity::Warning),
        "A label is defined twice; only the first definition counts.";
    MalformedTimestamp = "timestamp/malformed", Some(Severity::Error),
        "The timestamp is neither `H:MM:SS` nor `M:SS`.";
    TimestampOutOfRange = "timestamp/out-of-range", Some(Severity::Error),
        "The timestamp has more than 59 minutes or seconds.";
    TimestampLabelMismatch = "timestamp/label-mismatch", Some(Severity::Warning),
        "What the timestamp shows is another moment than the one that it leads to.";
    TimestampEmptyLabel = "timestamp/empty-label", Some(Severity::Information),
        "The timestamp shows nothing.";
    UnclosedTimestamp = "timestamp/unclosed", Some(Severity::Error),
        "The tag of the timestamp has no end.";
    TimestampBeyondEnd = "timestamp/beyond-end", Some(Severity::Warning),
        "The timestamp lies after the end of the video, as its notes tell it, or after 12 hours.";
    SlippedUnits = "timestamp/slipped-units", Some(Severity::Hint),
        "The units of other timestamps in the note slipped, and those of this one may have as well.";
    NoVideo = "timestamp/no-video", Some(Severity::Warning),
        "The note has timestamps but names no video.";
    BadVideoId = "video/bad-id", Some(Severity::Warning),
        "The video id is not 11 letters, digits, `_` or `-`.";
    DuplicateName = "note/duplicate-name", Some(Severity::Information),
        "Another note has the same name, and some link means one of them by it.";
    BadFrontMatter = "note/bad-front-matter", Some(Severity::Error),
        "The front matter is not YAML, or a known key holds a value that it cannot have.";
    NotUtf8 = "note/not-utf8", Some(Severity::Error),
        "The file holds bytes that are not UTF-8; it is read as far as it goes and never edited.";
    OrphanNote = "note/orphan", None,
        "No other note links to this one.";
    UnlinkedMention = "note/unlinked-mention", None,
        "The text names another note without linking to it.";
}

impl DiagnosticCode {
    /// The code of that name.
    pub fn parse(name: &str) -> Option<DiagnosticCode> {
        DiagnosticCode::ALL.iter().copied().find(|code| code.as_str() == name)
    }

    /// Whether it depends on which other files there are, so that nobody can tell who knows some of them only.
    pub fn needs_whole_vault(self) -> bool {
        use DiagnosticCode::{
            AmbiguousLink, InexactLink, MissingFile, MissingNote, OrphanNote, SlippedUnits,
            TimestampBeyondEnd, UnlinkedMention,
        };
        matches!(
            self,
            MissingNote
                | MissingFile
                | AmbiguousLink
                | InexactLink
                | OrphanNote
                | TimestampBeyondEnd
                | SlippedUnits
                | UnlinkedMention
        )
    }

    /// The group that the code belongs to: `link` of `link/missing-note`.
    pub fn group(self) -> &'static str {
        self.as_str().split_once('/').map_or(self.as_str(), |(group, _)| group)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_well_formed() {
        for (index, code) in DiagnosticCode::ALL.iter().enumerate() {
            assert_eq!(DiagnosticCode::parse(code.as_str()), Some(*code));
            assert_eq!(
                DiagnosticCode::ALL.iter().position(|other| other.as_str() == code.as_str()),
                Some(index)
            );
            let (group, name) = code.as_str().split_once('/').unwrap();
            assert_eq!(code.group(), group);
            for part in [group, name] {
                assert!(
                    part.chars()
                        .all(|char| char.is_ascii_lowercase() || char.is_ascii_digit() || char == '-')
                );
            }
            assert!(code.summary().ends_with('.'), "{}", code.summary());
        }
        assert_eq!(DiagnosticCode::parse("link"), None);
    }

    #[test]
    fn groups_stand_together() {
        let mut groups: Vec<&str> = DiagnosticCode::ALL.iter().map(|code| code.group()).collect();
        groups.dedup();
        assert_eq!(groups, ["link", "timestamp", "video", "note"]);
    }

    #[test]
    fn severities_have_names() {
        for severity in Severity::ALL {
            assert_eq!(Severity::parse(severity.as_str()), Some(severity));
        }
        assert_eq!(Severity::parse("off"), None);
        assert!(Severity::Error < Severity::Hint);
    }
}
