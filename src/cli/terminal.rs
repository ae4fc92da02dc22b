//! Output to the terminal. Text of a vault is escaped, so that no character of it is interpreted or hidden by
//! the terminal; colours are removed where they are not wanted.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, Write};

use anstyle::{AnsiColor, Style};

use super::exit::Exit;

/// Paths, labels.
pub(super) const STRONG: Style = Style::new().bold();
/// Times and other details.
pub(super) const FAINT: Style = Style::new().dimmed();
/// Success.
pub(super) const SUCCESS: Style = AnsiColor::Green.on_default().bold();
/// Errors.
pub(super) const ERROR: Style = AnsiColor::Red.on_default().bold();
/// Warnings.
pub(super) const WARNING: Style = AnsiColor::Yellow.on_default().bold();
/// Hints.
pub(super) const HINT: Style = AnsiColor::Cyan.on_default().bold();

/// Writes an answer to stdout, without styles where they are not wanted. A reader that stops is no failure.
///
/// # Errors
///
/// Says why it could not be written.
pub(super) fn write_answer(text: &[u8]) -> Result<(), String> {
    match anstream::AutoStream::auto(io::stdout().lock()).write_all(text) {
        Err(error) if !is_closed_pipe(&error) => Err(format!("cannot write the answer: {error}")),
        _ => Ok(()),
    }
}

/// Returns how a command ended whose answer was written, and says why one could not be given.
pub(super) fn exit_of(outcome: Result<Exit, String>) -> Exit {
    outcome.unwrap_or_else(|message| {
        print_error(&message);
        Exit::Failed
    })
}

/// Returns a text in a style, for a stream that removes styles where colours are not wanted.
pub(super) fn painted(style: Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
}

/// Returns the text with characters that a terminal would interpret or hide as `\u{…}`: control characters
/// (line breaks and tabs too), marks of the writing direction, invisible characters.
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
    // Joiners and selectors change the look of an emoji or a letter and mean nothing after other characters.
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

/// Whether a character is of the classes Cc, Cf (without the joiners), Zl or Zp, a tag character, or one of
/// `Default_Ignorable_Code_Point` (Unicode, DerivedCoreProperties).
pub(super) fn is_hidden(char: char) -> bool {
    char.is_control()
        || matches!(char,
            '\u{AD}' | '\u{34F}' | '\u{600}'..='\u{605}' | '\u{61C}' | '\u{6DD}' | '\u{70F}' | '\u{8E2}'
            | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}'
            | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
            | '\u{3164}' | '\u{FE00}'..='\u{FE0D}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}'
            | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}')
}

/// Returns the first characters of an escaped text, with `…` if there are more.
pub(super) fn shortened(text: &str, characters: usize) -> String {
    match text.char_indices().nth(characters) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default().trim_end()),
        None => text.to_owned(),
    }
}

/// Whether a write failed because the reader has closed the pipe, as `head` does.
pub(super) fn is_closed_pipe(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::BrokenPipe
}

/// Writes an error to stderr.
pub(super) fn print_error(message: &str) {
    // If stderr cannot be written to, there is nowhere to report it.
    let _ = writeln!(anstream::stderr().lock(), "{} {}", painted(ERROR, "error:"), escape(message));
}

/// Writes a warning to stderr.
pub(super) fn print_warning(message: &str) {
    let _ = writeln!(anstream::stderr().lock(), "{} {}", painted(WARNING, "warning:"), escape(message));
}

/// Writes a message to stderr.
pub(super) fn print_status(message: &str) {
    let _ = writeln!(anstream::stderr().lock(), "{}", escape(message));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_that_a_terminal_interprets_or_hides_are_escaped() {
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
    fn ordinary_text_is_kept() {
        for text in ["plain [[link]] \\ ~", "é 日本語 שלום", "👩\u{200d}👩 ❤\u{fe0f}", "می\u{200c}خواهم"]
        {
            assert_eq!(escape(text), text);
        }
    }
}
