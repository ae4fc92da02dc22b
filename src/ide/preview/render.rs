//! Previews as Markdown and as plain text.

use super::safe::safe_markdown;
use super::{Block, Excerpt, Inline, Preview};

impl Preview {
    /// Writes the preview as Markdown that any client can render, and that makes none run or load anything.
    pub fn markdown(&self) -> String {
        self.write("\n\n---\n\n", Inline::write_markdown, |excerpt, out| {
            out.push_str(&safe_markdown(&excerpt.inlines, excerpt.remote_images));
            close_fence(out);
        })
    }

    /// Writes the preview as plain text: links are the words that they show, and parts of notes stand as they
    /// are written.
    pub fn plain_text(&self) -> String {
        let write = |inline: &Inline, out: &mut String| out.push_str(inline.plain_text());
        self.write("\n\n", write, |excerpt, out| {
            out.extend(excerpt.inlines.iter().map(Inline::plain_text));
        })
    }

    fn write(
        &self,
        before_excerpt: &str,
        write: impl Fn(&Inline, &mut String),
        write_excerpt: impl Fn(&Excerpt, &mut String),
    ) -> String {
        let mut out = String::new();
        for block in &self.blocks {
            let separator = match block {
                Block::Paragraph(_) => "\n\n",
                Block::List(_) => "\n",
                Block::Excerpt(_) => before_excerpt,
            };
            if !out.is_empty() {
                out.push_str(separator);
            }
            match block {
                Block::Paragraph(inlines) => inlines.iter().for_each(|inline| write(inline, &mut out)),
                Block::Excerpt(excerpt) => {
                    let mut written = String::new();
                    write_excerpt(excerpt, &mut written);
                    out.push_str(&written);
                }
                Block::List(items) => {
                    for (index, item) in items.iter().enumerate() {
                        out.push_str(if index == 0 { "- " } else { "\n- " });
                        item.iter().for_each(|inline| write(inline, &mut out));
                    }
                }
            }
        }
        out
    }
}

impl Inline {
    pub(super) fn write_markdown(&self, out: &mut String) {
        match self {
            Inline::Text(text) => out.push_str(&escape(text)),
            Inline::Strong(text) => out.extend(["**", &escape(text), "**"]),
            Inline::Code(text) => out.extend(["`", &code(text), "`"]),
            Inline::Link { text, address } => out.extend(["[", &escape(text), "](", address, ")"]),
            Inline::Image { text, address } => out.extend(["![", &escape(text), "](", address, ")"]),
            Inline::Source(markdown) => out.push_str(markdown),
            Inline::Destination { address, .. } => out.push_str(address),
        }
    }

    fn plain_text(&self) -> &str {
        match self {
            Inline::Text(text) | Inline::Strong(text) | Inline::Code(text) | Inline::Source(text) => text,
            Inline::Link { text, .. } | Inline::Image { text, .. } => text,
            Inline::Destination { written, .. } => written,
        }
    }
}

/// Escapes what would be markup. A `_` within a word is none (CommonMark, "Emphasis") and is left alone for
/// the sake of editors that show the source.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut before = ' ';
    let mut chars = text.chars().peekable();
    while let Some(char) = chars.next() {
        let mut is_within_word =
            || before.is_alphanumeric() && chars.peek().is_some_and(|after| after.is_alphanumeric());
        let is_markup = match char {
            '_' => !is_within_word(),
            _ => matches!(char, '\\' | '`' | '*' | '[' | ']' | '<' | '>' | '|' | '#' | '~' | '&' | '$'),
        };
        if is_markup {
            out.push('\\');
        }
        out.push(if char.is_control() { ' ' } else { char });
        before = char;
    }
    out
}

/// A text that may stand between single backticks.
fn code(text: &str) -> String {
    text.chars().map(|char| if char == '`' || char.is_control() { '\'' } else { char }).collect()
}

/// Closes a code fence that is open at the end.
fn close_fence(text: &mut String) {
    let mut open: Option<&str> = None;
    for line in text.lines().map(str::trim_start) {
        let fence = ["```", "~~~"].into_iter().find(|fence| line.starts_with(fence));
        open = match (open, fence) {
            (None, fence) => fence,
            (Some(open), Some(fence)) if open == fence => None,
            (open, _) => open,
        };
    }
    if let Some(fence) = open {
        text.push('\n');
        text.push_str(fence);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_piece_is_markdown_or_plain_text() {
        let address = || "file:///v/a.md".to_owned();
        let table = [
            (
                Inline::text("a *b* snake_case _x_ #t"),
                r"a \*b\* snake_case \_x\_ \#t",
                "a *b* snake_case _x_ #t",
            ),
            (Inline::Strong("[x]".to_owned()), r"**\[x\]**", "[x]"),
            (Inline::Code("a`b*".to_owned()), "`a'b*`", "a`b*"),
            (Inline::Link { text: "A_".to_owned(), address: address() }, r"[A\_](file:///v/a.md)", "A_"),
            (
                Inline::Image { text: "p.png".to_owned(), address: address() },
                "![p.png](file:///v/a.md)",
                "p.png",
            ),
            (Inline::Source("**as** `it` is".to_owned()), "**as** `it` is", "**as** `it` is"),
            (
                Inline::Destination { written: "a.md".to_owned(), address: address() },
                "file:///v/a.md",
                "a.md",
            ),
        ];
        for (inline, markdown, plain) in table {
            let mut preview = Preview::default();
            preview.paragraph([inline]);
            assert_eq!((preview.markdown().as_str(), preview.plain_text().as_str()), (markdown, plain));
        }
    }

    #[test]
    fn blocks_stand_apart_and_a_list_below_its_paragraph() {
        let mut preview = Preview::default();
        preview.paragraph([Inline::Strong("Title".to_owned())]);
        preview.paragraph([Inline::text("Two:")]);
        preview.list(vec![vec![Inline::text("one")], vec![Inline::text("two")]]);
        let inlines = vec![Inline::Source("```rust\nopen".to_owned())];
        preview.excerpt(Some(Excerpt { inlines, remote_images: false }));
        assert_eq!(preview.markdown(), "**Title**\n\nTwo:\n- one\n- two\n\n---\n\n```rust\nopen\n```");
        assert_eq!(preview.plain_text(), "Title\n\nTwo:\n- one\n- two\n\n```rust\nopen");
    }
}
