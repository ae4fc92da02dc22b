//! Files by the path that a Markdown link or an image names them by: step by step, a folder after the other,
//! or whole by any of their names.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use crate::syntax::{LinkKind, decode_destination};
use crate::vault::{
    Cancelled, File, FileId, Letters, NameRow, NoteRef, PathError, Snapshot, VaultPath, searchable,
};

use crate::ide::completion::context::{Context, Destination, Draft};
use crate::ide::completion::providers::files::{best_misspelled, score_names};
use crate::ide::completion::ranking::distance::Distances;
use crate::ide::completion::{CompletionKind, CompletionSubject, Request, any_holds, scores};
use crate::ide::links::escape::{Delimiter, Encoding, Position, is_bracketed};
use crate::ide::links::write::{Others, TargetStyle, Wanted, write_target};
use crate::ide::search::matching::{Best, Effort, Query, Score};
use crate::ide::search::typos::TypoQuery;

/// How many links of a note are looked at for how their author writes them.
const MAX_EXAMPLES: usize = 100;

/// Of the roughly best, so many times more are compared exactly than are shown.
const ROUGH_FACTOR: usize = 4;

/// The files and folders that could be named next: what lies in the folder that was typed, and with letters
/// alone also files anywhere in the vault that have such a name. If no name holds what was typed, those that
/// hold it misspelled are among them.
pub(crate) fn paths(request: &Request<'_>, destination: Destination) -> Result<Vec<Draft>, Cancelled> {
    let writer = PathWriter::new(request, destination);
    let typed = decode_destination(request.context.typed.trim_start_matches('<'));
    let (above, last) =
        typed.rfind('/').and_then(|slash| typed.split_at_checked(slash + 1)).unwrap_or(("", &typed));
    let steps = match folder_of(&request.source, above) {
        Some(folder) => steps(request, destination, &folder)?,
        None => Vec::new(),
    };
    let scores = scores(&mut Query::new(last), &steps, Step::name);
    let is_found = scores.iter().any(Option::is_some);
    let has_whole = !last.is_empty() && (above.is_empty() || !is_found);
    let mut found = if has_whole { whole(request, destination, &typed)? } else { Vec::new() };
    let mut typos = TypoQuery::new(last);
    let is_spelled_right = typos.as_mut().is_some_and(|typos| {
        any_holds(typos, &steps, &scores, Step::name) || found.iter().any(|hit| hit.holds(typos))
    });
    let typos = typos.and_then(|typos| typos.beside(is_spelled_right));
    if has_whole && typos.is_some() {
        add_misspelled(request, destination, &typed, is_spelled_right, &mut found)?;
    }
    let steps = request.best(&steps, scores, typos, Step::name);
    let mut items: Vec<Draft> = steps.iter().map(|step| writer.step(above, step)).collect();
    let known: BTreeSet<FileId> = steps.iter().filter_map(|step| step.file()).collect();
    let others = found.into_iter().filter(|hit| !known.contains(&hit.row.id()));
    items.extend(others.map(|hit| writer.whole(hit.row.id(), hit.file)));
    items.truncate(request.max_items());
    Ok(items)
}

/// The folder of the vault that a path ending with `/` names; empty for the root, `None` if there is none.
fn folder_of(source: &NoteRef<'_>, above: &str) -> Option<String> {
    let from = if above.starts_with('/') { "" } else { source.path.folder() };
    match VaultPath::resolve(from, above) {
        Ok(folder) => Some(folder.as_str().to_owned()),
        Err(PathError::Empty) => Some(String::new()),
        Err(PathError::OutsideVault) => None,
    }
}

/// What lies right in a folder.
enum Step<'a> {
    File(FileId, &'a File),
    Folder(&'a str),
}

impl Step<'_> {
    fn name(&self) -> &str {
        match self {
            Step::File(_, file) => file.path.file_name(),
            Step::Folder(name) => name,
        }
    }

    fn file(&self) -> Option<FileId> {
        match self {
            Step::File(id, _) => Some(*id),
            Step::Folder(_) => None,
        }
    }
}

/// Whether a file can be shown or linked there.
fn belongs(destination: Destination, file: &File) -> bool {
    destination == Destination::Link || !file.is_note()
}

