//! What a server answers while it reads its vault, against what it answers when it has read it.
//!
//! Everything is asked again and again from the first moment on, one request of each method at a time. An
//! answer is right if it is the one that the same server gives in the end. Where it may hold a part of
//! that, each thing in it is one of those in the end: completion, if it is marked as incomplete; the search
//! for a name; diagnostics, as the server asks for another pull; and a hover that says that the vault is
//! being read. "Nothing" where there is something in the end is false, and so is a refusal; to be asked to
//! try again, or to wait, is not.

use std::collections::{BTreeMap, HashMap, HashSet, hash_map::DefaultHasher};
use std::error::Error;
use std::fmt::Write;
use std::hash::{Hash, Hasher};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use vaultls::cli::{self, Reply, RequestError, RequestId, SessionError};
use vaultls::text::Text;

use crate::editor::Editor;
use crate::script::{Script, Visit, position};

/// Notes that are open, and others that are asked about.
const OPEN: usize = 3;
const CLOSED: usize = 5;

/// Links that are asked at in each.
const LINKS: usize = 3;

/// Between two rounds of questions.
const PAUSE: Duration = Duration::from_millis(2);

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

struct Question {
    method: &'static str,
    params: Value,
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
    Whole(u64),
    /// Hashes of its parts, each of which is true or false by itself.
    Parts {
        parts: HashSet<u64>,
        is_marked: bool,
    },
    Refused(RequestError),
}

#[derive(PartialEq, Eq)]
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
        if place < OPEN {
            let typed = visit.links.first().map(|link| format!("\n\n[[{}", link.target)).unwrap_or_default();
            editor.open(visit, &typed)?;
            questions.push(completion(visit, &typed));
        }
        questions.extend(about(visit));
    }
    questions.push(("textDocument/references", script.hub.0.references()));
    let mut questions: Vec<Question> = questions
        .into_iter()
        .map(|(method, params)| Question { method, params, answers: Vec::new() })
        .collect();
    ask_while_reading(&mut editor, &mut questions)?;
    let mut counts: BTreeMap<&'static str, Counts> = BTreeMap::new();
    for question in &questions {
        let outcome = match editor.client.request(question.method, question.params.clone()) {
            Ok(answered) => Ok(answered.result),
            Err(SessionError::Refused { error, .. }) => Err(error),
            Err(error) => return Err(error.into()),
        };
        let last = Answer::new(question.method, &outcome);
        counts.entry(question.method).or_default().add(question, &last, &shown(&outcome));
    }
    let root = format!("{}/", cli::file_uri(&script.root));
    for example in counts.values_mut().filter_map(|counts| counts.example.as_mut()) {
        *example = example.replace(&root, "");
    }
    editor.client.shut_down()?;
    Ok(counts)
}

/// Asks until the vault is read, and waits for the answers that are then left.
fn ask_while_reading(editor: &mut Editor, questions: &mut [Question]) -> Result<(), Box<dyn Error>> {
    let mut of_method: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, question) in questions.iter().enumerate() {
        of_method.entry(question.method).or_default().push(index);
    }
    let mut methods: Vec<_> = of_method.into_values().map(|own| own.into_iter().cycle()).collect();
    // By request: which method and question it is about.
    let mut waiting: HashMap<RequestId, (usize, usize)> = HashMap::new();
    let started = editor.client.started();
    let deadline = started + PATIENCE;
    while editor.client.vaults_read_at().is_none() || !waiting.is_empty() {
        if Instant::now() > deadline {
            return Err("the vault is not read, or a request is not answered".into());
        }
        if editor.client.vaults_read_at().is_none() {
            for (method, own) in methods.iter_mut().enumerate() {
                if waiting.values().any(|(busy, _)| *busy == method) {
                    continue;
                }
                let next = own.next().and_then(|index| Some((index, questions.get(index)?)));
                let Some((index, question)) = next else { continue };
                let id = editor.client.send_request(question.method, question.params.clone())?;
                waiting.insert(id, (method, index));
            }
        }
        let until = Instant::now() + PAUSE;
        while let Some(reply) = editor.client.reply(until)? {
            let question = waiting.remove(&reply.id).and_then(|(_, index)| questions.get_mut(index));
            let Some(question) = question else { continue };
            let is_early = editor.client.vaults_read_at().is_none();
            question.take(&reply, started, is_early);
        }
    }
    Ok(())
}

/// The completion of a link that was typed at the end of a note.
fn completion(visit: &Visit, typed: &str) -> (&'static str, Value) {
    let text = Text::from(&*format!("{}{typed}", visit.text.to_text()));
    let position = position(&text, text.end());
    let params = json!({"textDocument": {"uri": visit.uri}, "position": position});
    ("textDocument/completion", params)
}

