//! The redirects of a site as a layer of settings: addresses that its host leads elsewhere.

use std::path::Path;

use crate::config::{Layer, SettingValue};

use crate::disk::open::read_small_file;
use crate::disk::root::REDIRECT_FILES;

use super::file::MAX_SETTINGS_BYTES;

/// Reads the first file of redirects of a vault; `None` without one.
///
/// # Errors
///
/// Says why it is not read.
pub(super) fn redirects_layer(root: &Path) -> Result<Option<Layer>, String> {
    for name in REDIRECT_FILES {
        let text = read_small_file(&root.join(name), MAX_SETTINGS_BYTES);
        if let Some(text) = text.map_err(|why| format!("{name}: {why}"))? {
            let sources = text.lines().filter_map(source).map(SettingValue::Text).collect();
            let entry = ("resolution.redirects".to_owned(), SettingValue::List(sources));
            return Ok(Some(Layer::new(name, vec![entry])));
        }
    }
    Ok(None)
}

/// Returns the address of a line `from to code` as a pattern: `*` stands for any characters, and so does a
/// placeholder, `/:name/` (Netlify docs, *Redirects and rewrites*; Cloudflare Pages docs, *Redirects*).
/// `None` for a comment, another domain, and a pattern for all addresses, as apps of one page have it.
fn source(line: &str) -> Option<String> {
    let from = line.split_whitespace().next().filter(|from| from.starts_with('/'))?;
    let part = |part: &str| if part.starts_with(':') { "*".to_owned() } else { part.to_owned() };
    let pattern = from.split('/').map(part).collect::<Vec<_>>().join("/");
    (pattern != "/*").then_some(pattern)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Settings;
    use crate::disk::testing::Folder;

    #[test]
    fn lines_are_addresses_and_what_they_lead_to() {
        for (line, expected) in [
            ("/old /new 301", Some("/old")),
            ("  /old/*\t/new/:splat", Some("/old/*")),
            ("/blog/:year/:month/x  /x", Some("/blog/*/*/x")),
            ("/* /index.html 200", None),
            ("# /old /new", None),
            ("https://old.example/* /new", None),
            ("", None),
        ] {
            assert_eq!(source(line).as_deref(), expected, "{line}");
        }
    }

    #[test]
    fn they_are_read_where_generators_have_them() {
        let files = [("static/_redirects", "/a /b\n\n/c/* /d\n"), ("docs/_redirects", "/e /f\n")];
        let layer = redirects_layer(&Folder::new(&files).root()).unwrap().unwrap();
        let (settings, problems) = Settings::layered(&[layer], &[]);
        assert_eq!((settings.redirects, problems.len()), (vec!["/a".to_owned(), "/c/*".to_owned()], 0));
        assert_eq!(redirects_layer(&Folder::new(&files[1..]).root()), Ok(None));
    }
}