/// The files right in a folder, then its folders, each by name.
fn steps<'a>(
    request: &Request<'a>,
    destination: Destination,
    folder: &str,
) -> Result<Vec<Step<'a>>, Cancelled> {
    let mut files = Vec::new();
    let mut folders = BTreeSet::new();
    for (index, (id, file)) in request.vault.files().enumerate() {
        request.cancel.check_at(index)?;
        let path = file.path.as_str();
        let inside = if folder.is_empty() {
            Some(path)
        } else {
            path.strip_prefix(folder).and_then(|path| path.strip_prefix('/'))
        };
        let Some(inside) = inside.filter(|_| belongs(destination, file)) else { continue };
        match inside.split_once('/') {
            Some((inner, _)) => _ = folders.insert(inner),
            None if id == request.source.id => {}
            None => files.push((file.path.file_name(), id, file)),
        }
    }
    files.sort_unstable_by_key(|(name, ..)| *name);
    let files = files.into_iter().map(|(_, id, file)| Step::File(id, file));
    Ok(files.chain(folders.into_iter().map(Step::Folder)).collect())
}

/// A file that has such a name or path.
struct Hit<'a> {
    row: NameRow<'a>,
    file: &'a File,
    score: Score,
    distance: usize,
}

impl Hit<'_> {
    /// Whether one of its names holds what was typed as it is.
    fn holds(&self, typos: &mut TypoQuery) -> bool {
        self.row.names().any(|(_, name)| typos.stands_in(name))
    }
}

/// The files of the whole vault that have such a name, or such a path: best match first, then the nearer
/// folder.
fn whole<'a>(
    request: &Request<'a>,
    destination: Destination,
    typed: &str,
) -> Result<Vec<Hit<'a>>, Cancelled> {
    let mut query = Query::new(typed.trim_start_matches(['.', '/']));
    let by_path = typed.contains('/');
    let letters = if by_path { Letters::default() } else { query.letters() };
    let mut score = |row: NameRow<'_>, file: &File, effort| {
        if by_path {
            query.score_name(file.path.as_str())
        } else {
            score_names(&mut query, row, effort, |_| true).map(|(_, score)| score)
        }
    };
    let rough = |row: NameRow<'_>, file: &File| score(row, file, Effort::Rough);
    let mut found = best_files(request, destination, (letters, 0), rough)?;
    for hit in &mut found {
        hit.score = score(hit.row, hit.file, Effort::Exact).unwrap_or(hit.score);
    }
    sort_best(&mut found, request.max_items());
    Ok(found)
}

/// Adds the files of the whole vault that have such a name or path with a few letters wrong. One that is
/// known keeps the better match.
fn add_misspelled<'a>(
    request: &Request<'a>,
    destination: Destination,
    typed: &str,
    is_spelled_right: bool,
    found: &mut Vec<Hit<'a>>,
) -> Result<(), Cancelled> {
    let typed = typed.trim_start_matches(['.', '/']);
    let typos = TypoQuery::new(typed).and_then(|typos| typos.beside(is_spelled_right));
    let Some(mut typos) = typos else { return Ok(()) };
    let by_path = typed.contains('/');
    let letters = if by_path { Letters::default() } else { typos.letters() };
    let wrong = typos.wrong();
    let misspelled = best_files(request, destination, (letters, wrong), |row, file| match by_path {
        true => typos.score(&searchable(file.path.as_str())),
        false => best_misspelled(&mut typos, row).map(|(score, _)| score),
    })?;
    for hit in misspelled {
        match found.iter_mut().find(|known| known.row.id() == hit.row.id()) {
            Some(known) => known.score = known.score.max(hit.score),
            None => found.push(hit),
        }
    }
    sort_best(found, request.max_items());
    Ok(())
}

fn sort_best(found: &mut Vec<Hit<'_>>, max: usize) {
    found.sort_unstable_by_key(|hit| (Reverse(hit.score), hit.distance, &hit.file.path));
    found.truncate(max);
}

/// The best of the files whose names hold these letters, but for so many of them, in no particular order.
fn best_files<'a>(
    request: &Request<'a>,
    destination: Destination,
    (letters, wrong): (Letters, usize),
    mut score: impl FnMut(NameRow<'_>, &File) -> Option<Score>,
) -> Result<Vec<Hit<'a>>, Cancelled> {
    let mut distances = Distances::from(&request.source);
    let mut best = Best::new(request.max_items().saturating_mul(ROUGH_FACTOR));
    let groups = (0..request.vault.name_rows_count()).filter_map(|group| request.vault.name_rows(group));
    for (index, row) in groups.flat_map(|rows| rows.holding_most(letters, wrong)).enumerate() {
        request.cancel.check_at(index)?;
        if row.id() != request.source.id
            && let Some(file) = request.vault.file(row.id())
            && belongs(destination, file)
            && let Some(score) = score(row, file)
        {
            let distance = distances.to(row.id(), file);
            best.add((Reverse(score), distance), Hit { row, file, score, distance });
        }
    }
    Ok(best.into_candidates().into_iter().map(|(_, hit)| hit).collect())
}

