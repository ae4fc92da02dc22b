//! The invariant of fixes, over random vaults with faults in most notes: afterwards the diagnostic is gone
//! and there is no new one in any note, and nothing is written except where such a diagnostic is or where
//! something is added to a note.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::string_slice, clippy::panic)] // a test may fail

mod vaults;

use proptest::prelude::*;
use vaultls::config::DiagnosticCode;
use vaultls::ide::{
    self, ActionKind, ActionOptions, ActionSubject, CodeAction, Diagnostic, Edit, Fix, NewNote, VaultChange,
};
use vaultls::text::{Offset, Span};
use vaultls::vault::{Cancel, FileId, NoteRef, Resolution, Snapshot, fold};

use vaults::{Files, NAMES, PIECES, edited, file_path, path_of, vault, with_cases};

/// Paths with names long enough to be misspelt, and such that are the same but for case or separators.
const PATHS: [&str; 20] = [
    "a.md",
    "x/a.md",
    "b.md",
    "x/B.md",
    "b c.md",
    "x/b_c.md",
    "nick.md",
    "ketamine_risks.md",
    "x/Ketamine Risks.md",
    "y/Ketamine_Risks.md",
    "speed_of_light.md",
    "y/Speed of Light.md",
    "x/light (speed).md",
    "picture.png",
    "x/y/picture.png",
    "v1.2 notes.md",
    "y/v12 notes.md",
    "x/index.md",
    "y/x.md",
    "café.md",
];

/// Pieces of notes in which something is wrong, or that make something else wrong.
const FAULTS: [&str; 92] = [
    "[[ketamin_risk]] ",
    "[[ketamine_risks|Risks]] ",
    "[[ketamine risks#Head]] ",
    "[[Ketamine_risks#Haed]] ",
    "[[speed of light]] ",
    "[[spede_of_light#Head|shown]] ",
    "[[light speed of]] ",
    "[s](speed_of_lihgt.md#hed) ",
    "[s](<../spede of light.md#sub>) ",
    "![[pictur.png]] ![p](x/pictur.png) ",
    "[[v12 notes]] [[v1.2-notes]] ",
    "[[b#Heads]] ",
    "[[b#head]] [b](b.md#Head) ",
    "[[a#Head#Subs]] ",
    "[[#Hed]] [x](#subb) ",
    "[[a#^idd]] [[#^tabel-one]] ",
    "[[#^id2]] ",
    "[[New heading#^gone]] ",
    "[[a#New heading]] ",
    "[n](a.md#new-heading) ",
    "[[../../../../up]] [up](../../../../a.md) ",
    "[[y/b c]] [[x/gone#Part|gone]] ",
    "[[x/a]\r\n",
    "[[b\n",
    "[[B\n",
    "[[b c and more\n",
    "[[a | shown\n",
    "[[nick\n",
    "[[Tall tale, and\n",
    "[[b#Head\n",
    "[[b#Hed\n",
    "[[ketamine_risks] and\n",
    "[[speed of light\n",
    "see [[a, [[b]]\n",
    "> [[x\n",
    "| [[a | b |\n|---|---|\n\n",
    "[[]] ",
    "[[|words]] ![[]] ",
    "[[ | [b](b.md) ]] ",
    "[t][lable] ",
    "[label] ",
    "[t][gone] [gone][] ",
    "text[^1] ",
    "text[^note] [^notes] ",
    "\n\n[^1]: foot\n\n",
    "\n\n[^2]: foot [[a]] [^1]\n\n",
    "\n\n[^note]: # Head\n    more ^id\n\n",
    "\n\n[label]: a.md\n\n",
    "\n\n[Label]: gone.md \"title\"\n[other]: <b c.md>\n\n",
    "\n\n> [lab el]: b.md\n\n",
    "\n\na block ^id\n\n",
    "\n- item ^id-2\n- [[a]] ^ID\n",
    "\n\n# Head\n\n",
    "\n\n## Heads\n\n### Sub\n\n",
    "\n\n> quote [[gone_b#x]]\n> more\n",
    "\n\n| [[ketamin_risk]] | [[b\\|c]] |\n|---|---|\n| [[nick]] | [[Tall tale\\|t]] |\n\n",
    "\n\n```\n[[gone\n",
    "\n\n<div>\n",
    "<!-- [[gone",
    "%% [[x %%\n",
    "$$\n",
    "`",
    "\n\n    code\n",
    "- ",
    "\n\n---\n\n",
    "\u{feff}",
    "\r",
    "\\",
    "[",
    "]]",
    "tail",
    "a tall tale of nick ",
    "[[a#^tabel-one]] [[#^table-tow]] ",
    "\n\na row ^table-one\n\n",
    "\n\n- more ^table-two\n\n",
    "\n\n# Head of state\n\n## Head-count\n\n",
    "[[a#head count]] [[b#Haed of state]] ",
    "[h](a.md#head-of-staet) [h](../b.md#Head%20count) ",
    "[[b c#Head count|shown]] [[ketamine_risks#head of state]] ",
    "[t][a labl] [footnote][] [a  LABLE] ",
    "\n\n[a label]: a.md\n\n",
    "\n\n[a label]: <x/b c.md> 'title'\n",
    "said[^first note] [^first-note][^frist-note] ",
    "\n\n[^first-note]: said\n\n    more\n\n",
    "\n\n[^First-Note]: again\n",
    "<a id=\"spot\"></a> [s](#spto) [[#spot]] ",
    "\n\n## See [[ketamin_risk]]\n\n",
    "\n\n## See [t][lable] and [[B-C]] [[v1.2-notes]]\n\n",
    "[[a#See ketamin_risk]] [x](b.md#see-ketamin_risk) [[#See ketamin_risk]] ",
    "[[a#See t and B-C v1 2-notes]] [[b#On b md]] ",
    "\n\n## [[b#Hed]] <a class=\"yt-timestamp\" data-t=\"[0:20]\">[0:20]</a> #\n\n",
    "[[b#b Hed 0 20]] [[a#b#Hed 0:20]] [x](a.md#bhed-020) ",
];

