//! Addresses: schemes, and the moments of YouTube videos that addresses name.

use std::ops::Range;

use super::clock::Moment;

/// Returns whether a Markdown destination is an address (`https://…`, `mailto:…`, `//host`) and not a path in
/// the vault. A scheme has at least two characters, so that `C:\notes` is none.
pub fn has_scheme(destination: &str) -> bool {
    if destination.starts_with("//") {
        return true;
    }
    let bytes = destination.as_bytes();
    let Some(colon) =
        bytes.iter().position(|byte| !(byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'.' | b'-')))
    else {
        return false;
    };
    colon >= 2 && bytes.get(colon) == Some(&b':') && bytes.first().is_some_and(u8::is_ascii_alphabetic)
}

/// Returns whether an id can be that of a YouTube video: 11 ASCII letters, digits, `-` and `_`. YouTube does
/// not document the form; all ids so far have it.
pub fn is_video_id(id: &str) -> bool {
    id.len() == 11 && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

/// Returns the id in the address of a YouTube video: `RDoVLHaYfgM` of `https://youtu.be/RDoVLHaYfgM?t=5`.
/// `None` for any other text.
pub fn video_in_address(address: &str) -> Option<&str> {
    address.get(read_video_address(address)?.video)
}

/// Returns the id and the moment in the address of a YouTube video, `https://youtu.be/RDoVLHaYfgM?t=5`;
/// `None` without a moment.
pub fn moment_in_address(address: &str) -> Option<(&str, Moment)> {
    let parts = read_video_address(address)?;
    let moment = read_time_parameter(address.get(parts.time?)?)?;
    Some((address.get(parts.video)?, moment))
}

/// The parts of the address of a YouTube video, as ranges of the address.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct VideoAddress {
    /// `ID`
    pub(super) video: Range<usize>,
    /// `115s` of `t=115s` or `start=115`.
    pub(super) time: Option<Range<usize>>,
}

const WATCH_HOSTS: [&str; 6] = [
    "youtube.com",
    "www.youtube.com",
    "m.youtube.com",
    "music.youtube.com",
    "youtube-nocookie.com",
    "www.youtube-nocookie.com",
];
const SHORT_HOSTS: [&str; 2] = ["youtu.be", "www.youtu.be"];
const VIDEO_FOLDERS: [&str; 5] = ["embed/", "shorts/", "live/", "v/", "e/"];

/// Reads the forms of `https://www.youtube.com/watch?v=ID&t=115s`, `https://youtu.be/ID?t=1m55s`, with or
/// without a scheme. `None` for any other address.
pub(super) fn read_video_address(address: &str) -> Option<VideoAddress> {
    let host_start = match address.get(..8) {
        Some(start) if start.eq_ignore_ascii_case("https://") => 8,
        Some(start) if start.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("http://")) => 7,
        _ => 0,
    };
    let host_length = memchr::memchr3(b'/', b'?', b'#', address.get(host_start..)?.as_bytes())?;
    let host = address.get(host_start..host_start + host_length)?;
    let is_one_of = |hosts: &[&str]| hosts.iter().any(|known| known.eq_ignore_ascii_case(host));
    let path_start = host_start + host_length + 1;
    let path = address.get(path_start..)?;
    let query_start = path_start + memchr::memchr2(b'?', b'#', path.as_bytes()).unwrap_or(path.len());
    let query = Query { address, start: query_start };
    let video = if is_one_of(&SHORT_HOSTS) {
        first_component(address, path_start..query_start)
    } else if !is_one_of(&WATCH_HOSTS) {
        return None;
    } else if let Some(folder) = VIDEO_FOLDERS.iter().find(|folder| path.starts_with(**folder)) {
        first_component(address, path_start + folder.len()..query_start)
    } else if matches!(address.get(path_start..query_start), Some("watch" | "watch/")) {
        query.value("v")?
    } else {
        return None;
    };
    if video.is_empty() {
        return None;
    }
    Some(VideoAddress { video, time: query.value("t").or_else(|| query.value("start")) })
}

fn first_component(address: &str, range: Range<usize>) -> Range<usize> {
    let text = address.get(range.clone()).unwrap_or_default();
    range.start..range.start + memchr::memchr(b'/', text.as_bytes()).unwrap_or(text.len())
}

/// The part of an address from its first `?` or `#` on.
struct Query<'a> {
    address: &'a str,
    start: usize,
}

