//! Clocks: the texts that name a moment of a video, `1:01:55`.

use std::fmt;

/// A point in a video, in whole seconds from its start.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Moment {
    /// Seconds from the start of the video.
    pub seconds: u32,
}

/// The meaning of a clock text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Clock {
    /// `H:MM:SS` or `M:SS` (any number of digits before the first colon, two after each; ASCII digits).
    Moment(Moment),
    /// Of that form, but with minutes or seconds above 59 (`00:75:10`).
    OutOfRange {
        /// The moment with the excess carried over; `None` if there is no such moment.
        carried: Option<Moment>,
    },
    /// Any other text.
    Malformed {
        /// The moment that the text means, if that is unambiguous: `00:01:55:12` read as `HH:MM:SS:FF`, or a
        /// clock with stray characters or white space around it, but not `1.55`.
        reading: Option<Moment>,
    },
}

impl Clock {
    /// Returns the moment, if the text is a clock.
    pub fn moment(self) -> Option<Moment> {
        if let Clock::Moment(moment) = self { Some(moment) } else { None }
    }
}

impl Moment {
    /// The last moment, after 34 years; a clock beyond it is none.
    pub(super) const MAX_SECONDS: u32 = (1 << 30) - 2;

    /// Returns the moment after so many seconds, if there is one.
    pub(super) fn new(seconds: u32) -> Option<Moment> {
        (seconds <= Moment::MAX_SECONDS).then_some(Moment { seconds })
    }

    /// Returns the moment in the form of `data-t`, with hours: `01:01:55`.
    pub fn clock(self) -> String {
        let (hours, minutes, seconds) = self.split();
        format!("{hours:02}:{minutes:02}:{seconds:02}")
    }

    /// Returns whether it can be minutes and seconds that were taken for hours and minutes, as far as its
    /// clock shows: a full minute from an hour on, such as `14:55:00`. One moment in sixty is a full minute
    /// by chance.
    pub fn may_have_slipped(self) -> bool {
        self.seconds >= 3600 && self.seconds.is_multiple_of(60)
    }

    fn split(self) -> (u32, u32, u32) {
        (self.seconds / 3600, self.seconds / 60 % 60, self.seconds % 60)
    }
}

/// `1:01:55`, or `1:55` below an hour.
impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.split() {
            (0, minutes, seconds) => write!(f, "{minutes}:{seconds:02}"),
            (hours, minutes, seconds) => write!(f, "{hours}:{minutes:02}:{seconds:02}"),
        }
    }
}

/// Parses the text of a clock. Nothing is trimmed, as readers and scripts see the text as it stands.
pub fn read_clock(text: &str) -> Clock {
    read_exact_clock(text).unwrap_or_else(|| Clock::Malformed { reading: sensible_reading(text) })
}

/// Parses a clock; `None` if the text has another form or exceeds the range of moments.
pub(super) fn read_exact_clock(text: &str) -> Option<Clock> {
    let mut parts = text.as_bytes().split(|byte| *byte == b':');
    let first = parts.next().filter(|part| is_number(part))?;
    let second = two_digits(parts.next()?)?;
    let third = parts.next().map(two_digits);
    if parts.next().is_some() || third == Some(None) {
        return None;
    }
    let first = first
        .iter()
        .try_fold(0_u32, |number, digit| number.checked_mul(10)?.checked_add(u32::from(digit - b'0')));
    let (hours, minutes, seconds) = match third.flatten() {
        Some(seconds) => (first, Some(second), seconds),
        None => (Some(0), first, second),
    };
    let total = hours.and_then(|hours| {
        hours.checked_mul(60)?.checked_add(minutes?)?.checked_mul(60)?.checked_add(seconds)
    });
    let total = total.and_then(Moment::new);
    if minutes.is_none_or(|minutes| minutes > 59) || seconds > 59 {
        return Some(Clock::OutOfRange { carried: total });
    }
    total.map(Clock::Moment)
}

fn is_number(part: &[u8]) -> bool {
    !part.is_empty() && part.iter().all(u8::is_ascii_digit)
}

