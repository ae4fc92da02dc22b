//! What is wrong with a note.

mod labels;
mod links;
mod mentions;
mod notes;
mod timestamps;

use rustc_hash::FxHashMap;

use crate::config::{DiagnosticCode, Severity};
use crate::text::Span;
use crate::vault::{Cancel, Cancelled, Coverage, FileId, NoteRef, Snapshot, Tier};

use crate::ide::links::fragment::Fragments;

/// A finding.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Diagnostic {
    /// Where.
    pub span: Span,
    /// What kind of finding it is.
    pub code: DiagnosticCode,
    /// How bad it is, by the settings.
    pub severity: Severity,
    /// What is wrong, for the person who reads the note.
    pub message: String,
    /// Other places that matter.
    pub related: Vec<Related>,
    /// How the link was found, where it was.
    pub tier: Option<Tier>,
}

/// A place that helps to understand a finding.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Related {
    /// The file.
    pub file: FileId,
    /// The place in it.
    pub span: Span,
    /// What is there.
    pub message: String,
}

/// All findings of one note by the settings of the snapshot, in the order of its text, as far as its coverage justifies
/// them. Empty for attachments. Its cost grows with the note, and with those that share a name or a video with it.
///
/// # Errors
///
/// `Cancelled` if the answer is not wanted any more.
pub fn diagnostics(vault: &Snapshot, note: FileId, cancel: &Cancel) -> Result<Vec<Diagnostic>, Cancelled> {
    let Some(source) = vault.note(note) else { return Ok(Vec::new()) };
    let mut findings = Findings { vault, source, cancel, fragments: FxHashMap::default(), found: Vec::new() };
    notes::check(&mut findings)?;
    links::check(&mut findings)?;
    labels::check(&mut findings);
    timestamps::check(&mut findings)?;
    mentions::check(&mut findings)?;
    let mut found = findings.found;
    found.retain(|finding| is_justified(finding.code, vault.coverage()));
    found.sort_by(|a, b| a.span.cmp(&b.span).then(a.code.cmp(&b.code)));
    Ok(found)
}

/// Whether a vault of which so much is known justifies such a finding.
fn is_justified(code: DiagnosticCode, coverage: Coverage) -> bool {
    match coverage {
        Coverage::Whole => true,
        // Nothing else will be read that could know of a longer video.
        Coverage::OpenOnly => code == DiagnosticCode::TimestampBeyondEnd || !code.needs_whole_vault(),
        Coverage::Names | Coverage::Partial => !code.needs_whole_vault(),
    }
}

/// How many related places a finding names; the message says how many there are.
const MOST_RELATED: usize = 10;

/// The note that is looked at, and what was found so far.
struct Findings<'a> {
    vault: &'a Snapshot,
    source: NoteRef<'a>,
    cancel: &'a Cancel,
    /// What links of the note name in the notes they lead to.
    fragments: FxHashMap<FileId, Fragments<'a>>,
    found: Vec<Diagnostic>,
}

