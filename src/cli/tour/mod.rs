//! `vaultls tour`: a session of an editor with a server process in the user's vault, shown step by step.
//!
//! Nothing is written to the vault: notes are opened and edited as in an editor, and never saved.

mod places;
mod session;
mod show;

use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::client::SessionError;
use super::exit::Exit;
use super::load::{Loaded, load};
use super::terminal::{is_closed_pipe, print_error};
use places::{Route, Stop, choose};
use session::Session;
use show::Guide;

/// Shows a session in a vault, with this program as the server.
pub fn tour(folder: &Path) -> Exit {
    let program = match std::env::current_exe() {
        Ok(program) => program,
        Err(error) => {
            print_error(&format!("cannot find the path of this program: {error}"));
            return Exit::Failed;
        }
    };
    let loaded = match load(folder, &|_| {}) {
        Ok(loaded) => loaded,
        Err(error) => {
            print_error(&format!("{}: {error}", folder.display()));
            return Exit::Failed;
        }
    };
    let Some(route) = choose(&loaded.vault) else {
        print_error(&format!("{}: no notes (.md, .markdown) found", folder.display()));
        return Exit::Failed;
    };
    let mut guide = Guide::new();
    match guided(&mut guide, &loaded, &route, &program) {
        Ok(()) if guide.missing() == 0 => Exit::Clean,
        Ok(()) => Exit::Findings,
        Err(TourError::Write(error)) if is_closed_pipe(&error) => Exit::Findings,
        Err(TourError::Write(error)) => {
            print_error(&format!("cannot write the tour: {error}"));
            Exit::Failed
        }
        Err(TourError::Session(error)) => {
            print_error(&error.to_string());
            match error {
                SessionError::Start(_) => Exit::Failed,
                _ => Exit::Findings,
            }
        }
    }
}

/// Why a tour ends early.
#[derive(Debug)]
enum TourError {
    Session(SessionError),
    Write(std::io::Error),
}

impl From<SessionError> for TourError {
    fn from(error: SessionError) -> TourError {
        TourError::Session(error)
    }
}

impl From<std::io::Error> for TourError {
    fn from(error: std::io::Error) -> TourError {
        TourError::Write(error)
    }
}

fn guided(guide: &mut Guide, loaded: &Loaded, route: &Route, program: &Path) -> Result<(), TourError> {
    guide.vault(loaded)?;
    let (mut session, initialized) = Session::start(program, &loaded.root)?;
    guide.started(session.server_name(), session.started(), initialized)?;
    let (indexed, stats) = session.wait_for_index()?;
    guide.indexed(indexed, &stats)?;
    completion(guide, &mut session, route)?;
    definition(guide, &mut session, "A link", route.link.as_ref())?;
    definition(guide, &mut session, "A link to a heading", route.heading_link.as_ref())?;
    definition(guide, &mut session, "A link in another spelling", route.loose_link.as_ref())?;
    hover(guide, &mut session, "The target of a link", route.link.as_ref())?;
    hover(guide, &mut session, "A timestamp", route.timestamp.as_ref())?;
    hover(guide, &mut session, "An unresolved link", route.broken_link.as_ref())?;
    diagnostics(guide, &mut session, route)?;
    let ending = Instant::now();
    session.shut_down()?;
    guide.end(ending.elapsed())?;
    Ok(())
}

/// Types the start of a link at the end of the first note, letter by letter. The note is not saved.
fn completion(guide: &mut Guide, session: &mut Session, route: &Route) -> Result<(), TourError> {
    const LETTERS: usize = 6;
    let title = "A link as it is typed";
    let Some(name) = &route.name_to_type else {
        return Ok(guide.skip(title, "no other note in this vault")?);
    };
    // After one of these a link has no more of the name.
    let letters = name.chars().take(LETTERS).take_while(|letter| !"[]|#^\\".contains(*letter));
    let start = format!("[[{}", letters.collect::<String>());
    session.open(&route.note)?;
    let mut took: Vec<Duration> = Vec::new();
    let mut answer = None;
    let mut typed = String::new();
    for letter in start.chars() {
        typed.push(letter);
        let position = session.type_at_end(&route.note, &typed)?;
        // Editors ask from the second bracket on.
        if typed.len() < 2 {
            continue;
        }
        let answered = session.at_position("textDocument/completion", &route.note.path, position);
        match answered {
            Ok(answered) => {
                took.push(answered.took);
                answer = Some(answered.result);
            }
            Err(error) => return guide.failed(title, error),
        }
    }
    session.close(&route.note)?;
    guide.completion(title, &route.note, &start, &took, &answer.unwrap_or_default())?;
    Ok(())
}

fn definition(
    guide: &mut Guide,
    session: &mut Session,
    title: &str,
    stop: Option<&Stop>,
) -> Result<(), TourError> {
    let Some(stop) = stop else { return Ok(guide.skip(title, "none in this vault")?) };
    session.open(stop)?;
    let answered = session.at_stop("textDocument/definition", stop);
    session.close(stop)?;
    match answered {
        Ok(answered) => {
            let targets = session.targets(&answered.result);
            guide.definition(title, stop, answered.took, &targets)?;
        }
        Err(error) => guide.failed(title, error)?,
    }
    Ok(())
}

fn hover(
    guide: &mut Guide,
    session: &mut Session,
    title: &str,
    stop: Option<&Stop>,
) -> Result<(), TourError> {
    let Some(stop) = stop else { return Ok(guide.skip(title, "none in this vault")?) };
    session.open(stop)?;
    let answered = session.at_stop("textDocument/hover", stop);
    session.close(stop)?;
    match answered {
        Ok(answered) => {
            let contents = answered.result.get("contents");
            let markdown = contents.and_then(|contents| contents.get("value").or(Some(contents)));
            guide.hover(title, stop, answered.took, markdown.and_then(Value::as_str).unwrap_or_default())?;
        }
        Err(error) => guide.failed(title, error)?,
    }
    Ok(())
}

fn diagnostics(guide: &mut Guide, session: &mut Session, route: &Route) -> Result<(), TourError> {
    let title = "Problems in a note";
    // A note with a broken link has something to show.
    let stop = route.broken_link.as_ref().unwrap_or(&route.note);
    session.open(stop)?;
    let answered = session.diagnostics(stop);
    session.close(stop)?;
    match answered {
        Ok((items, took)) => guide.diagnostics(title, stop, took, &session.findings(stop, &items))?,
        Err(error) => guide.failed(title, error)?,
    }
    Ok(())
}