fn two_digits(part: &[u8]) -> Option<u32> {
    match part {
        [tens @ b'0'..=b'9', ones @ b'0'..=b'9'] => {
            Some(u32::from(tens - b'0') * 10 + u32::from(ones - b'0'))
        }
        _ => None,
    }
}

/// Returns the moment that the clocks in a malformed text name, if they agree and there is no other number.
fn sensible_reading(text: &str) -> Option<Moment> {
    let mut reading = None;
    let mut before = None;
    for run in text.split_inclusive(|c: char| !(c.is_numeric() || c == ':')) {
        let clock = run.trim_end_matches(|c: char| !(c.is_numeric() || c == ':'));
        if !clock.is_empty() {
            let is_fraction =
                reading.is_some() && matches!(before, Some('.' | ',')) && is_number(clock.as_bytes());
            if !is_fraction {
                let moment =
                    read_run(clock).filter(|_| !matches!(before, Some('-' | '−')) || reading.is_some())?;
                if reading.is_some_and(|other| other != moment) {
                    return None;
                }
                reading = Some(moment);
            }
        }
        before = run.chars().next_back();
    }
    reading
}

/// Parses `00:01:55`, or `00:01:55:12` with the frames of a second as its last part.
fn read_run(clock: &str) -> Option<Moment> {
    let clock = match clock.rsplit_once(':') {
        Some((rest, frames)) if rest.matches(':').count() == 2 => {
            two_digits(frames.as_bytes()).filter(|&frames| frames < 60)?;
            rest
        }
        _ => clock,
    };
    read_exact_clock(clock)?.moment()
}

/// Returns whether a text has the form of a clock, be it valid or not: digits and colons.
pub(super) fn is_clock_like(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
        && text.contains(':')
        && text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b':' | b'.' | b','))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(seconds: u32) -> Option<Moment> {
        Some(Moment { seconds })
    }

    #[test]
    fn clocks_are_read_as_they_stand() {
        for (text, clock) in [
            ("00:01:55", Clock::Moment(Moment { seconds: 115 })),
            ("1:55", Clock::Moment(Moment { seconds: 115 })),
            ("100:00:00", Clock::Moment(Moment { seconds: 360_000 })),
            ("298261:37:02", Clock::Moment(Moment { seconds: Moment::MAX_SECONDS })),
            ("298261:37:03", Clock::Malformed { reading: None }),
            ("00:75:10", Clock::OutOfRange { carried: moment(4510) }),
            ("1:75", Clock::OutOfRange { carried: moment(135) }),
            ("4294967295:00:60", Clock::OutOfRange { carried: None }),
            ("4294967295:00:00", Clock::Malformed { reading: None }),
            ("00:01:55:12", Clock::Malformed { reading: moment(115) }),
            ("00:01:55:60", Clock::Malformed { reading: None }),
            (" 1:55", Clock::Malformed { reading: moment(115) }),
            ("[1:55]", Clock::Malformed { reading: moment(115) }),
            ("1:55.250", Clock::Malformed { reading: moment(115) }),
            ("00:01:55]-[00:01:58", Clock::Malformed { reading: None }),
            ("-1:55", Clock::Malformed { reading: None }),
            ("1.55", Clock::Malformed { reading: None }),
            ("1:5", Clock::Malformed { reading: None }),
            ("1:2:3:4", Clock::Malformed { reading: None }),
            ("١:٥٥", Clock::Malformed { reading: None }),
            ("HH:MM:SS", Clock::Malformed { reading: None }),
            ("N/A", Clock::Malformed { reading: None }),
            ("", Clock::Malformed { reading: None }),
        ] {
            assert_eq!(read_clock(text), clock, "{text}");
        }
    }

    #[test]
    fn moments_are_shown_short_and_written_long() {
        for (seconds, shown, clock) in
            [(0, "0:00", "00:00:00"), (115, "1:55", "00:01:55"), (3715, "1:01:55", "01:01:55")]
        {
            assert_eq!(Moment { seconds }.to_string(), shown);
            assert_eq!(Moment { seconds }.clock(), clock);
        }
    }
}