impl Findings<'_> {
    /// Whether the settings want to hear of this at all.
    fn wants(&self, code: DiagnosticCode) -> bool {
        self.vault.settings().severity(code).is_some()
    }

    fn add(&mut self, code: DiagnosticCode, span: Span, message: impl Into<String>) {
        self.add_related(code, span, message, Vec::new());
    }

    fn add_related(
        &mut self,
        code: DiagnosticCode,
        span: Span,
        message: impl Into<String>,
        related: Vec<Related>,
    ) {
        self.add_link(code, span, message, related, None);
    }

    fn add_link(
        &mut self,
        code: DiagnosticCode,
        span: Span,
        message: impl Into<String>,
        related: Vec<Related>,
        tier: Option<Tier>,
    ) {
        let Some(severity) = self.vault.settings().severity(code) else { return };
        self.found.push(Diagnostic { span, code, severity, message: message.into(), related, tier });
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::ide::fixture;

    #[test]
    fn what_a_part_of_the_vault_justifies() {
        let text = "[[gone]] [[#gone]] [13:00:00]";
        let (_, at) = fixture::vault(text);
        let mut writer = crate::vault::VaultWriter::new(std::sync::Arc::default());
        let note = crate::vault::DiskFile::Note(std::sync::Arc::new(crate::vault::Note::new(&format!(
            "---\nvideoId: aaaaaaaaaaa\n---\n{text}\n"
        ))));
        let path = crate::vault::VaultPath::resolve("", "note.md").unwrap();
        writer.apply(crate::vault::Change::Disk(vec![(path, note)]));
        let mut codes = |coverage| {
            writer.apply(crate::vault::Change::Coverage(coverage));
            let found = diagnostics(&writer.snapshot(), at.note, &Cancel::new()).unwrap();
            found.iter().map(|one| one.code.as_str()).collect::<Vec<_>>().join(" ")
        };
        let own = "link/missing-heading";
        assert_eq!(codes(Coverage::OpenOnly), format!("{own} timestamp/beyond-end"));
        assert_eq!(codes(Coverage::Names), own);
        assert_eq!(codes(Coverage::Partial), own);
        assert_eq!(codes(Coverage::Whole), format!("link/missing-note {own} timestamp/beyond-end"));
    }

    /// Each finding of every note of the fixture, drawn below its line.
    fn check(text: &str, expected: &Expect) {
        let (vault, _) = fixture::vault(text);
        let mut notes: Vec<_> = vault.notes().collect();
        notes.sort_by_key(|note| note.path);
        let mut said = String::new();
        for note in notes {
            for found in diagnostics(&vault, note.id, &Cancel::new()).unwrap() {
                let line = note.note.text.line_of(found.span.start);
                let marked = note.note.slice(found.span);
                let related: Vec<String> =
                    found.related.iter().map(|one| fixture::path(&vault, one.file)).collect();
                said.push_str(&format!(
                    "{}:{} {marked:?} {}: {}",
                    note.path,
                    line + 1,
                    found.code.as_str(),
                    found.message
                ));
                said.push_str(&if related.is_empty() { "\n".into() } else { format!(" {related:?}\n") });
            }
        }
        expected.assert_eq(&said);
    }

    #[test]
    fn the_first_mention_of_each_note_that_is_not_linked() {
        let severities = [(DiagnosticCode::UnlinkedMention, Some(Severity::Hint))].into();
        let settings = crate::config::Settings { severities, ..Default::default() };
        let text = "//- x/a.md\nSynapse, cortex, synapse. [[spine]], spine, a twin.\n//- synapse.md\n//- cortex.md\n//- spine.md\n\
            //- a twin.md\n//- y/a twin.md\n";
        let (vault, at) = fixture::with_settings(text, settings);
        let found = diagnostics(&vault, at.note, &Cancel::new()).unwrap();
        let messages: Vec<&str> = found.iter().map(|one| &*one.message).collect();
        expect![[r#"
            [
                "Names `synapse.md` without a link.",
                "Names `cortex.md` without a link.",
                "Names `a twin.md` or `y/a twin.md` without a link.",
            ]
        "#]]
        .assert_debug_eq(&messages);
    }

    #[test]
    fn links_that_lead_nowhere() {
        check(
            "//- a.md\n[[gone]] [[b#Gone]] [[b#^gone]] [x](gone.md) [y](../../up.md) [[../../up]] ![[gone.png]]\n\
             [[#Nowhere]] [x](b.md#two) [[b#One#Two]] [[b#Two#One]] [ok](b.md#one) <https://example.org> [mail](mailto:a@b.c)\n\
             //- b.md\n# One\n## Two\n",
            &expect![[r#"
                a.md:1 "gone" link/missing-note: No note or attachment is named `gone`.
                a.md:1 "Gone" link/missing-heading: `b` has no heading `Gone`. ["b.md"]
                a.md:1 "^gone" link/missing-block: `b` has no block `gone`. ["b.md"]
                a.md:1 "gone.md" link/missing-file: There is no file `gone.md`.
                a.md:1 "../../up.md" link/outside-vault: `../../up.md` leads out of the vault.
                a.md:1 "../../up" link/outside-vault: `../../up` leads out of the vault.
                a.md:1 "gone.png" link/missing-note: No note or attachment is named `gone.png`.
                a.md:2 "Nowhere" link/missing-heading: `a` has no heading `Nowhere`. ["a.md"]
                a.md:2 "Two#One" link/missing-heading: `b` has no heading `Two#One`. ["b.md"]
            "#]],
        );
    }

    #[test]
    fn markdown_links_are_read_without_escapes_and_references() {
        check(
            "//- a.md\n[a](foo\\_bar.md) [b](p\\(1\\).md) ![c](q&amp;a.png) [d](<caf&#233; &#35;.md#two&amp;\\_>) [e]\n\
             [f](q&a.png) [g](caf%26%23233;.md) [h](foo_bar\\#two)\n\n[e]: p&#40;1&rpar;.md\n\
             //- foo_bar.md\n## Two\n//- p(1).md\n//- q&a.png\n//- café #.md\n## Two&_\n",
            &expect![[r#"
                a.md:2 "caf%26%23233;.md" link/missing-file: There is no file `caf%26%23233;.md`.
            "#]],
        );
    }

    #[test]
    fn a_table_of_contents_costs_no_more_than_its_length() {
        let least_time = |parts: usize| {
            let rows = |row: fn(usize) -> String| (0..parts).map(row).collect::<String>();
            let text = rows(|n| {
                format!("[one](#part-no-{n}) [[#Part no. {n}#Intro]] [[#Text#Part no. {n}]] [[#^id-{n}]]\n\n")
            }) + "# Text\n"
                + &rows(|n| format!("## Part no. {n}\n\ntext ^id-{n}\n\n### Intro\n\n"));
            let (vault, at) = fixture::vault(&text);
            let times = (0..3).map(|_| {
                let start = std::time::Instant::now();
                assert_eq!(diagnostics(&vault, at.note, &Cancel::new()).unwrap(), []);
                start.elapsed()
            });
            times.min().unwrap()
        };
        // A hundred times if each link looks at each heading. Times of one run, for a busy machine makes all of them longer.
        let (short, long) = (least_time(200), least_time(2000));
        assert!(long < short * 40, "{short:?}, and for ten times as much {long:?}");
    }

    #[test]
    fn links_by_loose_names() {
        check(
            "//- a.md\n[[Large Models]] [[nick]] [[A Title]] [[LARGE_MODELS]]\n\
             //- large_models.md\n---\ntitle: A title\naliases: [nick]\n---\n",
            &expect![[r#"
                a.md:1 "Large Models" link/inexact: `Large Models` is a loose spelling of `large_models`: tools that need the exact name will not find it.
                a.md:1 "nick" link/inexact: `nick` is an alias of `large_models`: tools that need the exact name will not find it.
                a.md:1 "A Title" link/inexact: `A Title` is the title of `large_models`: tools that need the exact name will not find it.
            "#]],
        );
    }

    #[test]
    fn links_to_two_notes() {
        check(
            "//- a.md\n[[twin]] [[x/twin]]\n//- x/twin.md\nx\n//- y/twin.md\n[[twin]]\n",
            &expect![[r#"
            a.md:1 "twin" link/ambiguous: `twin` fits 2 files equally well; `x/twin.md` is taken. ["x/twin.md", "y/twin.md"]
            x/twin.md:1 "x" note/duplicate-name: Another note is named `twin` as well, and links name one of them by that. ["y/twin.md"]
            y/twin.md:1 "[[twin]]" note/duplicate-name: Another note is named `twin` as well, and links name one of them by that. ["x/twin.md"]
        "#]],
        );
    }

    #[test]
    fn links_that_are_not_finished() {
        check(
            "//- a.md\n[[]] and [[ | x]]\n\n[[name and on\n\n`[[` fine `[[]]`\n",
            &expect![[r#"
            a.md:1 "[[]]" link/empty: This link names nothing.
            a.md:1 "[[ | x]]" link/empty: This link names nothing.
            a.md:3 "[[name and on" link/unclosed: This link is not closed: `]]` is missing on its line.
        "#]],
        );
    }

    #[test]
    fn labels() {
        check(
            "[a][one] [b][two] c[^3] [d]\n\n[one]: x.md\n[One]: x.md\n[four]: x.md\n[^5]: note\n//- x.md\n",
            &expect![[r#"
                note.md:1 "two" link/undefined-label: The label `two` is not defined.
                note.md:1 "3" link/undefined-label: The footnote `3` is not defined.
                note.md:4 "One" link/duplicate-label: The label `one` is defined twice; the first definition counts. ["note.md"]
                note.md:5 "four" link/unused-label: The label `four` is never used.
                note.md:6 "5" link/unused-label: The footnote `5` is never used.
            "#]],
        );
    }

    #[test]
    fn timestamps() {
        let stamp = |value: &str, label: &str| {
            format!("<a class=\"yt-timestamp\" data-t=\"{value}\">{label}</a>\n\n")
        };
        let text = format!(
            "---\nvideoId: Rxmv7rT9leo\nduration: 1:00:00\n---\n{}{}{}{}{}{}{}{}<a class=\"yt-timestamp\" data-t=\"00:01:55\">[00:01:55]\n",
            stamp("00:01:55", "[00:01:55]"),
            stamp("HH:MM:SS", "[HH:MM:SS]"),
            stamp("00:01:55:12", "[00:01:55:12]"),
            stamp("00:75:10", "[00:75:10]"),
            stamp("00:01:55", "[00:02:00]"),
            stamp("00:01:55", "watch this"),
            stamp("00:01:55", ""),
            stamp("14:55:00", "[14:55:00]"),
        );
        check(
            &text,
            &expect![[r#"
                note.md:7 "HH:MM:SS" timestamp/malformed: `HH:MM:SS` is no time: write it as `H:MM:SS` or `M:SS`.
                note.md:9 "00:01:55:12" timestamp/malformed: `00:01:55:12` is no time: write it as `H:MM:SS` or `M:SS`. It reads like 1:55.
                note.md:11 "00:75:10" timestamp/out-of-range: `00:75:10` has minutes or seconds above 59. Carried over it is 1:15:10.
                note.md:13 "[00:02:00]" timestamp/label-mismatch: The label says 2:00, but the timestamp leads to 1:55.
                note.md:17 "<a class=\"yt-timestamp\" data-t=\"00:01:55\"></a>" timestamp/empty-label: This timestamp shows nothing: its label is empty.
                note.md:19 "14:55:00" timestamp/beyond-end: 14:55:00 is after the end of the video, 1:00:00. Read as minutes and seconds it is 14:55.
                note.md:21 "<a class=\"yt-timestamp\" data-t=\"00:01:55\">[00:01:55]" timestamp/unclosed: This timestamp is not closed: its `>` or `</a>` is missing.
            "#]],
        );
        check(
            "[1:00](https://youtu.be/Rxmv7rT9leo?t=61) [x](https://youtu.be/short?t=1)\n",
            &expect![[r#"
            note.md:1 "1:00" timestamp/label-mismatch: The label says 1:00, but the timestamp leads to 1:01.
        "#]],
        );
    }

    #[test]
    fn two_videos_in_one_note() {
        check(
            "//- a.md\n---\nvideoId: Rxmv7rT9leo\nduration: 60\n---\n[0:59] [1:01] [2:00](https://youtu.be/aaaaaaaaaaa?t=120) \
             [1:30](https://youtu.be/Rxmv7rT9leo?t=90) [3:00](https://youtu.be/bbbbbbbbbbb?t=180)\n\
             //- b.md\n---\nvideoId: aaaaaaaaaaa\nduration: 90\n---\n",
            &expect![[r#"
                a.md:5 "1:01" timestamp/beyond-end: 1:01 is after the end of the video, 1:00. 2 of the 3 timestamps of this note lie too late.
                a.md:5 "120" timestamp/beyond-end: 2:00 is after the end of the video, 1:30.
                a.md:5 "90" timestamp/beyond-end: 1:30 is after the end of the video, 1:00. 2 of the 3 timestamps of this note lie too late.
            "#]],
        );
    }

    #[test]
    fn notes_without_a_video() {
        check(
            "<a class=\"yt-timestamp\" data-t=\"13:00:00\">[13:00:00]</a> [1:55]\n",
            &expect![[r#"
                note.md:1 "<a class=\"yt-timestamp\" data-t=\"13:00:00\">[13:00:00]</a>" timestamp/no-video: The note has timestamps but names no video: `videoId` is missing in its front matter.
                note.md:1 "13:00:00" timestamp/beyond-end: 13:00:00 is past 12 hours, the longest that a YouTube video can be. Read as minutes and seconds it is 13:00.
            "#]],
        );
        check(
            "---\nvideoId: abc\n---\n",
            &expect![[r#"
            note.md:2 "abc" video/bad-id: `abc` is no YouTube video id: those are 11 letters, digits, `-` or `_`.
        "#]],
        );
        check(
            "//- a.md\n---\nvideoId: Rxmv7rT9leo\n---\n[1:55]\n//- b.md\n---\nvideoId: Rxmv7rT9leo\nduration: 60\n---\n",
            &expect![[r#"
                a.md:4 "1:55" timestamp/beyond-end: 1:55 is after the end of the video, 1:00.
            "#]],
        );
    }

    #[test]
    fn front_matter() {
        check(
            "---\ntitle: [a\n---\ntext\n",
            &expect![[r#"
            note.md:2 "title: [a" note/bad-front-matter: The front matter is not valid: while parsing a flow sequence, expected ',' or ']'.
        "#]],
        );
        check(
            "---\naliases: {a: b}\nduration: soon\n---\n",
            &expect![[r#"
            note.md:2 "{a: b}" note/bad-front-matter: `aliases` takes a text or a list of texts.
            note.md:3 "soon" note/bad-front-matter: `duration` takes seconds, `H:MM:SS` or `PT1H2M3S`.
        "#]],
        );
    }
}
