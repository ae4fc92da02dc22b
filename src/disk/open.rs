//! The one place in which files are opened for reading: only regular files, never more than a limit, and
//! without waiting for what may never come, as behind a pipe or a device.

use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, ErrorKind, Read};
use std::path::Path;

/// More than a line of `/proc/*/stat` has.
const MAX_STAT_BYTES: u64 = 4096;

/// Why a file was not read.
#[derive(Debug)]
pub(super) enum OpenError {
    /// It does not exist, or is a dangling link.
    Missing(io::Error),
    /// It exists and is no regular file: a folder, pipe, socket or device, or a link to one.
    NotRegular,
    /// It has more bytes than the limit.
    TooLarge {
        /// Its size in bytes, as far as it is known.
        bytes: u64,
    },
    /// Another IO error.
    Io(io::Error),
}

impl From<io::Error> for OpenError {
    fn from(error: io::Error) -> OpenError {
        match error.kind() {
            ErrorKind::NotFound | ErrorKind::NotADirectory => OpenError::Missing(error),
            // On Windows a folder cannot be opened; on Unix a socket cannot.
            ErrorKind::IsADirectory => OpenError::NotRegular,
            _ => OpenError::Io(error),
        }
    }
}

/// Reads a regular file of at most `max_bytes` into the buffer, and returns its metadata.
///
/// # Errors
///
/// Fails for anything else. The buffer holds no more than the limit and one byte then.
pub(super) fn read_regular(path: &Path, max_bytes: u64, buffer: &mut Vec<u8>) -> Result<Metadata, OpenError> {
    buffer.clear();
    let file = open(path).map_err(|error| match OpenError::from(error) {
        OpenError::Io(_) if path.metadata().is_ok_and(|metadata| !metadata.is_file()) => {
            OpenError::NotRegular
        }
        error => error,
    })?;
    // Of the open file, as another may lie at the path by now.
    let metadata = file.metadata()?;
    let bytes = metadata.len();
    if !metadata.is_file() {
        return Err(OpenError::NotRegular);
    }
    if bytes > max_bytes {
        return Err(OpenError::TooLarge { bytes });
    }
    buffer.reserve(usize::try_from(bytes).unwrap_or_default().saturating_add(1));
    file.take(max_bytes + 1).read_to_end(buffer)?;
    if buffer.len() as u64 > max_bytes {
        return Err(OpenError::TooLarge { bytes: buffer.len() as u64 });
    }
    Ok(metadata)
}

/// Reads the text of a file that is expected to be small; `None` if it is not there.
///
/// # Errors
///
/// Says in words why it is not read: it is not regular, too large or not UTF-8, or an IO error.
pub(super) fn read_small_file(path: &Path, max_bytes: u64) -> Result<Option<String>, String> {
    let bytes = read_small_bytes(path, max_bytes)?;
    bytes.map(String::from_utf8).transpose().map_err(|error| error.utf8_error().to_string())
}

/// Reads the bytes of a file that is expected to be small; `None` if it is not there.
///
/// # Errors
///
/// Says in words why it is not read.
pub(super) fn read_small_bytes(path: &Path, max_bytes: u64) -> Result<Option<Vec<u8>>, String> {
    let mut bytes = Vec::new();
    match read_regular(path, max_bytes, &mut bytes) {
        Ok(_) => Ok(Some(bytes)),
        Err(OpenError::Missing(error)) if path.symlink_metadata().is_ok() => {
            Err(format!("it is a link that leads nowhere: {error}"))
        }
        Err(OpenError::Missing(_)) => Ok(None),
        Err(OpenError::NotRegular) => Err("it is not a regular file".to_owned()),
        Err(OpenError::TooLarge { .. }) => Err(format!("it has more than {max_bytes} bytes")),
        Err(OpenError::Io(error)) => Err(error.to_string()),
    }
}

/// Returns whether a process is there and runs, by its folder in `/proc`. One that has ended and that its
/// parent has not asked about yet (a zombie) does not run.
pub fn is_running(process: &Path) -> bool {
    let Ok(Some(stat)) = read_small_bytes(&process.join("stat"), MAX_STAT_BYTES) else {
        return process.exists();
    };
    // The state stands behind the name, which may hold anything (proc_pid_stat(5)).
    let end = stat.iter().rposition(|byte| *byte == b')').unwrap_or_default();
    !matches!(stat.get(end + 2), Some(b'Z' | b'X' | b'x'))
}

