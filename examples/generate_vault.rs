//! Writes a generated vault to disk, to measure on or to look at:
//! `cargo run --release --example generate_vault -- FOLDER NOTES [SEED]`.

use std::error::Error;
use std::io::Write;
use std::path::PathBuf;

#[allow(dead_code, reason = "shared with the benchmarks, which use other parts of it")]
#[path = "../benches/support/generated_vault.rs"]
mod generated_vault;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(folder), Some(notes)) = (arguments.next(), arguments.next()) else {
        return Err("usage: generate_vault FOLDER NOTES [SEED]".into());
    };
    let seed = arguments.next().map_or(Ok(generated_vault::DEFAULT_SEED), |seed| seed.parse())?;
    let folder = PathBuf::from(folder);
    let notes = notes.parse()?;
    let bytes = generated_vault::write_to(&folder, notes, seed)?;
    writeln!(std::io::stdout(), "{notes} notes, {bytes} bytes in {}", folder.display())?;
    Ok(())
}