impl Query<'_> {
    /// Returns the value of `key=value`, with pairs between `?`, `&`, `&amp;`, `;` and `#`.
    fn value(&self, key: &str) -> Option<Range<usize>> {
        let mut at = self.start;
        for pair in self.address.get(self.start..)?.split(['?', '&', ';', '#']) {
            if let Some(value) = pair.strip_prefix(key).and_then(|rest| rest.strip_prefix('=')) {
                return Some(at + pair.len() - value.len()..at + pair.len());
            }
            at += pair.len() + 1;
        }
        None
    }
}

/// Parses the value of a `t` or `start` parameter: `115`, `115s`, `1m55s`, `1h2m3s`.
pub(super) fn read_time_parameter(value: &str) -> Option<Moment> {
    let mut seconds: u32 = 0;
    let mut number: Option<u32> = None;
    let mut last_unit = 0;
    for byte in value.bytes() {
        let unit = match byte {
            b'0'..=b'9' => {
                let digit = u32::from(byte - b'0');
                number = Some(number.unwrap_or(0).checked_mul(10)?.checked_add(digit)?);
                continue;
            }
            b'h' | b'H' => 3600,
            b'm' | b'M' => 60,
            b's' | b'S' => 1,
            _ => return None,
        };
        if last_unit != 0 && unit >= last_unit {
            return None;
        }
        last_unit = unit;
        seconds = seconds.checked_add(number.take()?.checked_mul(unit)?)?;
    }
    match number {
        Some(rest) if last_unit == 0 => Moment::new(rest),
        Some(_) => None,
        None => Moment::new(seconds).filter(|_| last_unit != 0),
    }
}

#[cfg(test)]
#[allow(clippy::string_slice, reason = "a wrong span is a failing test")]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_videos_are_read_with_their_parts() {
        for (address, video, time) in [
            ("https://www.youtube.com/watch?v=RDoVLHaYfgM&t=115s", "RDoVLHaYfgM", Some("115s")),
            ("https://www.youtube.com/watch?t=1h2m3s&v=RDoVLHaYfgM", "RDoVLHaYfgM", Some("1h2m3s")),
            ("http://youtube.com/watch?v=RDoVLHaYfgM&amp;t=5", "RDoVLHaYfgM", Some("5")),
            ("HTTPS://YouTu.be/RDoVLHaYfgM?si=x&t=1m55s", "RDoVLHaYfgM", Some("1m55s")),
            ("https://m.youtube.com/shorts/RDoVLHaYfgM", "RDoVLHaYfgM", None),
            ("music.youtube.com/live/RDoVLHaYfgM?t=4", "RDoVLHaYfgM", Some("4")),
            ("https://www.youtube.com/embed/RDoVLHaYfgM?start=9", "RDoVLHaYfgM", Some("9")),
            ("https://www.youtube.com/watch?v=RDoVLHaYfgM#t=7", "RDoVLHaYfgM", Some("7")),
        ] {
            let found = read_video_address(address).unwrap();
            assert_eq!(&address[found.video], video, "{address}");
            assert_eq!(found.time.map(|time| &address[time]), time, "{address}");
        }
        for other in [
            "",
            "https://",
            "https://youtu.be/",
            "https://youtube.com/@channel",
            "https://vimeo.com/1?t=5",
            "youtu.be",
        ] {
            assert_eq!(read_video_address(other), None, "{other}");
        }
    }

    #[test]
    fn time_parameters() {
        for (value, seconds) in [
            ("115", Some(115)),
            ("115s", Some(115)),
            ("1m55s", Some(115)),
            ("1h2m3s", Some(3723)),
            ("2h", Some(7200)),
            ("0", Some(0)),
            ("", None),
            ("s", None),
            ("1s2m", None),
            ("1m5", None),
            ("-5", None),
            ("99999999999", None),
        ] {
            assert_eq!(read_time_parameter(value).map(|moment| moment.seconds), seconds, "{value}");
        }
    }

    #[test]
    fn schemes() {
        for external in ["https://a.b", "mailto:a@b.c", "//cdn/x", "obsidian://open"] {
            assert!(has_scheme(external), "{external}");
        }
        for local in ["a/b.md", "C:\\notes", "#h", "", "a b: c", "1a:b", "über:x"] {
            assert!(!has_scheme(local), "{local}");
        }
    }
}
