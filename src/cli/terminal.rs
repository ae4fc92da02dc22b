//! What reaches the terminal: text of a vault only without characters that a terminal would obey or hide, and
//! colours only where they are wanted.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, Write};

use anstyle::{AnsiColor, Style};

/// Commands, paths: what the eye should find.
pub(super) const STRONG: Style = Style::new().bold();
/// Times and other side remarks.
pub(super) const FAINT: Style = Style::new().dimmed();
/// What is well.
pub(super) const GOOD: Style = AnsiColor::Green.on_default().bold();
/// What is not.
pub(super) const BAD: Style = AnsiColor::Red.on_default().bold();
/// What may be well.
pub(super) const DOUBTFUL: Style = AnsiColor::Yellow.on_default().bold();
/// What is worth knowing.
pub(super) const NOTABLE: Style = AnsiColor::Cyan.on_default().bold();

/// A text in a style, to be written to a stream that takes the style out again where colours are not wanted.
pub(super) fn painted(style: Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
}

/// The text with everything that a terminal would obey or not show as `\u{…}`: control characters, marks that
/// turn the direction of writing, invisible characters. Line breaks and tabs are control characters too.
pub(super) fn escape(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    let mut before = None;
    for char in text.chars() {
        push_escaped(&mut out, char, before);
        before = Some(char);
    }
    if out.len() == text.len() { Cow::Borrowed(text) } else { Cow::Owned(out) }
}

/// Adds a character to an escaped text; `before` is the one before it.
pub(super) fn push_escaped(out: &mut String, char: char, before: Option<char>) {
    // Joiners and selectors are part of what an emoji or a letter looks like, but nothing after anything
    // else.
    let belongs = is_joiner(char)
        && before.is_some_and(|before| !before.is_ascii() && !is_hidden(before) && !is_joiner(before));
    if is_hidden(char) || is_joiner(char) && !belongs {
        // Writing to a string never fails.
        let _ = write!(out, "\\u{{{:x}}}", u32::from(char));
    } else {
        out.push(char);
    }
}

/// Zero-width joiner, non-joiner and the selectors of text and emoji form.
fn is_joiner(char: char) -> bool {
    matches!(char, '\u{200C}' | '\u{200D}' | '\u{FE0E}' | '\u{FE0F}')
}

/// Characters of the classes Cc, Cf (but for the joiners), Zl and Zp, private and unassigned ones that carry
/// orders, and those that `Default_Ignorable_Code_Point` names (Unicode, DerivedCoreProperties).
pub(super) fn is_hidden(char: char) -> bool {
    char.is_control()
        || matches!(char,
            '\u{AD}' | '\u{34F}' | '\u{600}'..='\u{605}' | '\u{61C}' | '\u{6DD}' | '\u{70F}' | '\u{8E2}'
            | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}'
            | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
            | '\u{3164}' | '\u{FE00}'..='\u{FE0D}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}'
            | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}')
}

/// The first characters of an escaped text, `…` if there are more.
pub(super) fn shortened(text: &str, characters: usize) -> String {
    match text.char_indices().nth(characters) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default().trim_end()),
        None => text.to_owned(),
    }
}

/// Whether an error of writing only says that nobody reads on, as with `| head`.
pub(super) fn is_closed_pipe(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::BrokenPipe
}

/// Says on stderr why a command could not run.
pub(super) fn complain(message: &str) {
    // Without a stderr there is nobody left to tell.
    let _ = writeln!(anstream::stderr().lock(), "{} {}", painted(BAD, "error:"), escape(message));
}

/// Says on stderr what should be known besides.
pub(super) fn warn(message: &str) {
    let _ = writeln!(anstream::stderr().lock(), "{} {}", painted(DOUBTFUL, "warning:"), escape(message));
}

/// Says on stderr what was done.
pub(super) fn tell(message: &str) {
    let _ = writeln!(anstream::stderr().lock(), "{}", escape(message));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_a_terminal_obeys_or_hides_gets_through() {
        let cases = [
            ("a\x1b[31mb", "a\\u{1b}[31mb"),
            ("\u{2068}cleo\u{2069}", "\\u{2068}cleo\\u{2069}"),
            ("a\r\n\tb\u{9b}c\u{7f}", "a\\u{d}\\u{a}\\u{9}b\\u{9b}c\\u{7f}"),
            ("a\u{202e}b\u{feff}c\u{e0041}", "a\\u{202e}b\\u{feff}c\\u{e0041}"),
            ("a\u{200d}b\u{200b}", "a\\u{200d}b\\u{200b}"),
        ];
        for (text, shown) in cases {
            assert_eq!(escape(text), shown);
        }
    }

    #[test]
    fn what_people_write_stays_as_it_is() {
        for text in ["plain [[link]] \\ ~", "é 日本語 שלום", "👩\u{200d}👩 ❤\u{fe0f}", "می\u{200c}خواهم"]
        {
            assert_eq!(escape(text), text);
        }
    }
}
