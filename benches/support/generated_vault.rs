//! Vaults made from nothing, for benchmarks and tests: the same notes for the same count and seed, on every
//! machine.
//!
//! They look like vaults that were written from videos: channels as folders with a hub note each, names in
//! `snake_case`, `[[stem | Title words]]`, timestamps in all forms, and the faults of such vaults in about
//! the frequency in which they occur there. All words are made up.

use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// The seed of all vaults whose figures are published.
pub(crate) const DEFAULT_SEED: u64 = 0x5EED;

/// How many notes a channel has.
const NOTES_PER_CHANNEL: usize = 400;

/// How many bytes the largest note of a vault has; only vaults of a thousand notes and more have one.
const HUGE_NOTE_BYTES: usize = 1 << 20;

/// How many notes link to the first hub besides those of its channel; only in vaults of twenty thousand notes
/// and more.
const LINKS_TO_FIRST_HUB: usize = 2_250;

/// A vault of so many notes and more is one of short notes of 1 KB.
const SHORT_NOTES_FROM: usize = 500_000;

/// How many notes a thread writes before it takes the next.
const NOTES_PER_TURN: usize = 500;

/// The notes of a vault, path and text, hubs first. A note is written when the iterator comes to it.
pub(crate) fn generate(notes: usize, seed: u64) -> impl Iterator<Item = (String, String)> {
    let plan = Plan::new(notes, seed);
    (0..notes).map(move |index| (plan.path(index), plan.text(index)))
}

/// Writes a vault into a folder, which is made if it is not there, on all processors. Answers how many bytes
/// its notes have.
///
/// # Errors
///
/// If the folder cannot be written.
pub(crate) fn write_to(folder: &Path, notes: usize, seed: u64) -> io::Result<u64> {
    let plan = Plan::new(notes, seed);
    for channel in 0..plan.channels.min(notes) {
        fs::create_dir_all(folder.join(plan.path(channel)).parent().unwrap_or(folder))?;
    }
    let next = AtomicUsize::new(0);
    let write = || {
        let mut bytes = 0;
        loop {
            let first = next.fetch_add(NOTES_PER_TURN, Ordering::Relaxed);
            if first >= notes {
                return Ok(bytes);
            }
            for index in first..(first + NOTES_PER_TURN).min(notes) {
                let text = plan.text(index);
                fs::write(folder.join(plan.path(index)), &text)?;
                bytes += text.len() as u64;
            }
        }
    };
    let processors = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        let threads: Vec<_> = (0..processors).map(|_| scope.spawn(write)).collect();
        let written = threads.into_iter().map(|thread| {
            thread.join().unwrap_or_else(|_| Err(io::Error::other("a thread that writes notes has panicked")))
        });
        written.sum()
    })
}

/// A typical note of 6 KB, on its own.
pub(crate) fn typical_note(seed: u64) -> String {
    Plan::new(NOTES_PER_CHANNEL, seed).body(1, 6_000)
}

/// A note of at least `bytes` bytes, on its own.
pub(crate) fn note_of(bytes: usize, seed: u64) -> String {
    Plan::new(NOTES_PER_CHANNEL, seed).body(1, bytes)
}

/// What every note must know of the others: their names. Notes are written from it one by one.
struct Plan {
    seed: u64,
    words: Vec<String>,
    notes: Vec<NotePlan>,
    channels: usize,
    missing_titles: Vec<String>,
}

struct NotePlan {
    channel: usize,
    title: String,
    stem: String,
}

impl Plan {
    fn new(count: usize, seed: u64) -> Plan {
        let mut random = Random::new(seed);
        let words = vocabulary(&mut random);
        let channels = count.div_ceil(NOTES_PER_CHANNEL).max(1);
        let mut taken = HashSet::new();
        let mut notes: Vec<NotePlan> = Vec::with_capacity(count);
        for index in 0..count {
            let is_hub = index < channels;
            let channel = index % channels;
            let length = if is_hub { random.between(1, 2) } else { random.between(2, 8) };
            let mut title = new_title(&words, length, &mut random);
            if !is_hub && channels > 1 && random.one_in(60) {
                // The name of a note of another channel: links to it are ambiguous, or decided by nearness.
                let other = notes.get(random.below(index)).filter(|other| other.channel != channel);
                title = other.map_or(title, |other| other.title.clone());
            }
            // A hub has a name of its own among all hubs, for it names the folder of its channel.
            let among = if is_hub { channels } else { channel };
            while !taken.insert((among, stem_of(&title))) {
                title = format!("{title} {}", random.pick(&words));
            }
            if is_hub {
                taken.insert((channel, stem_of(&title)));
            }
            notes.push(NotePlan { channel, stem: stem_of(&title), title });
        }
        let known: HashSet<&str> = notes.iter().map(|note| note.stem.as_str()).collect();
        let missing = (0..count / 4 + 8).map(|_| new_title(&words, random.between(3, 7), &mut random));
        let missing_titles = missing.filter(|title| !known.contains(stem_of(title).as_str())).collect();
        Plan { seed, words, notes, channels, missing_titles }
    }

