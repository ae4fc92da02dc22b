//! The notes of days in Logseq's journals, which links name by the title of the day.

use jiff::civil::Date;
use jiff::fmt::strtime;

use crate::vault::names::{VaultPath, last_component};

/// The folder of the journals of a Logseq graph.
const JOURNALS: &str = "journals";

/// Returns the title that Logseq gives the note of a day by default: `Oct 3rd, 2022` of
/// `journals/2022_10_03.md` (Logseq docs, `:journal/page-title-format`). `None` for any other file.
pub(crate) fn journal_title(path: &VaultPath) -> Option<String> {
    if last_component(path.folder()) != JOURNALS || !path.is_note() {
        return None;
    }
    let date = date_of(path.stem())?;
    let month = strtime::format("%b", date).ok()?;
    Some(format!("{month} {}, {}", ordinal(date.day()), date.year()))
}

fn date_of(stem: &str) -> Option<Date> {
    let [year, month, day] = [stem.get(0..4)?, stem.get(5..7)?, stem.get(8..)?];
    let is_date = day.len() == 2 && matches!((stem.get(4..5)?, stem.get(7..8)?), ("_", "_") | ("-", "-"));
    is_date.then(|| Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok())?
}

/// Returns an ordinal number in English: `1st`, `2nd`, `3rd`, `4th`, `11th`.
pub(crate) fn ordinal(number: i8) -> String {
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
    use super::*;

    #[test]
    fn days_of_journals_have_titles() {
        for (path, title) in [
            ("journals/2022_10_03.md", Some("Oct 3rd, 2022")),
            ("a/journals/2023-05-11.md", Some("May 11th, 2023")),
            ("journals/2024_02_29.md", Some("Feb 29th, 2024")),
            ("journals/2023_02_29.md", None),
            ("journals/2022_10-03.md", None),
            ("journals/2022_10_031.md", None),
            ("journals/2022_1é.md", None),
            ("journals/2022_10_03.png", None),
            ("2022_10_03.md", None),
        ] {
            let of_path = journal_title(&VaultPath::resolve("", path).unwrap());
            assert_eq!(of_path.as_deref(), title, "{path}");
        }
    }
}
