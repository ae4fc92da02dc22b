//! Timestamps whose units may have slipped as those of others in the note have.

use super::super::prelude::*;
use super::shift::{of_the_others, shift};

rule! {
    /// The units of other timestamps in the note are shifted, and those of this one may be as well.
    ///
    /// The video may have the moment, though neither its duration nor its other notes show that it does; but
    /// the units of at least three other timestamps of the note are shifted, and those are half of all that
    /// have hours. Or the length of the video is unknown, and nine of ten timestamps from an hour on are full
    /// minutes, up to three hours or more. Only a hint: `01:10:00` in such a note may be right. The fix reads
    /// it as minutes and seconds, here or in the whole note.
    ///
    /// Example:
    ///
    /// ```markdown
    /// ---
    /// videoId: Rxmv7rT9leo
    /// ---
    /// [1:10:00] [1:25:00] [2:05:00] [2:40:00] [3:15:00]
    /// ```
    ///
    /// After the fix *Change to 1:10 (minutes and seconds)*:
    ///
    /// ```markdown
    /// ---
    /// videoId: Rxmv7rT9leo
    /// ---
    /// [0:01:10] [1:25:00] [2:05:00] [2:40:00] [3:15:00]
    /// ```
    "timestamp/slipped-units", Some(Severity::Hint), requires: Requires::Vault, is_about_timestamp: true
}

fn check<'a>(note: &NoteContext<'a>, findings: &mut Findings<'a>) -> Result<(), Cancelled> {
    for timestamp in note.timestamps()? {
        let Verdict::MayHaveSlipped(slipped) = timestamp.verdict else { continue };
        let Some(moment) = timestamp.timestamp.moment() else { continue };
        let plausibility = note.plausibility()?;
        let why = if plausibility.past > 0 {
            of_the_others(plausibility)
        } else {
            "; nearly all timestamps in this note from an hour on are full minutes".to_owned()
        };
        let message = format!("{moment} may mean {} (minutes and seconds){why}", slipped.meant);
        let finding = Finding::new(timestamp.value_span(), message);
        findings.push(finding.fixed_by(move |fixes| shift(&timestamp, slipped, fixes)));
    }
    Ok(())
}
