//! Notes of one kind of text from end to end, as no person writes them and any program may, and every
//! request about them. `benches/growth.rs` measures how its time grows, `tests/growth.rs` its memory.

#![allow(dead_code, reason = "the benchmark and the test use some of it each")]

use std::sync::Arc;

use vaultls::config::Settings;
use vaultls::ide::{self, ActionKind, ActionOptions, LinkText, NotePosition, ReferenceOptions, VaultStats};
use vaultls::syntax::parse;
use vaultls::text::{Offset, Span, Text};
use vaultls::vault::{Cancel, Cancelled, Change, DiskFile, FileId, Note, Snapshot, VaultPath, VaultWriter};

/// What a note is made of.
pub(crate) struct Kind {
    pub(crate) name: &'static str,
    /// What comes first.
    pub(crate) head: &'static str,
    /// What is repeated. `{}` is a number, another one each time.
    pub(crate) piece: &'static str,
}

const fn kind(name: &'static str, piece: &'static str) -> Kind {
    Kind { name, head: "", piece }
}

const fn below(name: &'static str, head: &'static str, piece: &'static str) -> Kind {
    Kind { name, head, piece }
}

/// All kinds.
pub(crate) const KINDS: &[Kind] = &[
    kind("headings, equal", "# a\n"),
    kind("headings, unlike", "# a{}\n"),
    kind("headings, deeper and back", "# a\n## b\n### c{}\n#### d\n"),
    kind("headings, nearly one slug", "# a\n# a-1\n"),
    kind("headings, empty", "#\n"),
    kind("headings, with links", "# [[a]] b\n"),
    kind("headings, setext", "a\n=\n"),
    kind("headings, setext, unlike", "a{}\n---\n"),
    kind("a heading, long", "# a"),
    below("headings below a table of contents", "<!-- toc -->\n\n- [[#b]]\n\n<!-- /toc -->\n\n", "# a{}\n"),
    kind("tables", "|a|b|\n|-|-|\n|c|d|\n\n"),
    below("a table, long", "|a|b|\n|-|-|\n", "|c|[[a]]|\n"),
    below("a table, wide", "", "|a"),
    kind("table rows without a head", "|a|b|\n"),
    kind("footnotes, used", "x[^{}]\n\n[^{}]: y\n\n"),
    kind("footnotes, undefined", "[^{}] "),
    kind("footnotes, unused", "[^a{}]: b\n\n"),
    kind("footnotes, equal", "[^a]: b\n\n"),
    kind("footnotes within footnotes", "[^a]: [^b]: "),
    kind("labels, unused and equal", "[a1]: b\n"),
    kind("labels, unused and unlike", "[a{}]: b\n"),
    kind("labels, used", "[x][a{}]\n\n[a{}]: b.md\n\n"),
    kind("labels, undefined", "[x][a{}] "),
    kind("labels, undefined and equal", "[x][a] "),
    kind("fences", "```\na\n```\n"),
    kind("fences, unclosed and longer", "```a\n~~~\n"),
    kind("indented code", "    a\n\n"),
    kind("code spans", "`a` "),
    kind("backticks", "`"),
    kind("backticks, runs of all lengths", "`a``b```c````d"),
    kind("tags", "#a "),
    kind("tags, unlike", "#a{}/b "),
    kind("a tag, deep", "#a/b/c"),
    kind("number signs", "#"),
    kind("timestamps", "[0:10] "),
    below("timestamps of a video", "---\nvideoId: Rxmv7rT9leo\nduration: 100\n---\n", "[0:10] a. [2:00] "),
    below("timestamps of a video, a line each", "---\nvideoId: Rxmv7rT9leo\n---\n", "[1:{}] a\n"),
    kind("timestamps as links", "[00:03:00](https://youtu.be/Rxmv7rT9leo?t=180) "),
    kind("timestamps as tags", "<a class=\"yt-timestamp\" data-t=\"00:01:55\">[00:01:55]</a> "),
    kind("timestamps as tags, unclosed", "<a class=\"yt-timestamp\" data-t=\"00:01:55\">"),
    kind("timestamps, unclosed", "[0:10 "),
    kind("clocks", "0:10 "),
    kind("clocks and dashes", "0:10-"),
    kind("less-than signs", "<"),
    kind("less-than signs in prose", "a < b and c <d\n"),
    kind("openings of `a`", "<a "),
    kind("openings of `a`, a line each", "<a\n"),
    kind("openings of comments", "<!--"),
    kind("openings of comments, a line each", "<!-- a\n\n"),
    kind("openings of instructions", "<?"),
    kind("openings of CDATA", "<![CDATA["),
    kind("openings of declarations", "<!A "),
    kind("endings of tags", "</"),
    kind("endings of `a`", "</a>"),
    kind("attributes without an end", "<a b='"),
    kind("attributes", "<a b=c "),
    below("attributes of one tag", "x <a", " b=c"),
    kind("HTML blocks", "<div>\n\n"),
    kind("HTML anchors", "<a id=\"a{}\"></a>\n"),
    kind("autolinks", "<http://a.b> "),
    kind("autolinks, unclosed", "<http://a.b "),
    kind("addresses", "http://a.b/{} "),
    kind("addresses of videos", "https://youtu.be/Rxmv7rT9leo?t={} "),
    kind("quotes, nested", ">"),
    kind("quotes, nested, with blanks", "> "),
    kind("quotes", "> a\n\n"),
    kind("quotes, lazy", "> a\nb\n"),
    kind("callouts", "> [!note] a\n> b\n\n"),
    kind("lists, nested on a line", "- "),
    kind("lists, nested numbers on a line", "1. "),
    kind("quotes and lists, nested", "> - "),
    kind("list items", "- a\n"),
    kind("list items, with blanks between", "- a\n\n"),
    kind("list items, changing their marks", "- a\n+ b\n"),
    kind("list items with ids", "- a ^b{}\n"),
    kind("tasks", "- [ ] a\n"),
    kind("links, broken and unlike", "[[a name {}]] "),
    kind("links, broken and equal", "[[gone]] "),
    kind("links, broken, of words", "[[the{}word of{} other]]\n"),
    kind("links, Markdown, broken", "[a](b{}.md) "),
    kind("links to a note", "[[a]] "),
    kind("links to a note, lines", "[[a]]\n"),
    kind("links to the note itself", "[[note]] "),
    kind("links to the heading of a note", "[[a#Part]] "),
    kind("links to missing headings", "[[a#p{}]] "),
    kind("links to own headings", "## b{}\n[[#b{}]]\n"),
    kind("links to own missing headings", "## b{}\n[[#c{}]]\n"),
    kind("links to own slugs", "## B {}\n[x](#b-{})\n"),
    kind("links to own blocks", "x ^b{}\n\n[[#^b{}]]\n\n"),
    kind("links to own missing blocks", "x ^b{}\n\n[[#^c{}]]\n\n"),
    kind("links to equal headings", "# b\n[[#b]]\n"),
    kind("links, unclosed", "[[a "),
    kind("links, unclosed, a line each", "[[a\n"),
    kind("links, nested", "[[a[[b"),
    kind("links, with bars", "[[a|b|"),
    below("a link, long", "[[", "a "),
    kind("embeds", "![[p]]\n"),
    kind("embeds of a section", "![[a#Part]]\n"),
    kind("images", "![a](image.png) "),
    kind("images, unclosed", "![a]("),
    kind("inline links, unclosed", "[a]("),
    kind("inline links, unclosed, angled", "[a](<b"),
    kind("inline links, nested", "[a[b](c)"),
    kind("parentheses", "("),
    kind("brackets", "["),
    kind("brackets, closing", "]"),
    kind("brackets, in pairs", "[]"),
    kind("brackets, nested in pairs", "[[]"),
    kind("brackets, escaped", "\\["),
    kind("bangs and brackets", "!["),
    kind("carets and brackets", "[^"),
    kind("emphasis", "*a* "),
    kind("emphasis, opened", "*a "),
    kind("emphasis, closed", "a* "),
    kind("emphasis, mixed", "*a_b"),
    kind("emphasis, run", "*"),
    kind("underscores", "_"),
    kind("emphasis, threes", "a***b"),
    kind("struck through", "~~a"),
    kind("tildes", "~"),
    below("front matter keys", "---\n", "a{}: b\n"),
    below("front matter keys, closed", "---\naliases: [b]\n---\n", "a{}: b\n"),
    below("front matter, nested", "---\na: ", "["),
    below("front matter, nested maps", "---\na: ", "{a: "),
    below("front matter, nested lists", "---\na: ", "- "),
    below("front matter links", "---\nrelated: ", "[[a]] "),
    below("front matter links in brackets", "---\nrelated: ", "[a](b"),
    below("TOML", "+++\n", "a{} = 1\n"),
    below("TOML, nested", "+++\na = ", "["),
    below("properties", "", "a{}:: b\n"),
    kind("rules", "---\n"),
    kind("block ids, equal", "a ^b\n\n"),
    kind("block ids, unlike", "a ^b{}\n\n"),
    kind("block ids on their own", "^b{}\n\n"),
    kind("paragraphs, equal", "p\n\n"),
    kind("paragraphs, unlike", "p{} q\n\n"),
    kind("lines, equal", "p\n"),
    kind("carets", "^"),
    kind("comments", "%%a%% "),
    kind("comments, unclosed", "%%a\n\n"),
    kind("percent signs", "%"),
    kind("math", "$a$ "),
    kind("math, displayed", "$$a$$\n"),
    kind("dollars", "$"),
    kind("dollars and words", "$a "),
    kind("entities", "&amp;"),
    kind("entities, unended", "&amp"),
    kind("ampersands", "&"),
    kind("references to characters", "&#{};"),
    kind("escapes", "\\"),
    kind("escapes of signs", "\\*"),
    kind("line ends, Windows", "a\r\n"),
    kind("line ends, old", "a\r"),
    kind("line ends, old, alone", "\r"),
    kind("line ends, blank", "\n"),
    kind("line ends, hard", "a  \n"),
    kind("blanks", " "),
    kind("tabs", "\t"),
    kind("a line, long", "a"),
    kind("words on one line", "word "),
    kind("sentences on one line", "A word. "),
    kind("full stops", "."),
    kind("emoji", "😀"),
    kind("emoji, joined", "👩\u{200d}"),
    kind("accents, combining", "e\u{301}"),
    kind("accents, combining, piled", "\u{301}"),
    kind("ideographs", "漢字。"),
    kind("byte order marks", "\u{feff}"),
    kind("zeros", "\0"),
    kind("mentions", "machine learning and "),
    kind("mentions in links", "machine [[learning]] "),
    kind("names, begun", "machine "),
    kind("inline footnotes", "^[a "),
    kind("highlights", "==a"),
    kind("superscripts", "a^b"),
    kind("definition lists", "a\n: b\n\n"),
    kind("wiki code", "{{a}} "),
    kind("braces", "{"),
    kind("bars", "|"),
    kind("bars and dashes", "|-"),
];