/// Writes paths as the author of a note does.
struct PathWriter<'a> {
    vault: &'a Snapshot,
    context: &'a Context,
    folder: &'a str,
    /// Whether paths begin at the root and say so.
    is_rooted: bool,
    encoding: Encoding,
}

impl<'a> PathWriter<'a> {
    fn new(request: &'a Request<'_>, destination: Destination) -> PathWriter<'a> {
        let Request { vault, source, context, .. } = request;
        let note = source.note;
        let links =
            note.parsed.links.iter().filter(|link| {
                !link.is_external && !link.kind.is_wiki() && !link.span.touches(context.start())
            });
        let (mut brackets, mut encoded) = (0, 0);
        let mut examples = String::new();
        for link in links.take(MAX_EXAMPLES) {
            let written = note.slice(link.target);
            brackets += usize::from(is_bracketed(source, link));
            encoded += usize::from(written.contains("%20"));
            examples.push_str(&written);
        }
        let is_begun = context.typed.starts_with('<');
        let is_free = context.typed.is_empty() || !context.typed.contains(['/', '%']);
        let delimiter = match destination {
            Destination::Attribute => Delimiter::Quotes,
            _ if is_begun || is_free && brackets > encoded => Delimiter::AngleBrackets,
            _ => Delimiter::None,
        };
        let style = vault.link_style(source, context.start());
        PathWriter {
            vault,
            context,
            folder: source.path.folder(),
            is_rooted: context.typed.trim_start_matches('<').starts_with('/')
                || style.is_markdown_rooted && !context.typed.starts_with('.'),
            encoding: Encoding::like(&examples, delimiter),
        }
    }

    /// A file or folder behind the folders that were typed.
    fn step(&self, above: &str, step: &Step<'_>) -> Draft {
        let is_rooted = self.is_rooted && above.is_empty();
        match step {
            Step::File(id, file) if is_rooted => self.whole(*id, file),
            Step::File(_, file) => {
                let path = format!("{above}{}", file.path.file_name());
                self.file(file, file.path.file_name(), &path)
            }
            Step::Folder(name) => {
                let start = match is_rooted {
                    true if self.folder.is_empty() => "/".to_owned(),
                    true => format!("/{}/", self.folder),
                    false => above.to_owned(),
                };
                let new_text = self.write(&format!("{start}{name}"), false);
                let kind = CompletionKind::Folder;
                Draft { label: format!("{name}/"), kind, new_text, ..Draft::default() }
            }
        }
    }

    /// A file by all of its path.
    fn whole(&self, id: FileId, file: &File) -> Draft {
        let (place, style) = ((self.folder, LinkKind::Inline), TargetStyle::markdown(self.is_rooted));
        let path = write_target(self.vault, place, Wanted::exactly(id, Others::Farther), style);
        let path = path.unwrap_or_else(|| format!("/{}", file.path));
        self.file(file, &path, &path)
    }

    fn file(&self, file: &File, label: &str, path: &str) -> Draft {
        let title = file.note().and_then(|note| note.title());
        let is_plain = title.is_none_or(|title| title == file.path.stem());
        Draft {
            label: label.to_owned(),
            detail: title.filter(|_| !is_plain).map(str::to_owned),
            kind: if file.is_note() { CompletionKind::Note } else { CompletionKind::Attachment },
            new_text: self.write(path, true),
            subject: Some(CompletionSubject::File { path: file.path.to_string(), fragment: None }),
            ..Draft::default()
        }
    }

    fn write(&self, path: &str, is_whole: bool) -> String {
        // What was typed already stays as it is.
        let typed = self.context.typed.as_str();
        let begun = typed.rfind('/').and_then(|slash| typed.get(..=slash)).unwrap_or_default();
        let plain = begun.trim_start_matches('<');
        let (kept, path) = match path.strip_prefix(&*decode_destination(plain)) {
            Some(rest) => (plain, rest),
            None => ("", path),
        };
        let has_brackets = self.encoding.delimiter == Delimiter::AngleBrackets;
        let needs_brackets = typed.starts_with('<') || path.contains([' ', '(', ')']);
        let is_bracketed = has_brackets && needs_brackets;
        let delimiter =
            if has_brackets && !needs_brackets { Delimiter::None } else { self.encoding.delimiter };
        let position = Position::Path(Encoding { delimiter, ..self.encoding });
        let path = position.write(path).unwrap_or_default();
        let start = if is_bracketed { "<" } else { "" };
        let end = if is_bracketed && is_whole { ">" } else { "" };
        format!("{start}{kept}{path}{end}")
    }
}
