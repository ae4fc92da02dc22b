//! Clocks and addresses in the text written as timestamps: the one at the cursor, those that are selected,
//! all of the note.

use crate::text::{Offset, Span};

use super::{ActionKind, ActionSubject, Asked, CodeAction};
use crate::ide::change::{ChangeError, ChangeFailure, Edit, VaultChange};
use crate::ide::note::title::shortened;
use crate::ide::timestamps::insert::{named_moments, write_named};
use crate::ide::timestamps::style::TimestampStyle;
use crate::vault::Cancelled;

/// The clock or address at the cursor and, if it is not the only one, all of the note; or those that are
/// selected.
pub(super) fn offer(asked: &Asked<'_>, offers: &mut Vec<CodeAction>) -> Result<(), Cancelled> {
    let mut add = |title: String, within| {
        offers.push(CodeAction::new(ActionKind::Rewrite, title, ActionSubject::WriteTimestamps { within }));
    };
    if !asked.span.is_empty() {
        match written(asked, asked.span)?.as_slice() {
            [] => {}
            [_] => add("Convert selected clock to a timestamp".to_owned(), asked.span),
            all => {
                add(format!("Convert {} selected clocks to timestamps", all.len()), asked.span);
            }
        }
        return Ok(());
    }
    let text = &asked.source.note.text;
    let line = text.line(text.line_of(asked.span.start)).unwrap_or(asked.span);
    let named = named_moments(&asked.source, line);
    let Some(named) = named.into_iter().find(|named| asked.is_at(named.span)) else { return Ok(()) };
    if written(asked, named.span)?.is_empty() {
        return Ok(());
    }
    let shown = asked.source.note.slice(named.span);
    add(format!("Convert `{}` to a timestamp", shortened(&shown)), named.span);
    let all = Span::between(Offset::ZERO, text.end());
    let count = written(asked, all)?.len();
    if count > 1 {
        add(format!("Convert all {count} clocks in this note to timestamps"), all);
    }
    Ok(())
}

/// Writes what names moments within a stretch as timestamps.
pub(super) fn resolve(asked: &Asked<'_>, within: Span) -> Result<VaultChange, ChangeFailure> {
    let edits = written(asked, within)?;
    if edits.is_empty() {
        return Err(ChangeError::Gone.into());
    }
    Ok(VaultChange::in_note(asked.source.id, edits))
}

fn written(asked: &Asked<'_>, within: Span) -> Result<Vec<Edit>, Cancelled> {
    let named = named_moments(&asked.source, within);
    let Some(first) = named.first() else { return Ok(Vec::new()) };
    let style = TimestampStyle::of(asked.vault, &asked.source, first.span.start, asked.cancel)?;
    Ok(write_named(&asked.source, &style, &named))
}
