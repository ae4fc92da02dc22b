//! Dates as the patterns of Obsidian's daily notes and templates write them: `YYYY-MM-DD` (Obsidian help,
//! "Daily notes", which follows Moment.js). Names are English and weeks those of ISO 8601.

use jiff::civil::DateTime;
use jiff::fmt::strtime;

use crate::vault::ordinal;

/// What a pattern can hold, the longest first where one begins with another, each with what `strftime` calls
/// it; nothing where that has no such form.
const TOKENS: [(&str, &str); 31] = [
    ("YYYY", "%Y"),
    ("YY", "%y"),
    ("GGGG", "%G"),
    ("MMMM", "%B"),
    ("MMM", "%b"),
    ("MM", "%m"),
    ("Mo", ""),
    ("M", "%-m"),
    ("DDDD", "%j"),
    ("DDD", "%-j"),
    ("DD", "%d"),
    ("Do", ""),
    ("D", "%-d"),
    ("dddd", "%A"),
    ("ddd", "%a"),
    ("dd", ""),
    ("d", "%w"),
    ("E", "%u"),
    ("WW", "%V"),
    ("W", "%-V"),
    ("Q", "%q"),
    ("HH", "%H"),
    ("H", "%-H"),
    ("hh", "%I"),
    ("h", "%-I"),
    ("mm", "%M"),
    ("m", "%-M"),
    ("ss", "%S"),
    ("s", "%-S"),
    ("A", "%p"),
    ("a", "%P"),
];

/// A moment by a pattern. What stands in brackets (`[Week] WW`) and what means nothing is written as it is.
pub(crate) fn format_date(pattern: &str, moment: DateTime) -> String {
    let mut written = String::new();
    let mut rest = pattern;
    while let Some(first) = rest.chars().next() {
        if let Some((literal, after)) = rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            written.push_str(literal);
            rest = after;
            continue;
        }
        match TOKENS.into_iter().find_map(|(token, form)| Some((token, form, rest.strip_prefix(token)?))) {
            Some((token, form, after)) => {
                written.push_str(&part(token, form, moment));
                rest = after;
            }
            None => {
                written.push(first);
                rest = rest.get(first.len_utf8()..).unwrap_or_default();
            }
        }
    }
    written
}

fn part(token: &str, form: &str, moment: DateTime) -> String {
    let written = |form: &str| strtime::format(form, moment).unwrap_or_default();
    match token {
        "Mo" => ordinal(moment.month()),
        "Do" => ordinal(moment.day()),
        "dd" => written("%a").chars().take(2).collect(),
        _ => written(form),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn patterns_of_daily_notes() {
        let moment = date(2026, 1, 3).at(0, 5, 9, 0);
        for (pattern, expected) in [
            ("YYYY-MM-DD", "2026-01-03"),
            ("YYYY/MM-MMMM/YYYY-MM-DD-dddd", "2026/01-January/2026-01-03-Saturday"),
            ("ddd dd d E, MMM Do YY", "Sat Sa 6 6, Jan 3rd 26"),
            ("GGGG-[W]WW W Q DDD DDDD", "2026-W01 1 1 3 003"),
            ("HH:mm:ss H h hh A a", "00:05:09 0 12 12 AM am"),
            ("[YYYY] é [open", "YYYY é [open"),
        ] {
            assert_eq!(format_date(pattern, moment), expected, "{pattern}");
        }
        let moment = date(2024, 12, 30).at(13, 0, 0, 0);
        assert_eq!(format_date("GGGG-WW M D h A Mo", moment), "2025-01 12 30 1 PM 12th");
    }

    #[test]
    fn longer_tokens_come_before_those_that_they_begin_with() {
        for (at, (token, _)) in TOKENS.iter().enumerate() {
            let earlier = TOKENS.iter().take(at);
            assert!(earlier.clone().all(|(other, _)| !token.starts_with(other)), "{token}");
        }
    }
}
