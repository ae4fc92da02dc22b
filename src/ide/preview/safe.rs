//! Markdown of notes made safe to be shown by any client: no HTML that it could run or load, and no
//! destinations but those of the web and of the vault.
//!
//! Notes may come from anywhere, and clients differ in how they read Markdown. So what is kept is what cannot
//! be read in another way: a destination that begins with an allowed scheme as it is written, code in a fence
//! that no list or quotation can end, code between backticks on one line. Everything else that looks like
//! HTML, a destination or an image is escaped, and can be read as it was written.

use super::Inline;

/// How destinations begin that are kept.
const ALLOWED: [&str; 4] = ["https://", "http://", "mailto:", "#"];

/// Elements that say only how text looks. Their tags are left out; those of all others are shown.
const FORMATTING: [&str; 28] = [
    "a", "abbr", "b", "big", "br", "center", "cite", "code", "del", "div", "dfn", "em", "font", "i", "ins",
    "kbd", "mark", "p", "q", "s", "samp", "small", "span", "strong", "sub", "sup", "u", "var",
];

/// Stands for an inline that is safe by itself, with its number between the two.
const OPEN: char = '\u{F0000}';
const CLOSE: char = '\u{F0001}';

/// Writes a part of a note. Images of the web are links, unless they are wanted.
pub(super) fn safe_markdown(inlines: &[Inline], remote_images: bool) -> String {
    let mut text = String::new();
    let mut safe = Vec::new();
    for inline in inlines {
        match inline {
            Inline::Source(source) => text.push_str(&source.replace([OPEN, CLOSE, '\0'], "\u{FFFD}")),
            inline => {
                text.extend([OPEN.to_string(), safe.len().to_string(), CLOSE.to_string()]);
                let mut written = String::new();
                inline.write_markdown(&mut written);
                safe.push(written);
            }
        }
    }
    let text = Escaper { remote_images, trusts_backticks: true, out: String::new() }.run(&text);
    with_inlines(&text, &safe)
}

fn with_inlines(text: &str, safe: &[String]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut parts = text.split(OPEN);
    out.extend(parts.next());
    for part in parts {
        let (number, rest) = part.split_once(CLOSE).unwrap_or(("", part));
        out.extend(number.parse::<usize>().ok().and_then(|number| safe.get(number)).map(String::as_str));
        out.push_str(rest);
    }
    out
}

struct Escaper {
    remote_images: bool,
    /// Whether a backtick can only be one of this line.
    trusts_backticks: bool,
    out: String,
}

impl Escaper {
    fn run(mut self, text: &str) -> String {
        let mut fence: Option<&str> = None;
        let mut at = 0;
        for line in text.split_inclusive('\n') {
            let after = text.get(at + line.len()..).unwrap_or_default();
            at += line.len();
            match fence {
                Some(open) => {
                    self.out.push_str(line);
                    if closes(line, open) {
                        fence = None;
                    }
                }
                None => {
                    fence = opened_fence(line);
                    if fence.is_some() {
                        self.out.push_str(line);
                    } else if is_nested_fence(line) {
                        self.trusts_backticks = false;
                        self.out.push_str(line);
                    } else {
                        self.line(line, after);
                    }
                }
            }
        }
        self.out
    }

    /// Writes a line outside of fences. `after` is the text behind it.
    fn line(&mut self, line: &str, after: &str) {
        let mut rest = line;
        while let Some(char) = rest.chars().next() {
            let length = match char {
                '\\' => self.verbatim(
                    rest,
                    1 + rest.get(1..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8),
                ),
                '`' => self.backticks(rest),
                '<' => self.angle(rest),
                '!' if rest.starts_with("![") && !self.keeps_image(rest) => 1,
                ']' => self.bracket(rest, after),
                char => self.verbatim(rest, char.len_utf8()),
            };
            rest = rest.get(length..).unwrap_or_default();
        }
    }

    fn verbatim(&mut self, rest: &str, length: usize) -> usize {
        self.out.extend(rest.get(..length));
        length
    }

    /// A code span that ends on its line, or backticks that are text.
    fn backticks(&mut self, rest: &str) -> usize {
        let run = rest.len() - rest.trim_start_matches('`').len();
        let span = code_span_bytes(rest, run).filter(|_| self.trusts_backticks);
        if let Some(length) = span {
            return self.verbatim(rest, length);
        }
        if self.trusts_backticks {
            self.out.push_str(&"\\`".repeat(run));
            return run;
        }
        self.verbatim(rest, run)
    }

