//! How a command ended, as the exit code of the program.

/// The outcome of a command.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Exit {
    /// It ran and has nothing to report.
    Clean,
    /// It ran and has findings, or a query has no answer.
    Findings,
    /// It failed; stderr has the reason.
    Failed,
}

impl Exit {
    /// The exit code of the process: 0, 1 or 2.
    pub fn code(self) -> u8 {
        match self {
            Exit::Clean => 0,
            Exit::Findings => 1,
            Exit::Failed => 2,
        }
    }
}