    fn path(&self, index: usize) -> String {
        let Some(note) = self.notes.get(index) else { return String::new() };
        format!("{}/{}.md", self.hub_stem(note), note.stem)
    }

    fn hub_stem(&self, note: &NotePlan) -> &str {
        self.notes.get(note.channel).map_or("channel", |hub| &hub.stem)
    }

    fn text(&self, index: usize) -> String {
        if index < self.channels {
            return self.hub(index);
        }
        let mut random = self.random_of(index);
        if self.notes.len() >= SHORT_NOTES_FROM {
            return self.short(index, random.log_normal(1_000.0, 0.3).clamp(400, 4_000));
        }
        let bytes = match index {
            _ if self.notes.len() >= 1_000 && index == self.channels => HUGE_NOTE_BYTES,
            _ if random.one_in(500) => random.between(60_000, 300_000),
            _ => random.log_normal(5_600.0, 0.45).clamp(1_800, 14_000),
        };
        self.body(index, bytes)
    }

    /// The note of a channel, with a link to each of its notes, grouped by video.
    fn hub(&self, index: usize) -> String {
        let mut random = self.random_of(index);
        let Some(hub) = self.notes.get(index) else { return String::new() };
        let mut out = format!("---\ntitle: {}\n---\n", hub.title);
        let members = self.notes.iter().skip(index + self.channels).step_by(self.channels);
        for (place, member) in members.enumerate() {
            if place % 5 == 0 {
                let title = new_title(&self.words, random.between(3, 7), &mut random);
                out +=
                    &format!("\n### [{title}](https://www.youtube.com/watch?v={})\n", video_id(&mut random));
            }
            out += &format!("- [[{} | {}]]\n", member.stem, member.title);
        }
        out
    }

    /// A note of a video, of about so many bytes.
    fn body(&self, index: usize, bytes: usize) -> String {
        let mut random = self.random_of(index);
        random.next();
        let Some(note) = self.notes.get(index) else { return String::new() };
        let video = video_id(&mut random);
        let mut out = format!("---\ntitle: {}\nvideoId: {video}\n", note.title);
        if random.one_in(20) {
            out += &format!("aliases: [{}]\n", new_title(&self.words, 2, &mut random));
        }
        out += &format!("---\n\nFrom: [[{}]] <br/> \n\n", self.hub_stem(note));
        out += &self.link_to_first_hub(index);
        let mut writer = NoteWriter {
            plan: self,
            index,
            channel: note.channel,
            video,
            seconds: 0,
            // `14:55:00` for 14 minutes 55 seconds, all through the note.
            units_slipped: random.one_in(14),
            headings: 0,
            random,
        };
        while out.len() < bytes {
            writer.section(&mut out);
        }
        if writer.random.one_in(50) { out.replace('\n', "\r\n") } else { out }
    }

    /// A note as a person types it: a heading, one paragraph of about so many bytes, two or three links.
    fn short(&self, index: usize, bytes: usize) -> String {
        let random = self.random_of(index);
        let Some(note) = self.notes.get(index) else { return String::new() };
        let mut out = format!("# {}\n\n", note.title);
        let mut writer = NoteWriter {
            plan: self,
            index,
            channel: note.channel,
            video: String::new(),
            seconds: 0,
            units_slipped: false,
            headings: 0,
            random,
        };
        out += &self.link_to_first_hub(index);
        let links = writer.random.between(1, 3);
        for place in 0..=links {
            let end = bytes * (place + 1) / (links + 1);
            while out.len() < end {
                let words = writer.random.between(6, 16);
                writer.words(&mut out, words, None);
                out += ". ";
            }
            if place < links {
                out += &format!("See {}. ", writer.link());
            }
        }
        out.truncate(out.trim_end().len());
        out.push('\n');
        out
    }