    /// An address in angle brackets, a tag that is left out, or text.
    fn angle(&mut self, rest: &str) -> usize {
        let tag = rest.get(1..).and_then(|inner| inner.split_once('>')).map(|(inner, _)| inner);
        let tag = tag.filter(|inner| !inner.contains(['<', '`', '\n']));
        let begins_markup = rest
            .get(1..)
            .and_then(|inner| inner.chars().next())
            .is_some_and(|first| first.is_ascii_alphabetic() || matches!(first, '/' | '!' | '?'));
        match tag {
            Some(inner) if is_allowed(inner) && !inner.contains(char::is_whitespace) => {
                self.verbatim(rest, inner.len() + 2)
            }
            Some(inner) if is_formatting(inner) => {
                // What stands around the tag must not come together.
                self.out.push(' ');
                inner.len() + 2
            }
            _ => {
                self.out.push_str(if begins_markup { "\\<" } else { "<" });
                1
            }
        }
    }

    /// The end of a label: what follows is escaped unless it is a destination that is allowed.
    fn bracket(&mut self, rest: &str, after: &str) -> usize {
        self.out.push(']');
        let follows = rest.get(1..).unwrap_or_default();
        let destination = |follows: &str| {
            let trimmed = follows.trim_start();
            let line = if trimmed.is_empty() { after.trim_start() } else { trimmed };
            line.strip_prefix('<').unwrap_or(line).to_owned()
        };
        if let Some(inner) = follows.strip_prefix('(') {
            let to = destination(inner);
            let is_known = to.starts_with(OPEN) || to.starts_with(')');
            if !(is_known || is_allowed(&to)) {
                self.out.push('\\');
            }
        } else if let Some(inner) = follows.strip_prefix(':') {
            let to = destination(inner);
            let word = to.split_whitespace().next().unwrap_or_default();
            // The text of a footnote, or a destination without a scheme.
            let is_plain = !word.contains([':', '&', '\\']) && !word.starts_with("//");
            if !(to.starts_with(OPEN) || is_plain || is_allowed(&to)) {
                self.out.push('\\');
            }
        }
        1
    }

    /// Whether an image is one of the vault.
    fn keeps_image(&self, rest: &str) -> bool {
        let Some((alt, to)) = rest.get(2..).and_then(|rest| rest.split_once(']')) else { return false };
        let is_plain = !alt.contains(['[', '\\', '`', '<']);
        let to = to.strip_prefix('(').unwrap_or_default();
        is_plain && (to.starts_with(OPEN) || self.remote_images && is_allowed(to))
    }
}

fn is_allowed(destination: &str) -> bool {
    let begins = |prefix: &&str| {
        destination.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
    };
    ALLOWED.iter().any(begins)
}

fn is_formatting(tag: &str) -> bool {
    let name = tag.strip_prefix('/').unwrap_or(tag);
    let name = name.split(|char: char| char.is_whitespace() || char == '/').next().unwrap_or_default();
    FORMATTING.iter().any(|known| name.eq_ignore_ascii_case(known))
}

/// The bytes of a code span that begins with so many backticks and ends on the same line.
fn code_span_bytes(rest: &str, run: usize) -> Option<usize> {
    let line = rest.split('\n').next().unwrap_or_default();
    let mut at = run;
    while let Some(found) = line.get(at..)?.find('`') {
        let start = at + found;
        let tail = line.get(start..)?;
        let length = tail.len() - tail.trim_start_matches('`').len();
        if length == run {
            return Some(start + length);
        }
        at = start + length;
    }
    None
}

/// The fence that a line opens, at its very start, so that it lies in no list or quotation.
fn opened_fence(line: &str) -> Option<&str> {
    let char = line.chars().next().filter(|char| matches!(char, '`' | '~'))?;
    let info = line.trim_start_matches(char);
    let run = line.get(..line.len() - info.len())?;
    (run.len() >= 3 && !(char == '`' && info.contains('`'))).then_some(run)
}

fn closes(line: &str, open: &str) -> bool {
    let indent = line.len() - line.trim_start_matches(' ').len();
    let line = line.trim();
    let char = open.chars().next().unwrap_or('`');
    indent <= 3 && line.len() >= open.len() && line.chars().all(|other| other == char)
}

