//! What was measured in each vault, beside what it must not exceed.

use std::io::{self, Write};

use Unit::{AfterReading, Bytes, Count, Floor, Milliseconds};

/// How a figure is written.
#[derive(Clone, Copy)]
pub(crate) enum Unit {
    /// As a multiple of the floor.
    Floor,
    /// As a multiple of the bytes of the notes.
    Bytes,
    /// As a multiple of the memory after reading.
    AfterReading,
    Milliseconds,
    Count,
}

/// One figure, and its limits in vaults of up to 50,000 notes, up to 500,000, and more.
struct Row {
    figure: Figure,
    what: &'static str,
    unit: Unit,
    limits: [Option<f64>; 3],
}

/// What is measured in each vault.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Figure {
    FirstDefinition,
    Read,
    Memory,
    MemoryAfterUse,
    Key,
    Completion,
    Symbols,
    Definition,
    Hover,
    References,
    Rename,
    BranchSwitch,
    FalseAnswers,
}

const fn row(figure: Figure, what: &'static str, unit: Unit, limits: [f64; 3]) -> Row {
    let [small, medium, large] = limits;
    Row { figure, what, unit, limits: [Some(small), Some(medium), Some(large)] }
}

const fn small_vaults_row(figure: Figure, what: &'static str, limit: f64) -> Row {
    Row { figure, what, unit: Milliseconds, limits: [Some(limit), None, None] }
}

const ROWS: [Row; 13] = [
    row(Figure::FirstDefinition, "start to first right definition of a link by name", Floor, [0.3, 0.3, 0.3]),
    row(Figure::FalseAnswers, "false answers from start to whole", Count, [0.0, 0.0, 0.0]),
    row(Figure::Read, "start to whole vault read", Floor, [1.6, 1.6, 2.0]),
    row(Figure::Completion, "completion, per key, p95", Milliseconds, [5.0, 20.0, 60.0]),
    row(Figure::Key, "keystroke, a name changing, p99", Milliseconds, [1.0, 1.2, 2.0]),
    row(Figure::Definition, "definition p95", Milliseconds, [1.0, 1.0, 2.0]),
    row(Figure::Hover, "hover p95", Milliseconds, [1.0, 1.0, 2.0]),
    row(Figure::Symbols, "search for a name, per key, p95", Milliseconds, [20.0, 80.0, 300.0]),
    small_vaults_row(Figure::References, "references of the most linked note, median", 10.0),
    small_vaults_row(Figure::Rename, "rename of the most linked note, median", 80.0),
    row(
        Figure::BranchSwitch,
        "2,000 notes rewritten by a branch switch, median",
        Milliseconds,
        [150.0, 300.0, 1_000.0],
    ),
    row(Figure::Memory, "resident memory after reading", Bytes, [1.5, 1.6, 2.5]),
    row(Figure::MemoryAfterUse, "resident memory after all this", AfterReading, [1.1, 1.1, 1.1]),
];

/// The figures of one vault.
pub(crate) struct Column {
    pub(crate) title: String,
    pub(crate) notes: u64,
    pub(crate) figures: Vec<(Figure, f64)>,
}

/// Writes the figures of all vaults as a table of Markdown, each with its limit, and a cross where it is
/// above.
pub(crate) fn write(columns: &[Column]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let titles: Vec<&str> = columns.iter().map(|column| column.title.as_str()).collect();
    writeln!(out, "\n| measured (limit) | {} |", titles.join(" | "))?;
    writeln!(out, "|---|{}", "---|".repeat(columns.len()))?;
    for row in &ROWS {
        let cells: Vec<String> = columns.iter().map(|column| row.cell(column)).collect();
        writeln!(out, "| {} | {} |", row.what, cells.join(" | "))?;
    }
    out.flush()
}

impl Row {
    fn cell(&self, column: &Column) -> String {
        let figure = column.figures.iter().find(|(figure, _)| *figure == self.figure);
        let Some((_, value)) = figure else { return "–".to_owned() };
        let [small, medium, large] = self.limits;
        let limit = match column.notes {
            0..=50_000 => small,
            50_001..=500_000 => medium,
            _ => large,
        };
        let Some(limit) = limit else { return self.unit.text(*value) };
        let mark = if *value > limit { " ✗" } else { "" };
        format!("{} ({}){mark}", self.unit.text(*value), self.unit.limit_text(limit))
    }
}

impl Unit {
    fn text(self, value: f64) -> String {
        match self {
            Floor => format!("{value:.2}x floor"),
            Bytes => format!("{value:.2}x notes"),
            AfterReading => format!("{value:.2}x that"),
            Milliseconds if value < 10.0 => format!("{value:.2} ms"),
            Milliseconds => format!("{value:.0} ms"),
            Count => format!("{value:.0}"),
        }
    }

    fn limit_text(self, limit: f64) -> String {
        match self {
            Floor | Bytes | AfterReading => format!("{limit}x"),
            Milliseconds => format!("{limit} ms"),
            Count => limit.to_string(),
        }
    }
}
