//! Forms of names that other tools make of the name of a file: the address of its page, and the number of a
//! note.

use crate::vault::names::last_component;

/// Returns the path of a page in an address: `b` of `b.html?raw=true`.
pub(crate) fn page_of(target: &str) -> &str {
    let path = without_query(target).unwrap_or(target);
    path.strip_suffix(".html").filter(|page| !page.is_empty() && !page.ends_with('/')).unwrap_or(path)
}

/// Returns the last component of an address that a front matter gives: `setup` of `/docs/setup.html`.
pub(crate) fn address_name(address: &str) -> &str {
    last_component(page_of(address.trim_end_matches('/')))
}

/// Returns what stands before the query of an address: `pic.png` of `pic.png?raw=true`. `None` without a
/// query.
pub(crate) fn without_query(target: &str) -> Option<&str> {
    let (path, query) = target.split_once('?')?;
    let is_query = query.bytes().all(|byte| byte.is_ascii_graphic());
    (is_query && !query.is_empty() && !path.is_empty()).then_some(path)
}

/// Returns the name of the file that blogs make a dated address of: `2020-01-02-name` of
/// `/blog/2020/01/02/name/`, as Jekyll and Docusaurus do by default.
pub(crate) fn dated_name(page: &str) -> Option<String> {
    let mut parts = page.trim_end_matches('/').rsplit('/');
    let [name, day, month, year] = [parts.next()?, parts.next()?, parts.next()?, parts.next()?];
    let is_number =
        |text: &str, length| text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_date = is_number(year, 4) && is_number(month, 2) && is_number(day, 2);
    (is_date && !name.is_empty()).then(|| format!("{year}-{month}-{day}-{name}"))
}

/// Returns the number that the name of a note begins with, by which a Zettelkasten refers to it:
/// `202110031652` of `202110031652 Title`. It has the 12 or 14 digits of a time; `None` for a name that is
/// nothing else.
pub(crate) fn note_number(stem: &str) -> Option<&str> {
    let length = stem.bytes().take_while(u8::is_ascii_digit).count();
    stem.get(..length).filter(|_| matches!(length, 12 | 14) && length < stem.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_numbers() {
        for (target, page) in
            [("b.html?raw=true", "b"), ("a/.html", "a/.html"), ("b.md?", "b.md?"), ("b", "b")]
        {
            assert_eq!(page_of(target), page);
        }
        for (page, name) in [
            ("/blog/2020/01/02/name/", Some("2020-01-02-name")),
            ("2020/01/02/name", Some("2020-01-02-name")),
            ("20/01/02/name", None),
            ("01/02/name", None),
            ("/2020/01/02/", None),
        ] {
            assert_eq!(dated_name(page).as_deref(), name, "{page}");
        }
        for (stem, number) in [
            ("202110031652 Title", Some("202110031652")),
            ("20211003165201-title", Some("20211003165201")),
            ("202110031652", None),
            ("2021100316520 x", None),
            ("Title 202110031652", None),
        ] {
            assert_eq!(note_number(stem), number, "{stem}");
        }
    }
}
