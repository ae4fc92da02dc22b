//! What a server answers while it reads its vault, against what it answers when it has read it.
//!
//! Everything is asked again and again from the first moment on, one request of each method at a time. An
//! answer is right if it is the one that the same server gives in the end. Where it may hold a part of
//! that, each thing in it is one of those in the end: completion, if it is marked as incomplete; the search
//! for a name; diagnostics, as the server asks for another pull; and a hover that says that the vault is
//! being read. "Nothing" where there is something in the end is false, and so is a refusal; to be asked to
//! try again, or to wait, is not.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::error::Error;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use vaultls::cli::{self, Reply, RequestError, RequestId, SessionError};
use vaultls::text::Text;

use crate::editor::Editor;
use crate::script::{GoodLink, Script, Visit, position};

/// Notes that are open, and others that are asked about.
const OPEN: usize = 3;
const CLOSED: usize = 5;

/// Links that are asked at in each.
const LINKS: usize = 3;

/// Between two rounds of questions.
const PAUSE: Duration = Duration::from_millis(2);

/// How many times as long as its last answer took a method is left alone, so that the vault is read all the
/// same; but no longer than this, for an answer may only have waited.
const RESTS: u32 = 3;
const LONGEST_REST: Duration = Duration::from_millis(100);

/// How long the server may read its vault, and then answer what it was asked.
const PATIENCE: Duration = Duration::from_secs(900);

/// LSP's codes for "ask again": `RequestCancelled`, `ContentModified`, `ServerCancelled`.
const ASK_AGAIN: [i64; 3] = [-32800, -32801, -32802];

/// What a hover says of what may still come, in lower case.
const STILL_READING: &str = "still reading the vault";

/// How much of a false answer is shown.
const SHOWN_BYTES: usize = 300;

/// How often the answers of a method were what.
#[derive(Default)]
pub(crate) struct Counts {
    pub(crate) asked: usize,
    /// Answered while the vault was read.
    pub(crate) early: usize,
    pub(crate) right: usize,
    /// A part, where that is allowed.
    pub(crate) part: usize,
    pub(crate) ask_again: usize,
    pub(crate) wrong: usize,
    /// The first false answer.
    pub(crate) example: Option<String>,
}

struct Question<'a> {
    method: &'static str,
    params: Value,
    /// The note at whose end a link is typed, for its completion.
    typed_in: Option<&'a Visit>,
    answers: Vec<Given>,
}

/// An answer that came, once or several times.
struct Given {
    answer: Answer,
    count: usize,
    early: usize,
    /// As text, cut, and when it came first.
    shown: String,
    after: Duration,
}

/// What of an answer is compared.
#[derive(PartialEq, Eq)]
enum Answer {
    Nothing,
    Whole(String),
    /// What is in it, each of which is true or false by itself.
    Parts {
        parts: HashSet<String>,
        is_marked: bool,
    },
    Refused(RequestError),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Right,
    Part,
    AskAgain,
    Wrong,
}

