//! Recovery of invalid front matter, line by line: `key: value`, and the `- items` below a key. It suffices
//! for most of it, such as `title: Dune: the book`, which is not YAML.

use std::ops::Range;

use crate::text::Span;

use super::super::parsed::Scalar;
use super::super::source::Source;
use super::{Found, Value};

/// Takes the values that can be recovered.
pub(super) fn recover(source: Source<'_>, content: Span, found: &mut Found) {
    let mut key = "";
    let mut items: Vec<Scalar> = Vec::new();
    let mut line = content.start.to_usize();
    let end = content.end.to_usize();
    while line < end {
        let line_end = source.line_end(line).min(end);
        let range = line..line_end;
        line = line_end + 1;
        if let Some(item) = read_item(source, range.clone()) {
            items.extend(read_scalar(source, item));
            continue;
        }
        let Some((next_key, value)) = read_key(source, range) else {
            continue;
        };
        take_items(source, key, &mut items, found);
        key = next_key;
        match read_value(source, value) {
            Value::Null => {}
            value => {
                found.take(source, key, value);
                key = "";
            }
        }
    }
    take_items(source, key, &mut items, found);
}

fn take_items(source: Source<'_>, key: &str, items: &mut Vec<Scalar>, found: &mut Found) {
    let items = std::mem::take(items);
    if !items.is_empty() {
        found.take(source, key, Value::List(items));
    }
}

/// Returns the item after `- `.
fn read_item(source: Source<'_>, line: Range<usize>) -> Option<Range<usize>> {
    let text = source.slice(line.clone());
    let item = text.trim_start().strip_prefix("- ")?;
    Some(line.end - item.len()..line.end)
}

/// Reads `key: value` at the start of a line.
fn read_key(source: Source<'_>, line: Range<usize>) -> Option<(&str, Range<usize>)> {
    let colon = source.find(b':', line.clone())?;
    let key = source.slice(line.start..colon);
    let is_key = key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    let is_apart = colon + 1 == line.end || matches!(source.byte(colon + 1), Some(b' ' | b'\t'));
    (is_key && is_apart).then_some((key, colon + 1..line.end))
}

fn read_value(source: Source<'_>, range: Range<usize>) -> Value {
    let range = source.trim(range);
    let text = source.slice(range.clone());
    if let Some(list) = text.strip_prefix('[').filter(|list| !list.starts_with('[')) {
        let mut at = range.start + 1;
        let mut items = Vec::new();
        for item in list.strip_suffix(']').unwrap_or(list).split(',') {
            items.extend(read_scalar(source, at..at + item.len()));
            at += item.len() + 1;
        }
        return if items.is_empty() { Value::Null } else { Value::List(items) };
    }
    read_scalar(source, range).map_or(Value::Null, Value::Scalar)
}

/// Returns a value without its quotes; `None` if it is empty.
fn read_scalar(source: Source<'_>, range: Range<usize>) -> Option<Scalar> {
    let mut range = source.trim(range);
    if let Some(quote @ (b'"' | b'\'')) = source.byte(range.start).filter(|_| !range.is_empty()) {
        range.start += 1;
        if range.start < range.end && source.byte_before(range.end) == Some(quote) {
            range.end -= 1;
        }
    }
    let value = source.slice(range.clone());
    (!value.is_empty() && value != "~" && value != "null")
        .then(|| Scalar { span: range.into(), value: value.into() })
}
