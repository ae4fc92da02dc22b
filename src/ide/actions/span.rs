//! Spans as they travel to the client and back with an action: `[start, end]` in bytes.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::text::Span;

impl Serialize for Span {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (self.start.to_usize(), self.end.to_usize()).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Span, D::Error> {
        let (start, end) = Deserialize::deserialize(deserializer)?;
        Ok(Span::new(start, end))
    }
}
