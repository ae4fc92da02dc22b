//! The TOML between two lines `+++`, as Hugo and Zola have it. Titles, tags and addresses are read; other
//! texts need not lead anywhere in a vault.

use std::borrow::Cow;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::text::Span;

use super::super::parsed::Scalar;
use super::super::source::Source;
use super::{Found, Value};

/// Takes the values of a table that is TOML; none of any other.
pub(super) fn read(source: Source<'_>, content: Span, found: &mut Found) {
    let Ok(table) = DeTable::parse(source.span(content)) else { return };
    let start = content.start.to_usize();
    for (key, value) in table.get_ref() {
        match (&**key.get_ref(), value.get_ref()) {
            ("title" | "tags" | "slug" | "url", _) => {
                found.take(source, key.get_ref(), value_of(source, start, value));
            }
            ("taxonomies", DeValue::Table(taxonomies)) => {
                let tags = taxonomies.iter().filter(|(key, _)| *key.get_ref() == Cow::Borrowed("tags"));
                tags.for_each(|(key, tags)| found.take(source, key.get_ref(), value_of(source, start, tags)));
            }
            _ => {}
        }
    }
}

fn value_of(source: Source<'_>, start: usize, value: &Spanned<DeValue<'_>>) -> Value {
    let scalar = |value: &Spanned<DeValue<'_>>| {
        let DeValue::String(text) = value.get_ref() else { return None };
        let range = start + value.span().start..start + value.span().end;
        let quotes = if source.starts_with(range.start, b"\"\"\"") || source.starts_with(range.start, b"'''")
        {
            3
        } else {
            1
        };
        let span = Span::new(range.start + quotes, (range.end - quotes).max(range.start + quotes));
        Some(Scalar { span, value: (&**text).into() })
    };
    match value.get_ref() {
        DeValue::Array(items) => {
            let items: Vec<Scalar> = items.iter().filter_map(scalar).collect();
            if items.is_empty() { Value::Null } else { Value::List(items) }
        }
        _ => scalar(value).map_or(Value::Null, Value::Scalar),
    }
}
