//! Edits of a rope are edits of a string.

#![no_main]

use libfuzzer_sys::fuzz_target;
use vaultls::text::{Encoding, Span, Text};

fuzz_target!(|edits: Vec<(u16, u8, String)>| {
    let mut string = String::new();
    let mut text = Text::from("");
    for (at, length, new) in edits {
        let boundary = |at: usize| (0..=at.min(string.len())).rev().find(|at| string.is_char_boundary(*at));
        let start = boundary(usize::from(at)).unwrap_or_default();
        let end = boundary(start + usize::from(length)).unwrap_or(start).max(start);
        text.replace(Span::new(start, end), &new);
        string.replace_range(start..end, &new);
        assert_eq!(text.to_text(), string);
        for encoding in [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32] {
            let range = text.range(Span::new(start, start + new.len()), encoding);
            assert_eq!(range.start, text.position(Span::new(start, start).start, encoding));
        }
    }
});