/// Starts a server and counts by method how often it is right before it has read the vault.
pub(crate) fn measure(script: &Script) -> Result<BTreeMap<&'static str, Counts>, Box<dyn Error>> {
    let mut editor = Editor::start(&script.root)?;
    let mut questions = Vec::new();
    let step = (script.visits.len() / (OPEN + CLOSED)).max(1);
    for (place, visit) in script.visits.iter().step_by(step).take(OPEN + CLOSED).enumerate() {
        if let Some(link) = visit.links.first().filter(|_| place < OPEN) {
            let typed = format!("\n\n[[{}", link.target);
            editor.open(visit, &typed)?;
            let params = at_end(visit, &typed);
            let typed_in = Some(visit);
            questions.push(Question {
                method: "textDocument/completion",
                params,
                typed_in,
                answers: Vec::new(),
            });
        }
        questions.extend(about(visit));
    }
    questions.push(Question::new("textDocument/references", script.hub.0.references()));
    ask_while_reading(&mut editor, &mut questions)?;
    let root = format!("{}/", cli::file_uri(&script.root));
    let mut counts: BTreeMap<&'static str, Counts> = BTreeMap::new();
    let mut lasts = Vec::new();
    for question in &questions {
        let outcome = match editor.client.request(question.method, question.params.clone()) {
            Ok(answered) => Ok(answered.result),
            Err(SessionError::Refused { error, .. }) => Err(error),
            Err(error) => return Err(error.into()),
        };
        lasts.push((Answer::new(question.method, &outcome), shown(&outcome)));
    }
    for (question, (last, last_shown)) in questions.iter().zip(&lasts) {
        let cut = question.cut_from(last, &mut editor)?;
        let counts = counts.entry(question.method).or_default();
        for given in &question.answers {
            let verdict = given.answer.verdict(last, &cut);
            if verdict == Verdict::Wrong && counts.example.is_none() {
                let differing = given.answer.differing(last, &cut).unwrap_or(&given.shown);
                let (method, params, after) = (question.method, &question.params, given.after.as_millis());
                let example = format!(
                    "{method} of {params}\n    after {after} ms: {differing}\n    in the end: {last_shown}"
                );
                counts.example = Some(example.replace(&root, ""));
            }
            counts.add(given, verdict);
        }
    }
    editor.client.shut_down()?;
    Ok(counts)
}

/// Asks until the vault is read, and waits for the answers that are then left.
fn ask_while_reading(editor: &mut Editor, questions: &mut [Question<'_>]) -> Result<(), Box<dyn Error>> {
    let mut of_method: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, question) in questions.iter().enumerate() {
        of_method.entry(question.method).or_default().push(index);
    }
    // By method: its questions in turns, and when the next may be asked; `None` while one is not answered.
    let mut methods: Vec<_> =
        of_method.into_values().map(|own| (own.into_iter().cycle(), Some(Instant::now()))).collect();
    // By request: the method and the question that it is about, and when it was sent.
    let mut waiting: HashMap<RequestId, (usize, usize, Instant)> = HashMap::new();
    let started = editor.client.started();
    let deadline = started + PATIENCE;
    while editor.client.vaults_read_at().is_none() || !waiting.is_empty() {
        if Instant::now() > deadline {
            return Err("the vault is not read, or a request is not answered".into());
        }
        if editor.client.vaults_read_at().is_none() {
            for (method, (own, free)) in methods.iter_mut().enumerate() {
                let now = Instant::now();
                if free.is_none_or(|free| now < free) {
                    continue;
                }
                let next = own.next().and_then(|index| Some((index, questions.get(index)?)));
                let Some((index, question)) = next else { continue };
                let id = editor.client.send_request(question.method, question.params.clone())?;
                waiting.insert(id, (method, index, now));
                *free = None;
            }
        }
        let until = Instant::now() + PAUSE;
        while let Some(reply) = editor.client.reply(until)? {
            let Some((method, index, sent)) = waiting.remove(&reply.id) else { continue };
            if let Some((_, free)) = methods.get_mut(method) {
                let rest = RESTS * reply.at.duration_since(sent);
                *free = Some(reply.at + rest.min(LONGEST_REST));
            }
            let is_early = editor.client.vaults_read_at().is_none();
            if let Some(question) = questions.get_mut(index) {
                question.take(&reply, started, is_early);
            }
        }
    }
    Ok(())
}

/// The end of a note to which something was added, as parameters of a request.
fn at_end(visit: &Visit, added: &str) -> Value {
    let text = Text::from(&*format!("{}{added}", visit.text.to_text()));
    json!({"textDocument": {"uri": visit.uri}, "position": position(&text, text.end())})
}

