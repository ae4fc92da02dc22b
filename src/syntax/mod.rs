//! Parsing of one note: [`parse`] never fails and knows no other note.

mod address;
mod brackets;
mod cited_extent;
mod clock;
mod comments;
mod front_matter;
mod heading_index;
mod markdown;
mod note;
mod parsed;
mod slug;
mod source;
mod tags;
#[cfg(test)]
mod tests;
mod timestamp;

pub use address::{has_scheme, is_video_id, moment_in_address, video_in_address};
pub use brackets::{is_number_row, split_wikilink_name};
pub use cited_extent::CitedExtent;
pub use clock::{Clock, Moment, read_clock};
pub use heading_index::HeadingIndex;
pub use markdown::{
    Structure, StructureKind, decode_destination, decode_link_part, detailed_structure, structure,
    unescape_destination,
};
pub use parsed::{
    Block, Callout, Fault, FaultKind, FrontMatter, FrontMatterFormat, Heading, LabelDefinition, LabelKind,
    LabelUse, Link, LinkKind, Parsed, Scalar, Tag, Timestamp, TimestampForm, TimestampParts,
};
pub use slug::{SlugStyle, fold_label, slug};
pub use tags::{is_tag_name, is_tag_part};

/// Parses a note. Linear in its length; any text is a note.
pub fn parse(text: &str) -> Parsed {
    note::read(text)
}