/// The text of a kind, of that many bytes or a few less.
pub(crate) fn text(kind: &Kind, bytes: usize) -> String {
    let mut text = kind.head.to_owned();
    for number in 0_usize.. {
        let piece = kind.piece.replace("{}", &number.to_string());
        if text.len() + piece.len() > bytes {
            break;
        }
        text.push_str(&piece);
    }
    text
}

/// What is typed at the end of a note before completion is asked for.
const TYPED: [&str; 17] = [
    "[[",
    "[[a",
    "[[p",
    "[[p#",
    "[[p#^",
    "[[#",
    "[[#^",
    "[[##a",
    "[[^^a",
    "[t](",
    "[t](p.md#",
    "[x][",
    "x[^",
    "x #",
    "> [!",
    "[0",
    "machine",
];

/// A vault with a note of a kind, with the same text once more in `p.md`, and some usual notes.
pub(crate) struct Asked {
    pub(crate) text: String,
    pub(crate) path: VaultPath,
    pub(crate) vault: Snapshot,
    pub(crate) note: FileId,
    pub(crate) places: Vec<Offset>,
    /// The note with something typed at its end.
    pub(crate) typed: Vec<(Snapshot, NotePosition)>,
}

const OTHERS: [(&str, &str); 7] = [
    ("a.md", "# Title\n\n## Part\n\nText of [[note]] and [[p]]. ^b\n"),
    ("x/a.md", "---\naliases: [nick]\nvideoId: Rxmv7rT9leo\n---\n[0:10] Moment. #a/b\n"),
    ("machine_learning.md", "Of [[gone]] and note.\n"),
    ("x/index.md", "[[a]] [b](../a.md)\n"),
    ("b c.md", ""),
    ("x/a name.md", ""),
    ("image.png", ""),
];

