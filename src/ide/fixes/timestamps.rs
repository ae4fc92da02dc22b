//! Timestamps that name no moment, two moments, or one that the video does not have.

use crate::syntax::TimestampForm;
use crate::vault::{Cancelled, Code};

use super::super::change::Edit;
use super::Broken;

pub(super) fn fix(broken: &mut Broken<'_>) -> Result<(), Cancelled> {
    broken.cancel.check()?;
    if broken.finding.code == Code::TimestampEmptyLabel {
        broken.write_label();
    }
    Ok(())
}

impl Broken<'_> {
    /// `[00:01:55]` where the reader has nothing to click on.
    fn write_label(&mut self) {
        let source = self.source;
        let mut timestamps = source.note.parsed.timestamps.iter();
        let Some(timestamp) = timestamps.find(|one| one.span == self.finding.span) else { return };
        let parts = timestamp.parts(&source.note.slice(timestamp.span));
        let Some((moment, label)) = timestamp.moment.zip(parts.label) else { return };
        let clock = match timestamp.form {
            TimestampForm::Tag | TimestampForm::WrappedTag => format!("[{}]", moment.clock()),
            TimestampForm::VideoLink | TimestampForm::Bare => moment.clock(),
        };
        self.add(format!("Show `{clock}`"), vec![Edit::replace(label, clock)], true);
    }
}