const FRONTS: [&str; 16] = [
    "",
    "\u{feff}",
    "---\naliases: [nick, b]\n---\n",
    "---\ntitle: Tall tale\nrelated: \"[[ketamin_risk]]\"\n---\nblock ^id\n\n",
    "---\r\nvideoId: Rxmv7rT9leo\r\n---\r\n",
    "---\nvideoId: Rxmv7rT9leo\nduration: 600\n---\n",
    "---\nvideoId: Rxmv7rT9leo\nduration: 1:30:00\nrelated: ['[[Nick]]', '[[gone']\n---\n",
    "---\nvideoId: https://youtu.be/Rxmv7rT9leo?t=5\n---\n",
    "---\nvideoId: abc\ntags: 5\n---\n",
    "---\nvideoId: [1\n---\n",
    "---\ntitle: [x]\nduration: long\n---\n",
    "---\nurl: https://youtu.be/aaaaaaaaaaa\n---\n",
    "---\nvideo_id: aaaaaaaaaaa\nduration: 300\n---\n",
    "---\ntitle: T\n",
    "---\n---\n",
    "---\n\ttab: x\nvideoId: Rxmv7rT9leo\n---\n",
];

/// Clocks that are right, slipped, malformed, out of range and past every end.
fn clock() -> impl Strategy<Value = String> {
    prop_oneof![
        "00:0[0-9]:[0-5][0-9]",
        "0[0-9]:[0-5][0-9]:[0-5][0-9]",
        "[0-5][0-9]:[0-5][0-9]:00",
        "[0-9]{1,2}:[0-9]{2}",
        "0[0-9]:[0-9]{2}:[0-9]{2}",
        "00:[0-5][0-9]:[0-5][0-9]:[0-9]{2}",
        "\\[0:[0-5][0-9]:[0-5][0-9]\\]",
        prop::sample::select(vec!["N/A", "HH:MM:SS", "", "1:55 ", "0:01,5", "1;55"]).prop_map(str::to_owned),
    ]
}

