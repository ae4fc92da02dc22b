//! Up to where a note cites its video: what the other notes about it can learn of the length of the video.

use super::clock::Moment;

/// In a note that cites fewer moments, nothing shows how much of the video it is about.
const TELLING_MOMENTS: usize = 3;

/// The part of its video that a note cites.
///
/// Full minutes from an hour on are no evidence, for they may be minutes and seconds whose units slipped
/// (`14:55:00`), and notes that were written by one program slip together.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct CitedExtent {
    /// The last moment of all.
    pub last: Moment,
    /// The last moment that is not a full minute from an hour on.
    pub last_exact: Moment,
    /// The longest time, in seconds, without a moment, from the start of the video to `last_exact`.
    pub widest_gap_seconds: u32,
}

impl CitedExtent {
    /// Returns the extent of all moments that a note cites of its own video, in any order. `None` if there
    /// are fewer than three.
    pub fn of(mut moments: Vec<Moment>) -> Option<CitedExtent> {
        if moments.len() < TELLING_MOMENTS {
            return None;
        }
        moments.sort_unstable();
        let last = *moments.last()?;
        let (mut before, mut widest_gap_seconds) = (0, 0);
        for moment in moments.into_iter().filter(|moment| !moment.may_have_slipped()) {
            widest_gap_seconds = widest_gap_seconds.max(moment.seconds - before);
            before = moment.seconds;
        }
        Some(CitedExtent { last, last_exact: Moment { seconds: before }, widest_gap_seconds })
    }

    /// Returns whether the note would have cited more if the video went on to the moment: what it leaves out
    /// before is several times longer than any part that it leaves out otherwise. A note about one part of
    /// the video, or one that cites few moments, says nothing.
    pub fn ends_before(&self, moment: Moment) -> bool {
        let left_out = moment.seconds.saturating_sub(self.last_exact.seconds);
        left_out > self.widest_gap_seconds.saturating_mul(3)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_note_shows_of_the_end_of_its_video() {
        let minutes = |minutes: &[u32]| minutes.iter().map(|at| Moment { seconds: at * 60 + 1 }).collect();
        let hours = |at: u32| Moment { seconds: at * 3600 };
        let all = CitedExtent::of(minutes(&[2, 9, 14, 21, 27])).unwrap();
        let one_part = CitedExtent::of(minutes(&[33, 34, 38])).unwrap();
        for (extent, moment, ends_before) in [
            (all, hours(2), true),
            (all, Moment { seconds: 2700 }, false),
            (one_part, hours(2), false),
            (one_part, hours(9), true),
        ] {
            assert_eq!(extent.ends_before(moment), ends_before, "{extent:?} {moment}");
        }
        assert_eq!(CitedExtent::of(minutes(&[1, 2])), None);
        let slipped = CitedExtent::of(vec![hours(9), Moment { seconds: 600 }, hours(1)]).unwrap();
        let expected =
            CitedExtent { last: hours(9), last_exact: Moment { seconds: 600 }, widest_gap_seconds: 600 };
        assert_eq!(slipped, expected);
    }
}
