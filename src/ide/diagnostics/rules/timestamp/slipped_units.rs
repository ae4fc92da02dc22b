//! Timestamps whose units may have slipped as those of others in the note have.

use crate::config::{RuleSpec, Severity};
use crate::syntax::Moment;
use crate::vault::Cancelled;

use super::super::rule;
use super::shift::{of_the_others, shift};
use crate::ide::diagnostics::context::{NoteContext, ReadTimestamp};
use crate::ide::diagnostics::fix::FixContext;
use crate::ide::diagnostics::{Example, Finding, Findings, Requires};
use crate::ide::timestamps::plausibility::{Slipped, Verdict};

rule! {
    /// The video may have the moment, though neither its duration nor its other notes show that it does; but
    /// the units of at least three other timestamps of the note are shifted, and those are half of all that
    /// have hours. Or the length of the video is unknown, and nine of ten timestamps from an hour on are full
    /// minutes, up to three hours or more.
    ///
    /// Only a hint: `01:10:00` in such a note may be right. The fix reads it as minutes and seconds, here or
    /// in the whole note.
    spec: RuleSpec::new(
        "timestamp/slipped-units",
        Some(Severity::Hint),
        "The units of other timestamps in the note are shifted, and those of this one may be as well.",
    ),
    requires: Requires::Vault,
    is_about_timestamp: true,
    check: check,
    examples: &[Example {
        files: "---\nvideoId: Rxmv7rT9leo\n---\n[1:10:00] [1:25:00] [2:05:00] [2:40:00] [3:15:00]\n",
        fix: Some((
            "Change to 1:10 (minutes and seconds)",
            "---\nvideoId: Rxmv7rT9leo\n---\n[0:01:10] [1:25:00] [2:05:00] [2:40:00] [3:15:00]\n",
        )),
    }],
}

fn check<'a>(note: &NoteContext<'a>, findings: &mut Findings<'a>) -> Result<(), Cancelled> {
    for timestamp in note.timestamps()? {
        if let (Some(moment), Verdict::MayHaveSlipped(slipped)) =
            (timestamp.timestamp.moment, timestamp.verdict)
        {
            let evidence = note.evidence()?;
            let why = if evidence.past > 0 {
                of_the_others(evidence)
            } else {
                "; nearly all timestamps in this note from an hour on are full minutes".to_owned()
            };
            let timestamp = timestamp.clone();
            findings.add(timestamp.value_span(), SlippedUnits { timestamp, moment, slipped, why });
        }
    }
    Ok(())
}

struct SlippedUnits<'a> {
    timestamp: ReadTimestamp<'a>,
    moment: Moment,
    slipped: Slipped,
    why: String,
}

impl Finding for SlippedUnits<'_> {
    fn message(&self, _note: &NoteContext<'_>) -> String {
        format!("{} may mean {} (minutes and seconds){}", self.moment, self.slipped.meant, self.why)
    }

    fn fix(&self, fixes: &mut FixContext<'_, '_>) -> Result<(), Cancelled> {
        shift(&self.timestamp, self.slipped, fixes)
    }
}