/// Timestamps of all forms, whole and garbled.
fn stamp() -> impl Strategy<Value = String> {
    let video = || prop::sample::select(vec!["Rxmv7rT9leo", "aaaaaaaaaaa", "bad"]);
    let label = prop_oneof![
        clock().prop_map(|clock| format!("[{clock}]")),
        prop::sample::select(vec!["words", "", "[]", " "]).prop_map(str::to_owned),
    ];
    let tag = |value: &str, label: &str| format!("<a class=\"yt-timestamp\" data-t=\"{value}\">{label}</a>");
    prop_oneof![
        clock().prop_map(move |clock| tag(&clock, &format!("[{clock}]"))),
        (clock(), label).prop_map(move |(value, label)| tag(&value, &label)),
        (clock(), clock(), clock()).prop_map(move |(outer, value, label)| format!(
            "[{outer}]({})",
            tag(&value, &format!("[{label}]"))
        )),
        (clock(), video(), 0..90_000_u32)
            .prop_map(|(clock, video, t)| format!("[{clock}](https://youtu.be/{video}?t={t}s)")),
        (clock(), video(), "[0-9]{0,2}m?[0-9x]{1,2}s?").prop_map(|(clock, video, t)| format!(
            "[{clock}](https://www.youtube.com/watch?v={video}&t={t})"
        )),
        clock().prop_map(|clock| format!("[{clock}]")),
        (
            clock(),
            prop::sample::select(vec![
                "]-[0:01:00]</a>",
                "</a>",
                "[0:01:55]</a>",
                "",
                ">[0:01:55]</a>",
                "\"[1:55]</a>"
            ])
        )
            .prop_map(|(clock, rest)| format!("<a class=\"yt-timestamp\" data-t=\"{clock}{rest}")),
        (clock(), prop::sample::select(vec!["]</a)", "]", "] more", "]</a", "](x", "]</b>"]), any::<bool>())
            .prop_map(|(clock, rest, wraps)| {
                let start = if wraps { format!("[{clock}](") } else { String::new() };
                format!("{start}<a class=\"yt-timestamp\" data-t=\"{clock}\">[{clock}{rest}")
            }),
        Just("<a class=\"yt-timestamp\">[0:10]</a>".to_owned()),
    ]
}

fn text() -> impl Strategy<Value = String> {
    let stamps = (stamp(), prop::sample::select(vec![" ", " and\n\n", "\r\n"]));
    let piece = prop_oneof![
        2 => prop::sample::select(&PIECES[..]).prop_map(str::to_owned),
        4 => prop::sample::select(&FAULTS[..]).prop_map(str::to_owned),
        2 => stamps.prop_map(|(stamp, behind)| stamp + behind),
    ];
    (prop::sample::select(&FRONTS[..]), prop::collection::vec(piece, 0..8))
        .prop_map(|(front, pieces)| format!("{front}{}", pieces.concat()))
}

fn files() -> impl Strategy<Value = Files> {
    let path = prop_oneof![
        4 => prop::sample::select(&PATHS[..]).prop_map(str::to_owned),
        1 => file_path(&NAMES),
    ];
    prop::collection::btree_map(path, text(), 2..8)
}

/// Returns the files after a change, in the order in which it is applied.
fn changed(vault: &Snapshot, files: &Files, change: &VaultChange) -> Files {
    let mut after = edited(vault, files, &change.edits);
    for NewNote { path, text } in &change.created {
        assert_eq!(after.insert(path.as_str().to_owned(), text.clone()), None, "{path} is there already");
    }
    assert!(change.moved.is_none() && change.deleted.is_empty(), "no fix moves or deletes a file");
    after
}

/// A diagnostic: the path of its note, its code and its span.
type Found = (String, DiagnosticCode, Span);

fn found_in(vault: &Snapshot) -> Vec<Found> {
    let of_note = |note: NoteRef<'_>| {
        let found = ide::diagnostics(vault, note.id, &Cancel::new()).unwrap();
        let path = path_of(vault, note.id);
        found.into_iter().map(move |one| (path.clone(), one.code, one.span))
    };
    vault.notes().flat_map(of_note).collect()
}

/// Returns where a span lies after edits, with all that comes in its place or beside it.
fn afterwards(span: Span, edits: &[Edit]) -> Span {
    let shifted = |at: Offset, is_end: bool| {
        let mut place = at.to_usize();
        for edit in edits.iter().rev() {
            let is_before = edit.span.end < at || edit.span.end == at && (is_end || !edit.span.is_empty());
            if is_before {
                place = place - edit.span.len() + edit.new_text.len();
            } else if edit.span.start < at {
                // Within what is replaced.
                let end = at.to_usize() - edit.span.start.to_usize();
                place = place - end + if is_end { edit.new_text.len() } else { 0 };
            }
        }
        place
    };
    Span::new(shifted(span.start, false), shifted(span.end, true))
}

/// Whether a diagnostic is about the note as a whole, wherever it is shown.
fn is_about_note(code: DiagnosticCode) -> bool {
    matches!(code.as_str(), "note/duplicate-name" | "timestamp/no-video" | "note/orphan")
}

