//! Any text between two lines of dashes is a front matter.

#![no_main]

use libfuzzer_sys::fuzz_target;
use vaultls::vault::Note;

fuzz_target!(|text: &str| {
    for fence in ["---", "+++"] {
        let note = Note::new(&format!("{fence}\n{text}\n{fence}\n# Title\n"));
        if let Some(front_matter) = &note.parsed.front_matter {
            assert!(front_matter.span.end <= note.text.end());
            let aliases = front_matter.aliases.iter();
            assert!(aliases.map(|alias| alias.span).all(|span| front_matter.span.covers(span)));
        }
    }
});
