//! One letter typed: the edit on the rope, the writer's work, and the new snapshot, in vaults of two sizes.

#![allow(missing_docs, reason = "criterion's macros write public functions")]
#![allow(clippy::expect_used, reason = "a benchmark without its vault has nothing to measure")]

mod support;

use std::hint::black_box;

use criterion::{BenchmarkGroup, Criterion, criterion_group, criterion_main, measurement::WallTime};
use vaultls::text::{Span, Text};
use vaultls::vault::{Change, VaultPath, VaultWriter};

use support::generated_vault::{DEFAULT_SEED, typical_note};

fn keystrokes(criterion: &mut Criterion) {
    for notes in [3_600, 21_000] {
        let mut writer = support::vault_in_memory(support::size(notes));
        let path = VaultPath::resolve("", "typed/in.md").expect("a path");
        let text = Text::from(typical_note(DEFAULT_SEED).as_str());
        writer.apply(Change::Opened { path: path.clone(), text: text.clone() });
        let mut group = criterion.benchmark_group(format!("keystroke/{notes} notes"));
        let mut in_sentence = text.clone();
        in_sentence.replace(Span::empty(text.end()), "\n\nA sentence that grows lette and loses it");
        typing(&mut group, "in a sentence", &mut writer, &path, &in_sentence, "r and loses it");
        let mut in_link = text.clone();
        in_link.replace(Span::empty(text.end()), "\n\nA link [[to_some_not]] that grows");
        typing(&mut group, "in a link", &mut writer, &path, &in_link, "]] that grows");
        let mut in_heading = text.clone();
        in_heading.replace(Span::empty(text.end()), "\n\n## A headin");
        typing(&mut group, "in a heading", &mut writer, &path, &in_heading, "");
        group.finish();
    }
}

/// Types a letter before `rest`, the end of the text, and takes it back with the next stroke.
fn typing(
    group: &mut BenchmarkGroup<'_, WallTime>,
    name: &str,
    writer: &mut VaultWriter,
    path: &VaultPath,
    text: &Text,
    rest: &str,
) {
    let mut current = text.clone();
    let at = text.len() - rest.len();
    let mut is_typed = false;
    writer.apply(Change::Edited { path: path.clone(), text: current.clone() });
    group.bench_function(name, |bencher| {
        bencher.iter(|| {
            let (span, letter) =
                if is_typed { (Span::new(at, at + 1), "") } else { (Span::new(at, at), "e") };
            is_typed = !is_typed;
            current.replace(span, letter);
            let applied = writer.apply(Change::Edited { path: path.clone(), text: current.clone() });
            black_box((applied, writer.snapshot()))
        });
    });
}

criterion_group!(benches, keystrokes);
criterion_main!(benches);
