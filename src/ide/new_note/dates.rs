//! Dates as the patterns of Obsidian's daily notes and templates write them: `YYYY-MM-DD` (Obsidian help,
//! "Daily notes", which follows Moment.js). Names are English and weeks those of ISO 8601.

use jiff::civil::{DateTime, Weekday};

/// What a pattern can hold, the longest first where one begins with another.
const TOKENS: [&str; 31] = [
    "YYYY", "YY", "GGGG", "MMMM", "MMM", "MM", "Mo", "M", "DDDD", "DDD", "DD", "Do", "D", "dddd", "ddd",
    "dd", "d", "E", "WW", "W", "Q", "HH", "H", "hh", "h", "mm", "m", "ss", "s", "A", "a",
];

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
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
        match TOKENS.into_iter().find_map(|token| Some((token, rest.strip_prefix(token)?))) {
            Some((token, after)) => {
                written.push_str(&part(token, moment));
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

fn part(token: &str, moment: DateTime) -> String {
    let (month, day, hour) = (moment.month(), moment.day(), moment.hour());
    let week = moment.date().iso_week_date();
    let month_name =
        || usize::try_from(month - 1).ok().and_then(|at| MONTHS.get(at)).copied().unwrap_or_default();
    let day_name = || name_of_day(moment.weekday());
    let short = |name: &str, letters| name.get(..letters).unwrap_or(name).to_owned();
    let half_day_hour = if hour % 12 == 0 { 12 } else { hour % 12 };
    match token {
        "YYYY" => format!("{:04}", moment.year()),
        "YY" => format!("{:02}", moment.year().rem_euclid(100)),
        "GGGG" => format!("{:04}", week.year()),
        "MMMM" => month_name().to_owned(),
        "MMM" => short(month_name(), 3),
        "MM" => format!("{month:02}"),
        "Mo" => ordinal(month),
        "M" => month.to_string(),
        "DDDD" => format!("{:03}", moment.date().day_of_year()),
        "DDD" => moment.date().day_of_year().to_string(),
        "DD" => format!("{day:02}"),
        "Do" => ordinal(day),
        "D" => day.to_string(),
        "dddd" => day_name().to_owned(),
        "ddd" => short(day_name(), 3),
        "dd" => short(day_name(), 2),
        "d" => moment.weekday().to_sunday_zero_offset().to_string(),
        "E" => moment.weekday().to_monday_one_offset().to_string(),
        "WW" => format!("{:02}", week.week()),
        "W" => week.week().to_string(),
        "Q" => ((month - 1) / 3 + 1).to_string(),
        "HH" => format!("{hour:02}"),
        "H" => hour.to_string(),
        "hh" => format!("{half_day_hour:02}"),
        "h" => half_day_hour.to_string(),
        "mm" => format!("{:02}", moment.minute()),
        "m" => moment.minute().to_string(),
        "ss" => format!("{:02}", moment.second()),
        "s" => moment.second().to_string(),
        "A" => if hour < 12 { "AM" } else { "PM" }.to_owned(),
        _ => if hour < 12 { "am" } else { "pm" }.to_owned(),
    }
}

fn name_of_day(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => "Monday",
        Weekday::Tuesday => "Tuesday",
        Weekday::Wednesday => "Wednesday",
        Weekday::Thursday => "Thursday",
        Weekday::Friday => "Friday",
        Weekday::Saturday => "Saturday",
        Weekday::Sunday => "Sunday",
    }
}

/// `1st`, `2nd`, `3rd`, `4th`, `11th`.
fn ordinal(number: i8) -> String {
    let ending = match (number % 10, number % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{number}{ending}")
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
        for (at, token) in TOKENS.iter().enumerate() {
            let earlier = TOKENS.iter().take(at);
            assert!(earlier.clone().all(|other| !token.starts_with(other)), "{token}");
        }
    }
}