/// What is asked about a note, open or not.
fn about(visit: &Visit) -> Vec<Question<'_>> {
    let document = json!({"textDocument": {"uri": visit.uri}});
    let mut questions = vec![
        Question::new("textDocument/documentSymbol", document.clone()),
        Question::new("textDocument/diagnostic", document),
    ];
    for GoodLink { place, .. } in visit.links.iter().take(LINKS) {
        questions.extend([
            Question::new("textDocument/definition", place.params()),
            Question::new("textDocument/hover", place.params()),
            Question::new("textDocument/references", place.references()),
            Question::new("textDocument/prepareRename", place.params()),
            Question::new("textDocument/rename", place.rename()),
        ]);
    }
    questions.extend(visit.broken.iter().map(|broken| Question::new("textDocument/hover", broken.params())));
    let query = visit.heading.as_ref().filter(|heading| !heading.is_empty());
    questions.extend(query.map(|heading| Question::new("workspace/symbol", json!({"query": heading}))));
    questions
}

impl<'a> Question<'a> {
    fn new(method: &'static str, params: Value) -> Question<'a> {
        Question { method, params, typed_in: None, answers: Vec::new() }
    }

    /// What was answered early, is not in the last answer and yet is true: lists are cut, and more is known
    /// of the whole vault. It is found by its own name.
    fn cut_from(&self, last: &Answer, editor: &mut Editor) -> Result<HashSet<String>, Box<dyn Error>> {
        let mut cut = HashSet::new();
        let Answer::Parts { parts: last, .. } = last else { return Ok(cut) };
        let missing = self.answers.iter().filter_map(|given| match &given.answer {
            Answer::Parts { parts, .. } => Some(parts.difference(last)),
            _ => None,
        });
        let missing: HashSet<&String> = missing.flatten().collect();
        for part in missing {
            let part: Value = serde_json::from_str(part).unwrap_or_default();
            let params = match (self.method, self.typed_in) {
                ("workspace/symbol", _) => json!({"query": part.get("name")}),
                ("textDocument/completion", Some(visit)) => {
                    let inserted = part.get(1).and_then(Value::as_str).unwrap_or_default();
                    let name = inserted.split(['|', '#', ']']).next().unwrap_or_default();
                    let typed = format!("\n\n[[{}", name.trim());
                    editor.replace(visit, &typed)?;
                    at_end(visit, &typed)
                }
                _ => return Ok(cut),
            };
            let found = Answer::new(self.method, &Ok(editor.client.request(self.method, params)?.result));
            if let Answer::Parts { parts, .. } = found {
                cut.extend(parts);
            }
            // Of a name that more headings have than a list is long, the note itself tells.
            let written = part.to_string();
            if self.method == "workspace/symbol" && !cut.contains(&written) && is_in_its_note(&part, editor)?
            {
                cut.insert(written);
            }
        }
        Ok(cut)
    }

    fn take(&mut self, reply: &Reply, started: Instant, is_early: bool) {
        let answer = Answer::new(self.method, &reply.outcome);
        let known = self.answers.iter_mut().find(|given| given.answer == answer);
        if let Some(given) = known {
            given.count += 1;
            given.early += usize::from(is_early);
            return;
        }
        let (shown, after) = (shown(&reply.outcome), reply.at.duration_since(started));
        self.answers.push(Given { answer, count: 1, early: usize::from(is_early), shown, after });
    }
}

impl Answer {
    fn new(method: &str, outcome: &Result<Value, RequestError>) -> Answer {
        let result = match outcome {
            Ok(result) => result,
            Err(error) => return Answer::Refused(error.clone()),
        };
        let items =
            |field: &str| result.get(field).unwrap_or(result).as_array().map_or(&[][..], Vec::as_slice);
        let (parts, is_marked): (HashSet<String>, bool) = match method {
            "textDocument/completion" => {
                let is_marked = result.get("isIncomplete") == Some(&Value::Bool(true));
                (items("items").iter().map(completed).collect(), is_marked)
            }
            "workspace/symbol" => (items("").iter().map(Value::to_string).collect(), true),
            "textDocument/diagnostic" => {
                // None yet is nothing wrong: the server asks for another pull.
                let parts = items("items").iter().map(Value::to_string).collect();
                return Answer::Parts { parts, is_marked: true };
            }
            "textDocument/hover" => {
                let text = result.pointer("/contents/value").or(result.get("contents"));
                let text = text.and_then(Value::as_str).unwrap_or_default();
                let is_unknown = |line: &&str| line.to_lowercase().contains(STILL_READING);
                if text.lines().any(|line| is_unknown(&line)) {
                    let known = text.lines().filter(|line| !is_unknown(line));
                    return Answer::Parts { parts: known.map(str::to_owned).collect(), is_marked: true };
                }
                (text.lines().map(str::to_owned).collect(), false)
            }
            _ if is_empty(result) => return Answer::Nothing,
            _ => return Answer::Whole(result.to_string()),
        };
        if parts.is_empty() { Answer::Nothing } else { Answer::Parts { parts, is_marked } }
    }

