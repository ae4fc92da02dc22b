//! Frames of the base protocol: a header with the length of a body, and the body. Nothing that is written
//! stops the decoding: what is no frame is reported, and the next frame is looked for behind it.

use std::io::{self, Read};

/// A header line longer than this is cut.
const LONGEST_HEADER_BYTES: usize = 4096;

/// A body longer than this is skipped: no note is that long.
const LONGEST_BODY_BYTES: usize = 1 << 30;

/// A buffer larger than this is given back once it is empty.
const KEPT_BUFFER_BYTES: usize = 1 << 16;

/// How much is read at once.
const CHUNK_BYTES: usize = 1 << 14;

/// What has come in.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Frame {
    /// The body of a message.
    Body(Vec<u8>),
    /// Something that is no frame, and why.
    Bad(&'static str),
}

/// The frame of a message.
pub fn encode_frame(body: &str) -> Vec<u8> {
    format!("Content-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

/// Cuts a stream of bytes into frames.
#[derive(Debug, Default)]
pub struct FrameDecoder {
    buffer: Vec<u8>,
    /// What is before has been read.
    start: usize,
    state: State,
}

#[derive(Clone, Copy, Debug)]
enum State {
    Header {
        /// Of the last `Content-Length`; an error if it is no number.
        length: Option<Result<usize, ()>>,
        has_lines: bool,
    },
    Body(usize),
    /// A body that is too long, and how much of it is still to come.
    Skipping(usize),
}

impl Default for State {
    fn default() -> State {
        State::Header { length: None, has_lines: false }
    }
}

impl FrameDecoder {
    /// Takes in bytes that have arrived.
    pub fn push(&mut self, bytes: &[u8]) {
        if self.start == self.buffer.len() {
            self.buffer.clear();
            self.buffer.shrink_to(KEPT_BUFFER_BYTES);
        } else {
            self.buffer.drain(..self.start);
        }
        self.start = 0;
        self.buffer.extend_from_slice(bytes);
    }

    /// Waits for the next frame; `None` at the end of the input, also in the middle of a frame.
    ///
    /// # Errors
    ///
    /// If the input cannot be read.
    pub fn read_frame(&mut self, input: &mut impl Read) -> io::Result<Option<Frame>> {
        let mut chunk = [0; CHUNK_BYTES];
        loop {
            if let Some(frame) = self.next_frame() {
                return Ok(Some(frame));
            }
            match input.read(&mut chunk)? {
                0 => return Ok(None),
                count => self.push(chunk.get(..count).unwrap_or_default()),
            }
        }
    }

    /// The next frame of what has arrived; `None` if more bytes are needed.
    pub fn next_frame(&mut self) -> Option<Frame> {
        loop {
            let unread = self.buffer.get(self.start..).unwrap_or_default();
            match self.state {
                State::Body(length) => {
                    let body = unread.get(..length)?.to_vec();
                    self.start += length;
                    self.state = State::default();
                    return Some(Frame::Body(body));
                }
                State::Skipping(length) => {
                    let skipped = length.min(unread.len());
                    self.start += skipped;
                    if skipped < length {
                        self.state = State::Skipping(length - skipped);
                        return None;
                    }
                    self.state = State::default();
                    return Some(Frame::Bad("a message of more than a gigabyte"));
                }
                State::Header { length, has_lines } => {
                    let end = header_line_bytes(unread)?;
                    let line = unread.get(..end).unwrap_or_default().trim_ascii();
                    self.start += end;
                    if !line.is_empty() {
                        self.state =
                            State::Header { length: content_length(line).or(length), has_lines: true };
                        continue;
                    }
                    self.state = match length {
                        Some(Ok(length)) if length > LONGEST_BODY_BYTES => State::Skipping(length),
                        Some(Ok(length)) => State::Body(length),
                        _ => State::default(),
                    };
                    match length {
                        Some(Err(())) => return Some(Frame::Bad("a Content-Length that is no number")),
                        None if has_lines => return Some(Frame::Bad("no Content-Length")),
                        _ => {}
                    }
                }
            }
        }
    }
}

/// Where the first line ends; `None` if more of it is to come.
fn header_line_bytes(bytes: &[u8]) -> Option<usize> {
    let line = bytes.get(..LONGEST_HEADER_BYTES).unwrap_or(bytes);
    let end = memchr::memchr(b'\n', line).map(|at| at + 1);
    end.or((line.len() == LONGEST_HEADER_BYTES).then_some(LONGEST_HEADER_BYTES))
}

/// The number in a `Content-Length` header, which is also looked for behind the rest of a frame that was
/// longer than it said.
fn content_length(line: &[u8]) -> Option<Result<usize, ()>> {
    let line = String::from_utf8_lossy(line).to_ascii_lowercase();
    let (_, number) = line.rsplit_once("content-length:")?;
    Some(number.trim().parse().map_err(|_| ()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(bytes: &[u8], chunk: usize) -> Vec<Result<String, &'static str>> {
        let mut decoder = FrameDecoder::default();
        let mut frames = Vec::new();
        for bytes in bytes.chunks(chunk) {
            decoder.push(bytes);
            while let Some(next) = decoder.next_frame() {
                frames.push(match next {
                    Frame::Body(body) => Ok(String::from_utf8(body).unwrap()),
                    Frame::Bad(why) => Err(why),
                });
            }
        }
        frames
    }

    #[test]
    fn frames_are_cut_by_their_length_however_they_arrive() {
        let mut bytes =
            b"Content-Length: 2\r\n\r\n{}content-length:4\r\nContent-Type: x\r\n\r\n\"\xC3\xA9\"".to_vec();
        bytes.extend_from_slice(&encode_frame("[1]"));
        for chunk in 1..=bytes.len() {
            let expected = [Ok("{}".to_owned()), Ok("\"é\"".to_owned()), Ok("[1]".to_owned())];
            assert_eq!(decoded(&bytes, chunk), expected, "in chunks of {chunk}");
        }
    }

    #[test]
    fn what_is_no_frame_is_reported_and_read_past() {
        let bytes = "Content-Type: x\r\n\r\nContent-Length: many\r\n\r\n\r\n\r\nContent-Length: 99999999999999999999\r\n\r\nContent-Length: 2\r\n\r\n{}and moreContent-Length: 2\r\n\r\n[]";
        let expected = [
            Err("no Content-Length"),
            Err("a Content-Length that is no number"),
            Err("a Content-Length that is no number"),
            Ok("{}".to_owned()),
            Ok("[]".to_owned()),
        ];
        for chunk in [1, 7, 1000] {
            assert_eq!(decoded(bytes.as_bytes(), chunk), expected);
        }
        let long = format!("{}\r\n\r\nContent-Length: 1\r\n\r\n0", "x".repeat(3 * LONGEST_HEADER_BYTES));
        assert_eq!(decoded(long.as_bytes(), 1000), [Err("no Content-Length"), Ok("0".to_owned())]);
        assert_eq!(decoded(b"Content-Length: 9\r\n\r\n{}", 1000), []);
    }

    #[test]
    fn a_body_that_is_too_long_is_skipped() {
        let mut decoder = FrameDecoder::default();
        decoder.push(format!("Content-Length: {}\r\n\r\n", LONGEST_BODY_BYTES + 1).as_bytes());
        let chunk = vec![b' '; 1 << 24];
        for _ in 0..LONGEST_BODY_BYTES / chunk.len() {
            decoder.push(&chunk);
            assert_eq!(decoder.next_frame(), None);
        }
        decoder.push(b" Content-Length: 2\r\n\r\n{}");
        assert_eq!(decoder.next_frame(), Some(Frame::Bad("a message of more than a gigabyte")));
        assert_eq!(decoder.next_frame(), Some(Frame::Body(b"{}".to_vec())));
        decoder.push(b"");
        assert!(decoder.buffer.capacity() <= KEPT_BUFFER_BYTES);
    }
}
