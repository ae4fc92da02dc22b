//! Draws broken links of a vault and shows what each may have meant, to be judged by a person:
//! `cargo run --release --example nearest -- FOLDER SEED COUNT`.

use std::error::Error;
use std::io::Write;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use vaultls::cli::load;
use vaultls::ide;
use vaultls::vault::{Cancel, LinkRef, Resolution, Snapshot};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, seed, count] = arguments.as_slice() else {
        return Err("usage: nearest FOLDER SEED COUNT".into());
    };
    let vault = load(&PathBuf::from(folder), &|_| {})?.vault;
    let mut broken = broken_links(&vault);
    let all = broken.len();
    shuffle(&mut broken, seed.parse()?);
    broken.truncate(count.parse()?);
    let mut out = std::io::stdout().lock();
    let mut times = Vec::new();
    let mut helped = 0;
    for (index, LinkRef { source, link }) in broken.iter().enumerate() {
        let target = source.note.slice(link.target);
        let start = Instant::now();
        let nearest = ide::suggest_files(&vault, source, &target, &Cancel::new()).unwrap_or_default();
        times.push(start.elapsed());
        helped += usize::from(!nearest.is_empty());
        writeln!(out, "{}. [[{target}]] in {}", index + 1, source.path)?;
        for near in nearest.iter().take(3) {
            let path = vault.file(near.file).map(|file| file.path.as_str()).unwrap_or_default();
            writeln!(out, "      {:.2} {path}", near.likeness)?;
        }
    }
    times.sort_unstable();
    let middle = times.get(times.len() / 2).copied().unwrap_or_default();
    let worst = times.last().copied().unwrap_or(Duration::ZERO);
    writeln!(out, "{helped} of {} with a suggestion; {all} broken links in all", broken.len())?;
    writeln!(out, "time for one: median {middle:.2?}, worst {worst:.2?}")?;
    Ok(())
}

/// All links to nothing, by note and place.
fn broken_links(vault: &Snapshot) -> Vec<LinkRef<'_>> {
    let mut notes: Vec<_> = vault.notes().collect();
    notes.sort_by_key(|note| note.path);
    let links = notes.into_iter().flat_map(|source| {
        let links = source.note.parsed.links.iter();
        links.map(move |link| LinkRef { source, link })
    });
    links.filter(|link| vault.resolve(&link.source, link.link) == Resolution::Missing).collect()
}

/// Fisher and Yates, with the numbers of SplitMix64.
fn shuffle<T>(items: &mut [T], seed: u64) {
    let mut state = seed;
    for last in (1..items.len()).rev() {
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut number = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        number = (number ^ (number >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        let choice = (number ^ (number >> 31)) % (last as u64 + 1);
        items.swap(last, usize::try_from(choice).unwrap_or(last));
    }
}
