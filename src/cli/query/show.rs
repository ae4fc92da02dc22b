//! Output formats of an answer.

use serde_json::{Map, Value};

use crate::cli::place::{escape_json, range_object};
use crate::cli::terminal::{FAINT, escape, painted, shortened};

use super::ask::Found;

/// The maximum number of characters of a line.
const MAX_CHARACTERS: usize = 160;

/// Returns a line for each item: `path:line:column: ` and its fields. Markdown is written as it is.
pub(super) fn lines(found: &[Found], prefix: &str) -> String {
    found.iter().map(|found| line(found, prefix)).collect()
}

fn line(found: &Found, prefix: &str) -> String {
    if let [("markdown", text)] = found.fields.as_slice() {
        return text.lines().map(|line| format!("{}\n", escape(line))).collect();
    }
    let place = found.place.as_ref().map(|place| {
        let start = place.range().start;
        format!("{}{}:{}:{}:", escape(prefix), escape(&place.path), start.line + 1, start.column + 1)
    });
    let fields = found.fields.iter().map(|(_, text)| text.as_str()).filter(|text| !text.is_empty());
    let text = escape(&fields.collect::<Vec<_>>().join("  ")).into_owned();
    format!("{} {}\n", painted(FAINT, &place.unwrap_or_default()), shortened(&text, MAX_CHARACTERS))
}

/// Returns an array with an object for each item: its fields, `path` and `range`.
pub(super) fn json(found: &[Found]) -> String {
    let object = |found: &Found| {
        let mut object: Map<String, Value> = found
            .fields
            .iter()
            .map(|(name, text)| ((*name).to_owned(), Value::from(text.as_str())))
            .collect();
        if let Some(place) = &found.place {
            object.insert("path".to_owned(), Value::from(place.path.as_str()));
            object.insert("range".to_owned(), range_object(place));
        }
        format!("\n{}", Value::from(object))
    };
    let objects: Vec<String> = found.iter().map(object).collect();
    escape_json(&format!("[{}]\n", objects.join(",")))
}