    /// What this answer is, if the whole vault gives the last one, cut by the rest.
    fn verdict(&self, last: &Answer, cut: &HashSet<String>) -> Verdict {
        match (self, last) {
            (Answer::Refused(error), _) if ASK_AGAIN.contains(&error.code) => Verdict::AskAgain,
            (Answer::Parts { parts, .. }, Answer::Parts { parts: last, .. }) if parts == last => {
                Verdict::Right
            }
            (Answer::Parts { is_marked: true, .. }, Answer::Parts { .. })
                if self.differing(last, cut).is_none() =>
            {
                Verdict::Part
            }
            // A hover that says of a name that it may still come.
            (Answer::Parts { parts, is_marked: true }, Answer::Nothing) if parts.is_empty() => Verdict::Part,
            _ if self == last => Verdict::Right,
            _ => Verdict::Wrong,
        }
    }

    /// The first part that the whole vault does not give.
    fn differing<'a>(&'a self, last: &Answer, cut: &HashSet<String>) -> Option<&'a String> {
        match (self, last) {
            (Answer::Parts { parts, .. }, Answer::Parts { parts: last, .. }) => {
                parts.iter().filter(|part| !last.contains(*part) && !cut.contains(*part)).min()
            }
            _ => None,
        }
    }
}

/// Whether the note that a symbol is said to be in has it, there and with this name.
fn is_in_its_note(symbol: &Value, editor: &mut Editor) -> Result<bool, Box<dyn Error>> {
    let document = json!({"textDocument": {"uri": symbol.pointer("/location/uri")}});
    let outline = editor.client.request("textDocument/documentSymbol", document)?.result;
    let start = symbol.pointer("/location/range/start");
    let mut left: Vec<&Value> = outline.as_array().into_iter().flatten().collect();
    while let Some(heading) = left.pop() {
        if heading.get("name") == symbol.get("name")
            && ["/range/start", "/selectionRange/start"].iter().any(|place| heading.pointer(place) == start)
        {
            return Ok(true);
        }
        left.extend(heading.get("children").and_then(Value::as_array).into_iter().flatten());
    }
    Ok(false)
}

/// What an item of completion inserts, and under which name; not how it is sorted or explained.
fn completed(item: &Value) -> String {
    let parts = [item.get("label"), item.pointer("/textEdit/newText"), item.get("insertText")];
    json!(parts).to_string()
}

fn is_empty(result: &Value) -> bool {
    match result {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}

fn shown(outcome: &Result<Value, RequestError>) -> String {
    let text = match outcome {
        Ok(result) => result.to_string(),
        Err(error) => format!("{} ({})", error.message, error.code),
    };
    text.chars().take(SHOWN_BYTES).collect()
}

impl Counts {
    fn add(&mut self, given: &Given, verdict: Verdict) {
        self.asked += given.count;
        self.early += given.early;
        *match verdict {
            Verdict::Right => &mut self.right,
            Verdict::Part => &mut self.part,
            Verdict::AskAgain => &mut self.ask_again,
            Verdict::Wrong => &mut self.wrong,
        } += given.count;
    }
}
