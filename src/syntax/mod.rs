//! From the text of one note to what it says: [`parse`] never fails and knows no other note.

mod address;
mod blocks;
mod brackets;
mod comments;
mod destination;
mod front_matter;
mod front_matter_lines;
mod heading_index;
mod headings;
mod html;
mod link;
mod markdown;
mod note;
mod parsed;
mod slug;
mod source;
mod structure;
mod tags;
#[cfg(test)]
mod tests;
mod timestamp;

pub use address::{has_scheme, is_video_id, moment_in_address, video_in_address};
pub use brackets::split_wikilink_name;
pub use destination::{decode_destination, decode_link_part, unescape_destination};
pub use heading_index::HeadingIndex;
pub use parsed::{
    Block, Callout, Fault, FaultKind, FrontMatter, Heading, LabelDefinition, LabelKind, LabelUse, Link,
    LinkKind, Parsed, Scalar, Tag,
};
pub use slug::{fold_label, slug};
pub use structure::{Structure, StructureKind, structure};
pub use tags::{is_tag_name, is_tag_part};
pub use timestamp::{Clock, Moment, Timestamp, TimestampForm, TimestampParts, read_clock};

/// Reads a note. Linear in its length; any text is a note.
pub fn parse(text: &str) -> Parsed {
    note::read(text)
}