/// Returns the diagnostics that are new after a change. Those in `fixed` should be gone.
fn new_diagnostics(
    before: &Snapshot,
    files: &Files,
    found: &[Found],
    fixed: &[Found],
    change: &VaultChange,
    after: &Snapshot,
) -> Vec<Found> {
    let mut known = found.to_vec();
    known.retain(|one| !fixed.contains(one));
    let is_unclosed = |(_, code, _): &&Found| code.as_str() == "timestamp/unclosed";
    known.extend(fixed.iter().filter(is_unclosed).flat_map(|(path, _, span)| hidden_by(files, path, *span)));
    for (path, _, span) in &mut known {
        *span = afterwards(*span, change.edits_of(before.find(path).unwrap()));
    }
    let mut new = found_in(after);
    new.retain(|(path, code, span)| {
        let is_it = |(other_path, other, place): &Found| {
            let touches = place.start <= span.end && span.start <= place.end;
            path == other_path && code == other && (touches || is_about_note(*code))
        };
        let at = known.iter().position(is_it);
        at.map(|at| known.remove(at)).is_none()
    });
    new.retain(|found| !change.created.iter().any(|created| is_about(after, found, created)));
    new.retain(|found| !was_repeated(before, after, found));
    new
}

/// Whether a label was defined twice in the same words, and one of the two was changed.
fn was_repeated(before: &Snapshot, after: &Snapshot, (path, code, span): &Found) -> bool {
    let labels = |vault: &Snapshot, is_meant: &dyn Fn(Span) -> bool| -> Vec<String> {
        let note = vault.note(vault.find(path).unwrap()).unwrap();
        let labels = note.note.parsed.label_definitions.iter().map(|definition| definition.label);
        labels.filter(|label| is_meant(*label)).map(|label| note.note.slice(label).to_lowercase()).collect()
    };
    code.as_str() == "link/duplicate-label" && {
        let [label] = &*labels(after, &|label| label == *span) else { return false };
        labels(before, &|_| true).iter().filter(|other| *other == label).count() > 1
    }
}

/// What is wrong as well with the rest of the line that a tag without an end hides: what is found if it is no
/// timestamp.
fn hidden_by(files: &Files, path: &str, tag: Span) -> Vec<Found> {
    let mut found = found_in(&vault(files));
    let mut without = files.clone();
    let text = without.get_mut(path).unwrap();
    let class = tag.start.to_usize() + text[tag.range()].find("yt-timestamp").unwrap();
    text.replace_range(class..class + 1, "x");
    let mut shown = found_in(&vault(&without));
    shown.retain(|one| {
        let at = found.iter().position(|other| other == one);
        at.map(|at| found.remove(at)).is_none()
    });
    shown
}

/// Whether a diagnostic is about a note that was created: with a link that leads to it now, or with a name
/// that it shares. Who writes `[[x/note#Part]]` beside a `note.md` wants that note, and the link leads to it
/// afterwards.
fn is_about(after: &Snapshot, (path, code, span): &Found, created: &NewNote) -> bool {
    let (note, created) = (after.find(path).unwrap(), after.find(created.path.as_str()).unwrap());
    let stem = |id: FileId| fold(after.file(id).unwrap().path.stem()).into_owned();
    if code.as_str() == "note/duplicate-name" {
        return stem(note) == stem(created);
    }
    let note = after.note(note).unwrap();
    note.note.parsed.links.iter().filter(|link| link.span.covers(*span)).any(
        |link| matches!(after.resolve(&note, link), Resolution::Found(found) if found.all.contains(&created)),
    )
}

/// Whether a fix may write there: in what a finding of that group is about, in the front matter or before it,
/// at the end, or where a link names a heading in which one of these stands.
fn may_write(note: &NoteRef<'_>, group: &str, found: &[Found], edit: &Edit) -> bool {
    let parsed = &note.note.parsed;
    let links = parsed.links.iter().map(|link| link.span);
    let things: Vec<Span> = match group {
        "link" => links
            .chain(parsed.faults.iter().map(|fault| fault.span))
            .chain(parsed.label_uses.iter().map(|label| label.span))
            .chain(parsed.label_definitions.iter().map(|label| label.span))
            .chain(parsed.blocks.iter().map(|block| block.id))
            .collect(),
        // A link may stand for a timestamp.
        _ => links.chain(parsed.timestamps.iter().map(|stamp| stamp.span)).collect(),
    };
    let is_wrong = |span: &Span| {
        let mut own =
            found.iter().filter(|(path, code, _)| note.path.as_str() == path && code.group() == group);
        own.any(|(_, _, wrong)| span.covers(*wrong))
    };
    let front_matter = parsed.front_matter.as_ref().map_or(Span::empty(Offset::new(0)), |front| front.span);
    things
        .into_iter()
        .filter(is_wrong)
        .any(|span| span.covers(edit.span) || is_definition(note, span) && is_blank_beside(note, span, edit))
        || parsed.links.iter().any(|link| link.fragment == Some(edit.span))
        || edit.span == Span::empty(note.note.text.end())
        || matches!(group, "video" | "timestamp")
            && (front_matter.covers(edit.span) || edit.span.end.to_usize() <= 3)
}