impl Asked {
    pub(crate) fn about(text: &str) -> Asked {
        let path = |path: &str| VaultPath::resolve("", path).unwrap();
        let settings = Settings {
            title_hints: true,
            outline_definitions: true,
            outline_tags: true,
            ..Settings::default()
        };
        let mut writer = VaultWriter::new(Arc::new(settings));
        let others = OTHERS.into_iter().chain([("p.md", text), ("note.md", text)]);
        let files = others.map(|(name, text)| match name.ends_with(".md") {
            true => (path(name), DiskFile::Note(Arc::new(Note::new(text)))),
            false => (path(name), DiskFile::Attachment),
        });
        writer.apply(Change::Disk(files.collect()));
        writer.apply(Change::Opened { path: path("note.md"), text: Text::from(text) });
        let vault = writer.snapshot();
        let note = vault.find("note.md").unwrap();
        let middle = (text.len() / 2..).find(|at| text.is_char_boundary(*at)).unwrap();
        let places = [0, 1.min(text.len()), middle, text.len()];
        let places = places.into_iter().filter(|at| text.is_char_boundary(*at)).map(Offset::new).collect();
        let typed = TYPED.iter().map(|typed| {
            let text = format!("{text}\n\n{typed}");
            let vault = vault.with_text(note, &text);
            (vault, NotePosition { note, at: Offset::new(text.len()) })
        });
        let typed = typed.collect();
        Asked { text: text.to_owned(), path: path("note.md"), vault, note, places, typed }
    }