    /// The link to the first hub in the notes that have one, evenly spread.
    fn link_to_first_hub(&self, index: usize) -> String {
        let notes = self.notes.len();
        let links_before = |index: usize| index * LINKS_TO_FIRST_HUB / notes;
        match self.notes.first() {
            Some(hub) if notes >= 20_000 && links_before(index) != links_before(index + 1) => {
                format!("Home: [[{}]]\n\n", hub.stem)
            }
            _ => String::new(),
        }
    }

    /// The name of a heading, known without writing the note.
    fn heading(&self, index: usize, heading: usize) -> String {
        let mut random = Random::new(self.seed ^ ((index as u64) << 24) ^ (heading as u64) ^ 0xBEAD);
        new_title(&self.words, random.between(1, 5), &mut random)
    }

    fn random_of(&self, index: usize) -> Random {
        Random::new(self.seed.wrapping_mul(31).wrapping_add(index as u64))
    }
}

/// Writes one note of a video, section by section, its clock running on.
struct NoteWriter<'a> {
    plan: &'a Plan,
    index: usize,
    channel: usize,
    video: String,
    seconds: usize,
    units_slipped: bool,
    headings: usize,
    random: Random,
}

impl NoteWriter<'_> {
    fn section(&mut self, out: &mut String) {
        let heading = self.plan.heading(self.index, self.headings);
        self.headings += 1;
        let level = if self.random.one_in(3) { "###" } else { "##" };
        *out += &format!("{level} {heading}\n\n");
        if self.random.one_in(60) {
            *out += "```text\n[[not a link]] #not-a-tag [00:00:01]\n```\n\n";
        }
        if self.random.one_in(40) {
            *out += "> [!note] ";
        }
        let is_list = self.random.one_in(4);
        for _ in 0..self.random.between(3, 8) {
            if is_list {
                *out += "- ";
            }
            self.sentence(out);
            out.push(if is_list { '\n' } else { ' ' });
        }
        if self.random.one_in(60) {
            *out += "動画の要点を短くまとめた段落です。";
        }
        out.truncate(out.trim_end().len());
        *out += "\n\n";
    }

    fn sentence(&mut self, out: &mut String) {
        let words = self.random.between(6, 16);
        let link_at = self.random.one_in(4).then(|| self.random.below(words));
        self.words(out, words, link_at);
        if self.random.one_in(60) {
            *out += " 🎬";
        }
        if self.random.one_in(150) {
            *out += &format!(" #{}", self.random.pick(&self.plan.words));
        }
        if !self.random.one_in(7) {
            out.push(' ');
            *out += &self.timestamp();
        }
        out.push('.');
    }

    /// So many words, one of them a link.
    fn words(&mut self, out: &mut String, words: usize, link_at: Option<usize>) {
        for place in 0..words {
            if place > 0 {
                out.push(' ');
            }
            if Some(place) == link_at {
                *out += &self.link();
            } else {
                let word = self.random.pick(&self.plan.words).to_owned();
                *out += &if place == 0 { capitalised(&word) } else { word };
            }
        }
    }

    fn link(&mut self) -> String {
        let plan = self.plan;
        if self.random.one_in(5) && !plan.missing_titles.is_empty() {
            let title = self.random.pick(&plan.missing_titles);
            return format!("[[{} | {title}]]", stem_of(title));
        }
        // Mostly within the channel, and some notes far oftener than others.
        let stride = if self.random.one_in(5) { 1 } else { plan.channels };
        let candidates = (plan.notes.len() / stride).max(1);
        let place = self.random.below(candidates) * self.random.below(candidates) / candidates;
        let target = if stride == 1 { place } else { place * stride + self.channel };
        let Some(note) = plan.notes.get(target) else { return "[[index]]".to_owned() };
        match self.random.below(100) {
            0..12 => format!("[[{}]]", note.title),
            12..16 => {
                format!("[[{}#{} | {}]]", note.stem, plan.heading(target, self.random.below(4)), note.title)
            }
            16..20 => format!("[[{}]]", note.stem),
            20..22 => format!("[{}](../{}/{}.md)", note.title, plan.hub_stem(note), note.stem),
            _ => format!("[[{} | {}]]", note.stem, note.title.to_lowercase()),
        }
    }

    fn timestamp(&mut self) -> String {
        self.seconds = (self.seconds + self.random.between(2, 40)) % (3 * 3_600);
        let seconds = if self.units_slipped { self.seconds * 60 } else { self.seconds };
        let clock = clock(seconds);
        let tag =
            |value: &str, label: &str| format!("<a class=\"yt-timestamp\" data-t=\"{value}\">{label}</a>");
        let plain = tag(&clock, &format!("[{clock}]"));
        let (minutes, rest) = (self.seconds / 60, self.seconds % 60);
        match self.random.below(1_000) {
            0..5 => format!("[{clock}]({plain})"),
            5..15 => format!("[{clock}](https://youtu.be/{}?t={seconds}s)", self.video),
            15..25 => format!("[{clock}]"),
            25..35 => tag(&format!("{minutes:02}:{rest:02}"), &format!("[{minutes:02}:{rest:02}]")),
            35..37 => tag(&format!("{clock}:12"), &format!("[{clock}:12]")),
            37..39 => tag("00:75:10", "[00:75:10]"),
            39..50 => tag(&clock, &format!("[{}]", self::clock(seconds + 5))),
            50..55 => tag(&clock, ""),
            55 => format!("<a class=\"yt-timestamp\" data-t=\"{clock}\""),
            56 => tag("N/A", "[N/A]"),
            _ => plain,
        }
    }
}