/// Opens a file without waiting. The standard library closes it in programs that this one starts.
fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        let flags = rustix::fs::OFlags::NONBLOCK | rustix::fs::OFlags::NOCTTY;
        options.custom_flags(flags.bits().cast_signed());
    }
    options.open(path)
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;
    use std::os::unix::net::UnixListener;

    use super::*;
    use crate::disk::testing::Folder;
    use crate::disk::{ScanOptions, list, read_canvas, read_vault_settings};
    use crate::vault::{Cancel, VaultPath};

    const PLACES: [&str; 8] = [
        ".gitignore",
        ".ignore",
        "deep/.gitignore",
        ".vaultls.toml",
        ".obsidian/app.json",
        ".obsidian/templates.json",
        "n.md",
        "c.canvas",
    ];

    /// Puts something that is not a file to read at a place.
    fn put(kind: &str, path: &Path) {
        match kind {
            "pipe" => {
                let status = std::process::Command::new("mkfifo").arg(path).status();
                assert!(status.unwrap().success());
            }
            "folder" => fs::create_dir(path).unwrap(),
            "endless device" => symlink("/dev/zero", path).unwrap(),
            "terminal" => symlink("/dev/ptmx", path).unwrap(),
            "dangling link" => symlink("nowhere", path).unwrap(),
            "link to itself" => symlink(path, path).unwrap(),
            "too large" => File::create(path).unwrap().set_len(1 << 40).unwrap(),
            "not UTF-8" => fs::write(path, b"a\xFF\n").unwrap(),
            "socket" => drop(UnixListener::bind(path).unwrap()),
            _ => unreachable!(),
        }
    }

    /// Returns whether what lies at a place is reported; everything else of the vault must be known.
    fn is_reported(folder: &Folder, place: &str) -> bool {
        let root = folder.root();
        let settings = read_vault_settings(&root, &[]);
        let listing = list(&root, &ScanOptions::default(), &Cancel::new(), &|_| ()).unwrap();
        for known in ["a.md", "deep/a.md"] {
            assert!(listing.notes.iter().any(|path| path.as_str() == known), "{place}: {known}");
        }
        let report = listing.read(&listing.notes, &Cancel::new(), &|_, _| ()).unwrap();
        let mut unread = listing.unread.iter().chain(&report.unread);
        let canvas = read_canvas(&root, &VaultPath::resolve("", "c.canvas").unwrap());
        !settings.in_file.is_empty()
            || !settings.elsewhere.is_empty()
            || unread.any(|unread| unread.path == Path::new(place))
            || canvas.is_err()
    }

    /// What cannot be read is named and left out, and everything else is read, at once.
    #[test]
    fn only_regular_files_are_read_everywhere() {
        let kinds = [
            "pipe",
            "folder",
            "endless device",
            "terminal",
            "dangling link",
            "link to itself",
            "too large",
            "not UTF-8",
            "socket",
        ];
        for kind in kinds {
            for place in PLACES {
                let folder = Folder::new(&[("a.md", ""), ("deep/a.md", ""), (".obsidian/x", "")]);
                put(kind, &folder.path(place));
                // A folder may have any name, and a note that is not UTF-8 is read.
                let is_fine = matches!((kind, place), ("folder" | "not UTF-8", "n.md"));
                assert_eq!(is_reported(&folder, place), !is_fine, "{kind} at {place}");
            }
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_process_that_has_ended_does_not_run() {
        let mut child =
            std::process::Command::new("cat").stdin(std::process::Stdio::piped()).spawn().unwrap();
        let process = Path::new("/proc").join(child.id().to_string());
        assert!(is_running(&process));
        drop(child.stdin.take());
        // It ends, and is not asked about.
        while is_running(&process) {
            std::thread::yield_now();
        }
        assert!(process.exists());
        child.wait().unwrap();
        assert!(!is_running(&process));
    }

    #[test]
    fn no_more_than_the_limit_is_read() {
        let folder = Folder::new(&[("four", "1234"), ("five", "12345")]);
        let read = |name: &str| read_small_file(&folder.path(name), 4);
        assert_eq!(read("four"), Ok(Some("1234".to_owned())));
        assert_eq!(read("five"), Err("it has more than 4 bytes".to_owned()));
        assert_eq!(read("none"), Ok(None));
        // These say that they are empty, and are not.
        if Path::new("/proc/cpuinfo").exists() {
            let outcome = read_small_file(Path::new("/proc/cpuinfo"), 4);
            assert_eq!(outcome, Err("it has more than 4 bytes".to_owned()));
        }
    }
}