/// What is asked about a note, open or not.
fn about(visit: &Visit) -> Vec<(&'static str, Value)> {
    let document = json!({"textDocument": {"uri": visit.uri}});
    let mut questions =
        vec![("textDocument/documentSymbol", document.clone()), ("textDocument/diagnostic", document)];
    for link in visit.links.iter().take(LINKS) {
        questions.push(("textDocument/definition", link.place.params()));
        questions.push(("textDocument/hover", link.place.params()));
        questions.push(("textDocument/references", link.place.references()));
        questions.push(("textDocument/prepareRename", link.place.params()));
        questions.push(("textDocument/rename", link.place.rename()));
    }
    questions.extend(visit.broken.iter().map(|broken| ("textDocument/hover", broken.params())));
    let query = visit.heading.as_ref().filter(|heading| !heading.is_empty());
    questions.extend(query.map(|heading| ("workspace/symbol", json!({"query": heading}))));
    questions
}

impl Question {
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
        let (parts, is_marked): (HashSet<u64>, bool) = match method {
            "textDocument/completion" => {
                let is_marked = result.get("isIncomplete") == Some(&Value::Bool(true));
                (items("items").iter().map(|item| hash(completed(item))).collect(), is_marked)
            }
            "workspace/symbol" => (items("").iter().map(hash).collect(), true),
            "textDocument/diagnostic" => {
                // None yet is nothing wrong: the server asks for another pull.
                let parts = items("items").iter().map(hash).collect();
                return Answer::Parts { parts, is_marked: true };
            }
            "textDocument/hover" => {
                let text = result.pointer("/contents/value").or(result.get("contents"));
                let text = text.and_then(Value::as_str).unwrap_or_default();
                let is_unknown = |line: &&str| line.to_lowercase().contains(STILL_READING);
                if text.lines().any(|line| is_unknown(&line)) {
                    let known = text.lines().filter(|line| !is_unknown(line));
                    return Answer::Parts { parts: known.map(hash).collect(), is_marked: true };
                }
                (text.lines().map(hash).collect(), false)
            }
            _ if is_empty(result) => return Answer::Nothing,
            _ => return Answer::Whole(hash(result)),
        };
        if parts.is_empty() { Answer::Nothing } else { Answer::Parts { parts, is_marked } }
    }

    fn verdict(&self, last: &Answer) -> Verdict {
        match (self, last) {
            (Answer::Refused(error), _) if ASK_AGAIN.contains(&error.code) => Verdict::AskAgain,
            (Answer::Parts { parts, .. }, Answer::Parts { parts: all, .. }) if parts == all => Verdict::Right,
            (Answer::Parts { parts, is_marked: true }, Answer::Parts { parts: all, .. })
                if parts.is_subset(all) =>
            {
                Verdict::Part
            }
            // A hover that says of a name that it may still come.
            (Answer::Parts { parts, is_marked: true }, Answer::Nothing) if parts.is_empty() => Verdict::Part,
            _ if self == last => Verdict::Right,
            _ => Verdict::Wrong,
        }
    }
}

/// What an item of completion inserts, and under which name; not how it is sorted or explained.
fn completed(item: &Value) -> [&Value; 3] {
    [item.get("label"), item.pointer("/textEdit/newText"), item.get("insertText")]
        .map(|part| part.unwrap_or(&Value::Null))
}

fn is_empty(result: &Value) -> bool {
    match result {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}

fn hash(value: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

fn shown(outcome: &Result<Value, RequestError>) -> String {
    let text = match outcome {
        Ok(result) => result.to_string(),
        Err(error) => format!("{} ({})", error.message, error.code),
    };
    text.chars().take(SHOWN_BYTES).collect()
}

impl Counts {
    fn add(&mut self, question: &Question, last: &Answer, last_shown: &str) {
        for given in &question.answers {
            self.asked += given.count;
            self.early += given.early;
            match given.answer.verdict(last) {
                Verdict::Right => self.right += given.count,
                Verdict::Part => self.part += given.count,
                Verdict::AskAgain => self.ask_again += given.count,
                Verdict::Wrong => {
                    self.wrong += given.count;
                    self.example.get_or_insert_with(|| example(question, given, last_shown));
                }
            }
        }
    }
}

fn example(question: &Question, given: &Given, last_shown: &str) -> String {
    let mut text = format!("{} of {}", question.method, question.params);
    let milliseconds = given.after.as_millis();
    let _ = write!(text, "\n    after {milliseconds} ms: {}\n    in the end: {last_shown}", given.shown);
    text
}