fn clock(seconds: usize) -> String {
    format!("{:02}:{:02}:{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60)
}

fn video_id(random: &mut Random) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    (0..11).map(|_| char::from(LETTERS.get(random.below(64)).copied().unwrap_or(b'A'))).collect()
}

/// Words of one to four syllables, in an invented language.
fn vocabulary(random: &mut Random) -> Vec<String> {
    const STARTS: [&str; 16] =
        ["b", "br", "d", "f", "gl", "k", "l", "m", "n", "p", "r", "s", "st", "t", "v", "z"];
    const MIDDLES: [&str; 8] = ["a", "e", "i", "o", "u", "ai", "ou", "ea"];
    const ENDS: [&str; 8] = ["", "", "n", "r", "l", "s", "nt", "m"];
    let mut seen = HashSet::new();
    let mut words = Vec::new();
    while words.len() < 3_000 {
        let syllables = random.between(1, 3);
        let mut word = String::new();
        for _ in 0..syllables {
            for part in [STARTS.as_slice(), MIDDLES.as_slice(), ENDS.as_slice()] {
                word += part.get(random.below(part.len())).copied().unwrap_or_default();
            }
        }
        if seen.insert(word.clone()) {
            words.push(word);
        }
    }
    words
}

fn new_title(words: &[String], length: usize, random: &mut Random) -> String {
    let title: Vec<&str> = (0..length).map(|_| random.pick(words)).collect();
    capitalised(&title.join(" "))
}

fn stem_of(title: &str) -> String {
    title.to_lowercase().replace(' ', "_")
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// SplitMix64 (Steele, Lea, Flood: "Fast Splittable Pseudorandom Number Generators").
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Random {
        Random(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below `limit`; 0 if that is 0.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        let number = u128::from(self.next()) * limit as u128;
        usize::try_from(number >> 64).unwrap_or(0)
    }

    /// A number from `low` to `high`, both included.
    fn between(&mut self, low: usize, high: usize) -> usize {
        low + self.below(high + 1 - low)
    }

    fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }

    /// One of the texts, the first ones oftener. Empty if there are none.
    fn pick<'a>(&mut self, texts: &'a [String]) -> &'a str {
        let place = self.below(texts.len().max(1)) * self.below(texts.len().max(1)) / texts.len().max(1);
        texts.get(place).map_or("", String::as_str)
    }

    /// A number around `median`, by a normal distribution (the sum of twelve) of its logarithm.
    fn log_normal(&mut self, median: f64, deviation: f64) -> usize {
        let sum: usize = (0..12).map(|_| self.below(1_000)).sum();
        let normal = f64::from(u32::try_from(sum).unwrap_or(6_000)) / 1_000.0 - 6.0;
        let number = (median * (deviation * normal).exp()).round();
        // Whole and far below the limits of `usize` by the range of `normal`.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "see above")]
        let whole = number as usize;
        whole
    }
}
