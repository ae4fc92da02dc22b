//! Reading one note, against a bare pass of the Markdown parser over the same text.

#![allow(missing_docs, reason = "criterion's macros write public functions")]

mod support;

use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use pulldown_cmark::{Options, Parser};
use vaultls::syntax::parse;
use vaultls::vault::Note;

use support::generated_vault::{DEFAULT_SEED, note_of, typical_note};

fn notes(criterion: &mut Criterion) {
    let texts = [("6 KB", typical_note(DEFAULT_SEED)), ("1 MB", note_of(1 << 20, DEFAULT_SEED))];
    for (name, text) in &texts {
        let mut group = criterion.benchmark_group(format!("parse/{name}"));
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function("vaultls", |bencher| bencher.iter(|| parse(black_box(text))));
        group.bench_function("with names and rope", |bencher| bencher.iter(|| Note::new(black_box(text))));
        group.bench_function("pulldown-cmark alone", |bencher| {
            let options = Options::ENABLE_TABLES
                | Options::ENABLE_FOOTNOTES
                | Options::ENABLE_STRIKETHROUGH
                | Options::ENABLE_TASKLISTS;
            bencher.iter(|| Parser::new_ext(black_box(text), options).into_offset_iter().count());
        });
        group.finish();
    }
}

/// What is repeated on one line, to find what is read in the square of its length.
const REPEATED: &[&str] = &[
    "[[",
    "[[a|[",
    "[[a ",
    "<a ",
    "<a class=\"yt-timestamp\" ",
    "<a class='yt-timestamp' data-t=\"",
    "yt-timestamp",
    "`",
    "`` ` ",
    "$",
    "%%",
    "<!--",
    "[^",
    "#",
    "^",
    "](",
    "[1:55",
    "://",
    "http://a",
    "\\",
    "[a][b]",
    "- ",
    "> ",
    "a ^b\n",
    "[a]: b\n",
    "]:",
    "# [[a]]\n",
    "<b x='",
];

/// The throughput of a long line must not fall as the line grows.
fn long_lines(criterion: &mut Criterion) {
    for piece in REPEATED {
        let mut group = criterion.benchmark_group(format!("parse/repeated {piece:?}"));
        group
            .sample_size(10)
            .warm_up_time(Duration::from_millis(100))
            .measurement_time(Duration::from_millis(500));
        for bytes in [30_000, 300_000] {
            let text = format!("---\nvideoId: x\n---\n{}", piece.repeat(bytes / piece.len()));
            group.throughput(Throughput::Bytes(text.len() as u64));
            group
                .bench_function(format!("{bytes} bytes"), |bencher| bencher.iter(|| parse(black_box(&text))));
        }
        group.finish();
    }
}

criterion_group!(benches, notes, long_lines);
criterion_main!(benches);
