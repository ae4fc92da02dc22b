//! URIs and paths. What we write is encoded down to letters, digits and `-._~/`; what clients write is read
//! leniently.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use tower_lsp::ls_types::Uri;

/// Everything but what RFC 3986 calls unreserved, and the slash: the spelling that VS Code uses too.
const IN_PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

/// What no URI may hold (RFC 3986, section 2), so that it can only have been meant literally.
const NEVER_IN_URI: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'<')
    .add(b'>')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// A path as it stands in a URI: with `/`, everything else encoded but letters, digits and `-._~`.
pub fn encoded_path(path: &str) -> String {
    utf8_percent_encode(path, IN_PATH).to_string()
}

/// The path of a `file:` URI; `None` for other schemes, for other hosts and for what is no path here.
pub fn to_path(uri: &Uri) -> Option<PathBuf> {
    if !uri.scheme().as_str().eq_ignore_ascii_case("file") {
        return None;
    }
    let host = uri.authority().map(|authority| authority.as_str().to_owned()).unwrap_or_default();
    let is_here = host.is_empty() || host.eq_ignore_ascii_case("localhost");
    let bytes: Vec<u8> = percent_decode_str(uri.path().as_str()).collect();
    if bytes.contains(&0) {
        return None;
    }
    if cfg!(windows) {
        let path = String::from_utf8(bytes).ok()?;
        return Some(windows_path(if is_here { "" } else { &host }, &path));
    }
    if !is_here || bytes.is_empty() {
        return None;
    }
    Some(PathBuf::from(os_string(bytes)?))
}

/// `/c:/a/b` is `C:\a\b`; with a host it is a share: `\\host\a\b`. The letter of a drive is written large,
/// for clients disagree about it.
fn windows_path(host: &str, path: &str) -> PathBuf {
    let backslashed = path.replace('/', "\\");
    if !host.is_empty() {
        return PathBuf::from(format!("\\\\{host}{backslashed}"));
    }
    let plain = backslashed.strip_prefix('\\').unwrap_or(&backslashed);
    match plain.split_once(':') {
        Some((drive, rest)) if drive.len() == 1 => {
            PathBuf::from(format!("{}:{rest}", drive.to_ascii_uppercase()))
        }
        _ => PathBuf::from(plain),
    }
}

#[cfg(unix)]
fn os_string(bytes: Vec<u8>) -> Option<OsString> {
    use std::os::unix::ffi::OsStringExt;
    Some(OsString::from_vec(bytes))
}

#[cfg(not(unix))]
fn os_string(bytes: Vec<u8>) -> Option<OsString> {
    String::from_utf8(bytes).ok().map(OsString::from)
}

/// The `file:` URI of an absolute path; `None` if its name is not UTF-8.
pub fn from_path(path: &Path) -> Option<Uri> {
    let text = path.to_str()?;
    let slashed = if cfg!(windows) { text.replace('\\', "/") } else { text.to_owned() };
    let (before, path) = match slashed.strip_prefix("//") {
        Some(share) if cfg!(windows) => ("file://", share),
        _ if slashed.starts_with('/') => ("file://", slashed.as_str()),
        _ => ("file:///", slashed.as_str()),
    };
    format!("{before}{}", utf8_percent_encode(path, IN_PATH)).parse().ok()
}

/// A URI as a client may write it, with spaces or letters beyond ASCII in it. `None` if it has no scheme.
pub fn lenient(text: &str) -> Option<Uri> {
    if let Ok(uri) = text.parse() {
        return Some(uri);
    }
    let encoded = utf8_percent_encode(text, NEVER_IN_URI).to_string();
    if let Ok(uri) = encoded.parse() {
        return Some(uri);
    }
    // A `%` that starts no escape stands for itself.
    let mut repaired = String::with_capacity(encoded.len());
    let mut rest = encoded.as_str();
    while let Some((before, after)) = rest.split_once('%') {
        let is_escape = after.bytes().take(2).filter(u8::is_ascii_hexdigit).count() == 2;
        repaired.push_str(before);
        repaired.push_str(if is_escape { "%" } else { "%25" });
        rest = after;
    }
    repaired.push_str(rest);
    repaired.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn paths_go_there_and_back() {
        for path in ["/a b/c.md", "/100%/#1?.md", "/\u{2068}n\u{2069}/é😀.md", "/a:b/[x]|y.md", "/%41.md"]
        {
            let uri = from_path(Path::new(path)).unwrap();
            assert!(uri.as_str().is_ascii());
            assert_eq!(to_path(&uri), Some(PathBuf::from(path)), "{}", uri.as_str());
        }
    }

    #[cfg(unix)]
    #[test]
    fn what_clients_write_is_understood() {
        let path = |text: &str| lenient(text).and_then(|uri| to_path(&uri));
        assert_eq!(path("file:///a b/ü[1].md"), Some("/a b/ü[1].md".into()));
        assert_eq!(path("file:///100% sure.md"), Some("/100% sure.md".into()));
        assert_eq!(path("FILE://localhost/a.md"), Some("/a.md".into()));
        assert_eq!(path("file:///a%2Fb.md"), Some("/a/b.md".into()));
        assert_eq!(path("file:///a%FF.md").map(|path| path.to_str().is_none()), Some(true));
        assert_eq!(path("untitled:Untitled-1"), None);
        assert_eq!(path("file://elsewhere/a.md"), None);
        assert_eq!(path("file:///a%00b"), None);
        assert_eq!(path(""), None);
    }

    #[test]
    fn drives_and_shares_of_windows() {
        let path = |host, path| windows_path(host, path).to_string_lossy().into_owned();
        assert_eq!(path("", "/c:/a b/c.md"), "C:\\a b\\c.md");
        assert_eq!(path("", "/D:/"), "D:\\");
        assert_eq!(path("host", "/share/a.md"), "\\\\host\\share\\a.md");
    }
}
