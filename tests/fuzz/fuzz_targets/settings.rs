//! Any text is a file with settings, and what is wrong in it has a place in it.

#![no_main]

use libfuzzer_sys::fuzz_target;
use vaultls::disk::{layer_problems, parse_settings};

fuzz_target!(|text: &str| {
    let file = parse_settings(text);
    for problem in &file.problems {
        assert!(problem.span.end.to_usize() <= text.len());
    }
    let _ = layer_problems(&file.layer, &[]);
});