    fn positions(&self) -> impl Iterator<Item = NotePosition> {
        self.places.iter().map(|at| NotePosition { note: self.note, at: *at })
    }

    fn whole(&self) -> Span {
        Span::new(0, self.text.len())
    }
}

type Outcome = Result<(), Cancelled>;

/// What computes the answer to a request.
pub(crate) type Work = fn(&Asked, &Cancel) -> Outcome;

/// A request: its name and its work.
pub(crate) type Request = (&'static str, Work);

fn address(path: &VaultPath) -> String {
    format!("file:///{path}")
}

fn options() -> ActionOptions<'static> {
    ActionOptions {
        kinds: ActionKind::ALL.to_vec(),
        creates_files: true,
        deletes_files: true,
        now: jiff::civil::date(2026, 3, 1).at(12, 30, 0, 0),
        read_template: &|_, _| None,
    }
}

/// The actions that are offered at a place, each carried out.
fn act(asked: &Asked, span: Span, cancel: &Cancel) -> Outcome {
    let offers = ide::code_actions(&asked.vault, asked.note, span, &options(), cancel)?;
    let mut done = Vec::new();
    for offer in offers {
        // Those of one kind cost the same.
        let kind = std::mem::discriminant(&offer.subject);
        if !done.contains(&kind) {
            done.push(kind);
            ignored(&ide::resolve_action(&asked.vault, asked.note, &offer.subject, &options(), cancel))?;
        }
    }
    Ok(())
}

/// A change that is refused is an answer.
fn ignored<T>(outcome: &Result<T, ide::ChangeFailure>) -> Outcome {
    match outcome {
        Err(ide::ChangeFailure::Cancelled) => Err(Cancelled),
        Ok(_) | Err(_) => Ok(()),
    }
}

