//! What a hover or the documentation of a completion item shows: typed contents, which are written as
//! Markdown or as plain text, whichever the client can show.

mod contents;
mod excerpt;
mod render;
mod safe;

pub(crate) use contents::{PreviewBuilder, code, counted, is_image, moment_link};

/// The contents of a preview, block by block.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Preview {
    blocks: Vec<Block>,
}

/// A block of a preview.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Block {
    /// A title or a line about it.
    Paragraph(Vec<Inline>),
    /// A list, which belongs to the paragraph before it.
    List(Vec<Vec<Inline>>),
    /// A part of a note.
    Excerpt(Excerpt),
}

/// A part of a note.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Excerpt {
    inlines: Vec<Inline>,
    /// Whether images of the web are shown.
    remote_images: bool,
}

/// A piece of a block.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Inline {
    /// Words.
    Text(String),
    /// Words that stand out: the title.
    Strong(String),
    /// Text that is shown as it is written.
    Code(String),
    /// A link to a file of the vault or to a moment of a video.
    Link { text: String, address: String },
    /// An image of the vault.
    Image { text: String, address: String },
    /// Markdown as it stands in a note. Not safe to be shown by itself.
    Source(String),
    /// The destination of a Markdown link in a note, as it is written there and as an address that holds
    /// everywhere.
    Destination { written: String, address: String },
}

impl Preview {
    pub(crate) fn paragraph(&mut self, inlines: impl IntoIterator<Item = Inline>) {
        self.blocks.push(Block::Paragraph(inlines.into_iter().collect()));
    }

    pub(crate) fn list(&mut self, items: Vec<Vec<Inline>>) {
        self.blocks.push(Block::List(items));
    }

    pub(crate) fn excerpt(&mut self, excerpt: Option<Excerpt>) {
        self.blocks.extend(excerpt.map(Block::Excerpt));
    }
}

impl Inline {
    pub(crate) fn text(text: impl Into<String>) -> Inline {
        Inline::Text(text.into())
    }
}