fn is_definition(note: &NoteRef<'_>, span: Span) -> bool {
    note.note.parsed.label_definitions.iter().any(|definition| definition.span == span)
}

/// Whether what is taken away beyond a definition is blank.
fn is_blank_beside(note: &NoteRef<'_>, span: Span, edit: &Edit) -> bool {
    let is_blank =
        |from: Offset, to: Offset| note.note.slice(Span::between(from.min(to), to)).trim().is_empty();
    edit.span.covers(span)
        && edit.new_text.is_empty()
        && is_blank(edit.span.start, span.start)
        && is_blank(span.end, edit.span.end)
}

fn options() -> ActionOptions<'static> {
    ActionOptions {
        kinds: vec![ActionKind::QuickFix, ActionKind::FixAll],
        creates_files: true,
        deletes_files: true,
        now: jiff::civil::date(2026, 3, 1).at(12, 30, 0, 0),
        read_template: &|_, known| known.cloned(),
    }
}

fn offers(vault: &Snapshot, note: FileId, finding: &Diagnostic) -> Vec<CodeAction> {
    ide::code_actions(vault, note, finding.span, &options(), &Cancel::new()).unwrap()
}

fn carried_out(vault: &Snapshot, note: FileId, subject: &ActionSubject) -> VaultChange {
    ide::resolve_action(vault, note, subject, &options(), &Cancel::new())
        .unwrap_or_else(|why| panic!("{subject:?} is offered and refused: {why:?}"))
}

proptest! {
    #![proptest_config(with_cases(150))]

    /// Each action that is offered to fix a diagnostic.
    #[test]
    fn a_fix_removes_its_diagnostic_and_adds_none(files in files()) {
        let before = vault(&files);
        let found = found_in(&before);
        for note in before.notes() {
            for finding in ide::diagnostics(&before, note.id, &Cancel::new()).unwrap() {
                let offers = offers(&before, note.id, &finding);
                for offer in offers.iter().filter(|offer| offer.fixes.as_ref() == Some(&finding)) {
                    let change = carried_out(&before, note.id, &offer.subject);
                    let files_after = changed(&before, &files, &change);
                    let after = vault(&files_after);
                    let fixed = (path_of(&before, note.id), finding.code, finding.span);
                    let new = new_diagnostics(&before, &files, &found, &[fixed], &change, &after);
                    prop_assert!(new.is_empty(), "`{}` for {:?} of {} leaves {:?}\n{:#?}\n{:#?}", offer.title, finding, note.path, new, files, files_after);
                    for edits in &change.edits {
                        let edited = before.note(edits.note).unwrap();
                        let stray = edits.edits.iter().find(|edit| !may_write(&edited, finding.code.group(), &found, edit));
                        prop_assert!(stray.is_none(), "`{}` for {:?} writes {:?} in\n{:#?}", offer.title, finding, stray, files);
                    }
                }
            }
        }
    }

    /// All safe fixes of a note at once.
    #[test]
    fn safe_fixes_together_remove_what_they_list(files in files()) {
        let before = vault(&files);
        let found = found_in(&before);
        for note in before.notes() {
            let safe = ide::safe_fixes(&before, note.id, &|_| true, &Cancel::new()).unwrap();
            let files_after = changed(&before, &files, &safe.change);
            let path = path_of(&before, note.id);
            let fixed: Vec<Found> = safe.diagnostics.iter().map(|one| (path.clone(), one.code, one.span)).collect();
            let new = new_diagnostics(&before, &files, &found, &fixed, &safe.change, &vault(&files_after));
            prop_assert!(new.is_empty(), "{:?} leave {:?}\n{:#?}\n{:#?}", safe, new, files, files_after);
            let is_safe = |finding: &Diagnostic| {
                let fixes = ide::fixes(&before, note.id, finding, &Cancel::new()).unwrap();
                fixes.iter().any(Fix::is_safe)
            };
            prop_assert!(safe.diagnostics.iter().all(is_safe));
        }
    }
}
