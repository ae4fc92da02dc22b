//! Any stream of bytes is a series of frames and faults, however it is cut.

#![no_main]

use libfuzzer_sys::fuzz_target;
use vaultls::lsp::wire::{Frame, FrameDecoder, Message};

fuzz_target!(|parts: Vec<Vec<u8>>| {
    let decode = |parts: &[Vec<u8>]| {
        let mut decoder = FrameDecoder::default();
        let mut frames = Vec::new();
        for part in parts {
            decoder.push(part);
            while let Some(frame) = decoder.next_frame() {
                if let Frame::Body(body) = &frame {
                    let _ = Message::read(body);
                }
                frames.push(format!("{frame:?}"));
            }
        }
        frames
    };
    assert_eq!(decode(&parts), decode(&[parts.concat()]));
});
