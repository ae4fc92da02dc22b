//! A place on the command line.

use std::path::PathBuf;
use std::str::FromStr;

/// `notes/plan.md:3:11`: a file, a line and a column, as in the output of `vaultls check`. They are
/// counted from 1, columns in characters. The default is the first column and the first line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Spot {
    /// The file.
    pub path: PathBuf,
    /// Counted from 0.
    pub line: u32,
    /// Counted from 0, in characters.
    pub column: u32,
}

impl FromStr for Spot {
    type Err = String;

    fn from_str(text: &str) -> Result<Spot, String> {
        let (mut path, mut numbers) = (text, Vec::new());
        while numbers.len() < 2
            && let Some((before, last)) = path.rsplit_once(':')
            && let Ok(number) = last.parse::<u32>()
        {
            path = before;
            numbers.insert(0, number.checked_sub(1).ok_or("lines and columns start at 1")?);
        }
        if path.is_empty() {
            return Err("expected FILE:LINE:COLUMN".to_owned());
        }
        let number = |index: usize| numbers.get(index).copied().unwrap_or_default();
        Ok(Spot { path: PathBuf::from(path), line: number(0), column: number(1) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_lines_and_columns() {
        let read = |text: &str| {
            text.parse::<Spot>().map(|spot| (spot.path.display().to_string(), spot.line, spot.column))
        };
        assert_eq!(read("a b.md:3:11"), Ok(("a b.md".to_owned(), 2, 10)));
        assert_eq!(read("a.md:3"), Ok(("a.md".to_owned(), 2, 0)));
        assert_eq!(read("a.md"), Ok(("a.md".to_owned(), 0, 0)));
        assert_eq!(read("1:2:3:4.md"), Ok(("1:2:3:4.md".to_owned(), 0, 0)));
        assert!(read("a.md:0:1").is_err() && read(":1:1").is_err());
    }
}
