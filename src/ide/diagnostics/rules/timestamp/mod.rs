//! Rules about timestamps. No fix writes outside of its timestamp, the link that stands for one or, for the
//! video, the front matter. A fix is safe where the evidence leaves one reading; what would only replace one
//! diagnostic by another is not offered.

mod reading;
mod shift;
mod tag_end;

pub(super) mod as_link;
pub(super) mod beyond_end;
pub(super) mod empty_label;
pub(super) mod label_mismatch;
pub(super) mod malformed;
pub(super) mod no_video;
pub(super) mod out_of_range;
pub(super) mod slipped_units;
pub(super) mod unclosed;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::ide::diagnostics::testing::{check_timestamp_invariant, codes, found, tag};
    use crate::ide::diagnostics::{fixes, safe_fixes};
    use crate::ide::fixture;
    use crate::vault::Cancel;

    /// Clocks that are right, slipped, malformed, out of range and past every end.
    fn clock() -> impl Strategy<Value = String> {
        prop_oneof![
            "0[0-9]:[0-5][0-9]:[0-5][0-9]",
            "[0-5][0-9]:[0-5][0-9]:00",
            "[0-9]{1,2}:[0-9]{2}",
            "0[0-9]:[0-9]{2}:[0-9]{2}",
            "00:[0-5][0-9]:[0-5][0-9]:[0-9]{2}",
            "\\[0:[0-5][0-9]:[0-5][0-9]\\]",
            Just("N/A".to_owned()),
            Just(String::new()),
        ]
    }

    fn stamp() -> impl Strategy<Value = String> {
        let label = prop_oneof![
            clock().prop_map(|clock| format!("[{clock}]")),
            Just("words".into()),
            Just(String::new())
        ];
        prop_oneof![
            clock().prop_map(|clock| tag(&clock, &format!("[{clock}]"))),
            (clock(), label).prop_map(|(value, label)| tag(&value, &label)),
            (clock(), clock())
                .prop_map(|(outer, value)| format!("[{outer}]({})", tag(&value, &format!("[{value}]")))),
            (clock(), 0..90_000_u32)
                .prop_map(|(clock, t)| format!("[{clock}](https://youtu.be/Rxmv7rT9leo?t={t}s)")),
            clock().prop_map(|clock| format!("[{clock}]")),
            clock().prop_map(|clock| format!("<a class=\"yt-timestamp\" data-t=\"{clock}]-[0:01:00]</a>")),
            clock().prop_map(|clock| format!("<a class=\"yt-timestamp\" data-t=\"{clock}\">[{clock}]</a)")),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

        #[test]
        fn a_fix_removes_its_diagnostic_and_adds_none(
            front in prop::sample::select(vec!["", "duration: 1:30:00\n", "duration: 600\n"]),
            stamps in prop::collection::vec(stamp(), 1..7),
        ) {
            let text = format!("---\nvideoId: Rxmv7rT9leo\n{front}---\n{}\n", stamps.join(" and\n\n"));
            let (vault, at) = fixture::vault(&text);
            for finding in found(&vault, at.note) {
                for fix in fixes(&vault, at.note, &finding, &Cancel::new()).unwrap() {
                    check_timestamp_invariant(&vault, at.note, &finding, &fix);
                }
            }
            let safe = safe_fixes(&vault, at.note, &|_| true, &Cancel::new()).unwrap();
            let after = fixture::changed(&vault, &safe.change);
            let (before, after) = (codes(&vault, at.note), codes(&after, at.note));
            let fewer = before.values().sum::<usize>() - after.values().sum::<usize>();
            prop_assert!(fewer >= safe.diagnostics.len(), "{before:?} {after:?}");
        }
    }
}