/// All requests.
pub(crate) const REQUESTS: &[Request] = &[
    ("parse", |asked, _| {
        drop(parse(&asked.text));
        Ok(())
    }),
    ("edit", |asked, _| {
        drop(asked.vault.with_text(asked.note, &format!("{}x", asked.text)));
        Ok(())
    }),
    ("diagnostics", |asked, cancel| ide::diagnostics(&asked.vault, asked.note, cancel).map(drop)),
    ("fixes", |asked, cancel| {
        let found = ide::diagnostics(&asked.vault, asked.note, cancel)?;
        for at in [0, found.len() / 2] {
            let Some(found) = found.get(at) else { continue };
            ide::fixes(&asked.vault, asked.note, found, cancel)?;
        }
        Ok(())
    }),
    ("safe fixes", |asked, cancel| ide::safe_fixes(&asked.vault, asked.note, &|_| true, cancel).map(drop)),
    ("document symbols", |asked, cancel| {
        drop(ide::document_symbols(&asked.vault, asked.note));
        cancel.check()
    }),
    ("code lenses", |asked, cancel| ide::code_lenses(&asked.vault, asked.note, cancel).map(drop)),
    ("document links", |asked, cancel| ide::document_links(&asked.vault, asked.note, cancel).map(drop)),
    ("semantic tokens", |asked, cancel| {
        ide::semantic_tokens(&asked.vault, asked.note, None, cancel).map(drop)
    }),
    ("folding ranges", |asked, cancel| {
        drop(ide::folding_ranges(&asked.vault, asked.note, usize::MAX));
        cancel.check()
    }),
    ("title hints", |asked, cancel| {
        ide::title_hints(&asked.vault, asked.note, asked.whole(), cancel).map(drop)
    }),
    ("outgoing links", |asked, cancel| ide::links_out_of(&asked.vault, asked.note, cancel).map(drop)),
    ("incoming links", |asked, cancel| {
        ide::links_into(&asked.vault, asked.note, cancel)?;
        ide::links_into(&asked.vault, asked.vault.find("a.md").unwrap(), cancel).map(drop)
    }),
    ("workspace symbols", |asked, cancel| {
        ide::vault_symbols(&asked.vault, "a", 128, cancel)?;
        ide::vault_symbols(&asked.vault, "learnign", 128, cancel).map(drop)
    }),
    ("definition", |asked, cancel| {
        asked.positions().for_each(|at| drop(ide::definition(&asked.vault, at)));
        asked.positions().for_each(|at| drop(ide::graph_file(&asked.vault, at)));
        cancel.check()
    }),
    ("hover", |asked, cancel| {
        asked.positions().try_for_each(|at| ide::hover(&asked.vault, at, &address, cancel).map(drop))
    }),
    ("selection range", |asked, cancel| {
        ide::selection_ranges(&asked.vault, asked.note, &asked.places, cancel).map(drop)
    }),
    ("references", |asked, cancel| {
        let options = ReferenceOptions { include_definitions: true };
        asked.positions().try_for_each(|at| ide::references(&asked.vault, at, options, cancel).map(drop))
    }),
    ("highlights", |asked, cancel| {
        asked.positions().for_each(|at| drop(ide::document_highlights(&asked.vault, at)));
        cancel.check()
    }),
    ("completion", |asked, cancel| {
        for (vault, at) in &asked.typed {
            let completion = ide::completion(vault, *at, cancel)?;
            let subjects = completion.items.iter().filter_map(|item| item.subject.as_ref());
            subjects
                .take(2)
                .for_each(|subject| drop(ide::completion_documentation(vault, subject, &address)));
        }
        asked.positions().try_for_each(|at| ide::completion(&asked.vault, at, cancel).map(drop))
    }),
    ("actions at cursors", |asked, cancel| {
        asked.places.iter().try_for_each(|at| act(asked, Span::empty(*at), cancel))
    }),
    ("actions in a selection", |asked, cancel| act(asked, asked.whole(), cancel)),
    ("mentions", |asked, cancel| {
        ide::mentions(&asked.vault, asked.note, cancel)?;
        for name in ["note.md", "a.md", "machine_learning.md"] {
            let named = asked.vault.find(name).unwrap();
            ide::mentions_of(&asked.vault, named, cancel)?;
            ide::link_mentions_of(&asked.vault, named, Some(asked.note), cancel)?;
        }
        Ok(())
    }),
    ("meanings of links", |asked, cancel| {
        let links = ["p#a", "p#a1", "p#^b", "gone", "note"]
            .map(|name| LinkText { name: name.into(), is_embed: true });
        ide::link_meanings(&asked.vault, asked.note, &links, cancel).map(drop)
    }),
    ("rename", |asked, cancel| {
        for at in asked.positions() {
            let _ = ide::prepare_rename(&asked.vault, at);
            ignored(&ide::rename(&asked.vault, at, "new", cancel))?;
        }
        Ok(())
    }),
    ("moved file", |asked, cancel| {
        let to = VaultPath::resolve("", "x/y/note.md").unwrap();
        ignored(&ide::move_files(&asked.vault, &[(asked.note, to)], cancel))?;
        let to = VaultPath::resolve("", "new/b.md").unwrap();
        ignored(&ide::move_files(&asked.vault, &[(asked.vault.find("a.md").unwrap(), to)], cancel))
    }),
    ("sentences", |asked, cancel| {
        let note = asked.vault.note(asked.note).unwrap();
        let places: Vec<Span> = asked.places.iter().map(|at| Span::empty(*at)).collect();
        drop(ide::sentences_around(&note, &places));
        cancel.check()
    }),
    ("insertion of a timestamp", |asked, cancel| {
        asked
            .positions()
            .try_for_each(|at| ignored(&ide::insert_timestamp(&asked.vault, at, Some("0:10"), cancel)))
    }),
    ("moments", |asked, cancel| ide::moments(&asked.vault, "Rxmv7rT9leo", cancel).map(drop)),
    ("new block id", |asked, cancel| {
        drop(ide::add_block_id(&asked.vault, asked.note, "p"));
        cancel.check()
    }),
    ("graph", |asked, cancel| ide::link_graph(&asked.vault, cancel).map(drop)),
    ("figures", |asked, cancel| VaultStats::of(&asked.vault, cancel).map(drop)),
];