/// Whether a line may open a fence in a list or a quotation.
fn is_nested_fence(line: &str) -> bool {
    let markers = |char: char| char.is_whitespace() || char.is_ascii_digit() || ">-*+.)".contains(char);
    let line = line.trim_start_matches(markers);
    let is_fence = |fence: &str, char: char| {
        line.starts_with(fence) && !line.trim_start_matches(char).contains([char, '<', ']', '!'])
    };
    is_fence("```", '`') || is_fence("~~~", '~')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(text: &str) -> String {
        safe_markdown(&[Inline::Source(text.to_owned())], false)
    }

    #[test]
    fn nothing_can_be_run_or_loaded() {
        let table = [
            ("a < b, 1<2, *x* `<b>` ok", "a < b, 1<2, *x* `<b>` ok"),
            ("<img src=x onerror=alert(1)>", "\\<img src=x onerror=alert(1)>"),
            ("a<br>b <b>bold</b> <A HREF='command:x'>y</A>", "a b  bold   y "),
            ("<scr<b>ipt>x</script>", "\\<scr ipt>x\\</script>"),
            ("<!-- c --> <?php ?> </svg>", "\\<!-- c --> \\<?php ?> \\</svg>"),
            ("<https://a.b> <command:x>", "<https://a.b> \\<command:x>"),
            ("[x](https://a.b) [y](HTTP://a)", "[x](https://a.b) [y](HTTP://a)"),
            ("[x](command:y)", "[x]\\(command:y)"),
            ("[x]( \tjavascript:y)", "[x]\\( \tjavascript:y)"),
            ("[x](\ndata:y)", "[x]\\(\ndata:y)"),
            ("[x](<vbscript:y>)", "[x]\\(\\<vbscript:y>)"),
            ("[x](<https://a.b>)", "[x](<https://a.b>)"),
            ("[x](file:///etc/passwd)", "[x]\\(file:///etc/passwd)"),
            ("[x](&#106;avascript:y)", "[x]\\(&#106;avascript:y)"),
            ("[x](java\\script:y)", "[x]\\(java\\script:y)"),
            ("[x]<b>(command:y)", "[x] (command:y)"),
            ("[x]: command:y", "[x]\\: command:y"),
            ("[x]:\n  javascript:y", "[x]\\:\n  javascript:y"),
            ("[^1]: A note.", "[^1]: A note."),
            ("[^1]: command:y", "[^1]\\: command:y"),
            ("[x]: https://a.b", "[x]: https://a.b"),
            ("![x](https://a.b/c.png)", "[x](https://a.b/c.png)"),
            ("![x][r] ![r]", "[x][r] [r]"),
            ("[![x](https://a)](https://b)", "[[x](https://a)](https://b)"),
            ("a[0](x)", "a[0]\\(x)"),
            ("`a\n`<img src=x>`", "\\`a\n`<img src=x>`"),
            ("\\`<img src=x>`", "\\`\\<img src=x>\\`"),
            ("``a`<img>``", "``a`<img>``"),
            ("```html\n<img>\n```\n<img>", "```html\n<img>\n```\n\\<img>"),
            ("    ```\n<img>", "    ```\n\\<img>"),
            ("- ```\n<img> `<img>`", "- ```\n\\<img> `\\<img>`"),
            ("~~~~\n~~~\n<img>\n~~~~\n<img>", "~~~~\n~~~\n<img>\n~~~~\n\\<img>"),
            ("``` `\n<img>", "\\`\\`\\` \\`\n\\<img>"),
            ("\u{F0000}0\u{F0001}<img>", "\u{FFFD}0\u{FFFD}\\<img>"),
        ];
        for (text, expected) in table {
            assert_eq!(source(text), expected, "{text}");
        }
    }

    #[test]
    fn what_the_vault_holds_is_shown() {
        let address = || "file:///v/a.png".to_owned();
        let to = || Inline::Destination { written: "a.png".to_owned(), address: address() };
        let part = |text: &str| Inline::Source(text.to_owned());
        let image = [part("![x]("), to(), part(") [y]("), to(), part(")")];
        assert_eq!(safe_markdown(&image, false), "![x](file:///v/a.png) [y](file:///v/a.png)");
        // The alternative text of one image holds the link.
        let nested = [part("![a [b]("), to(), part(") c](https://evil)")];
        assert_eq!(safe_markdown(&nested, false), "[a [b](file:///v/a.png) c](https://evil)");
        let link = Inline::Link { text: "A".to_owned(), address: address() };
        assert_eq!(safe_markdown(&[part("see "), link], false), "see [A](file:///v/a.png)");
    }

    #[test]
    fn images_of_the_web_are_shown_if_they_are_wanted() {
        let shown = |text: &str| safe_markdown(&[Inline::Source(text.to_owned())], true);
        assert_eq!(shown("![x](https://a.b/c.png)"), "![x](https://a.b/c.png)");
        assert_eq!(shown("![x](data:image/png;base64,x)"), "[x]\\(data:image/png;base64,x)");
    }
}
