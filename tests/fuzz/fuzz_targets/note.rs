//! Any bytes are a note, and each part of it lies within the text.

#![no_main]

use libfuzzer_sys::fuzz_target;
use vaultls::vault::Note;

fuzz_target!(|bytes: &[u8]| {
    let note = Note::from_bytes(bytes);
    let parsed = &note.parsed;
    let spans = parsed
        .links
        .iter()
        .flat_map(|link| [Some(link.span), Some(link.target), link.fragment, link.display]);
    let others = parsed.headings.iter().map(|heading| heading.span);
    let others = others.chain(parsed.timestamps.iter().map(|timestamp| timestamp.span));
    let others = others.chain(parsed.blocks.iter().flat_map(|block| [block.span, block.id]));
    for span in spans.flatten().chain(others) {
        assert!(span.start <= span.end && span.end <= note.text.end());
        assert_eq!(note.slice(span).len(), span.len(), "a span starts or ends within a character");
    }
});
